"""The clauses of a bank: whole, in one order, told apart by their version, and never against each other."""

import hashlib
import re
from dataclasses import fields, replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.domain.agreement import AgreementContents, contents_of, texts_of
from hub.domain.agreement_clauses import DEFAULT_CLAUSE_AT_ONCE_ZH, RIGHTS_AND_DUTIES_ZH, SIGNATURE_ZH
from hub.domain.balances import Balance
from hub.domain.bank import TEXT_KEYS, BankRules
from hub.domain.bank_settings import read_rules
from hub.domain.clause_conflicts import CONTRADICTIONS, require_no_conflict
from hub.domain.clauses import CLAUSE_TITLES, EDITION, Clauses
from hub.domain.errors import InvalidValue
from hub.domain.payments import due_rows
from hub.domain.plain import canonical, from_plain, to_plain
from hub.domain.repayment import schedule_of
from hub.domain.terms import Kind, Method, Terms, Waived

SIGNED = date(2026, 11, 21)
BALANCE = Balance(
    card_last4="0007",
    currency="CNY",
    principal_fen=1_850_000,
    interest_fen=46_200,
    fees_fen=0,
    penalty_fen=12_000,
    as_of=date(2026, 11, 20),
)
OF_KIND: dict[Kind, dict[str, Any]] = {
    Kind.INSTALMENTS: {"instalments": 36, "annual_rate_percent": Decimal(6), "method": Method.EQUAL_INSTALMENT,
                       "fee_fen": 3_600},
    Kind.REDUCTION: {"instalments": 1, "annual_rate_percent": Decimal(0), "method": Method.INTEREST_FREE},
    Kind.DEFERRAL: {"months": 3, "annual_rate_percent": Decimal(6)},
    Kind.SETTLEMENT: {},
    Kind.LOWER_MINIMUM: {"months": 6, "minimum_percent": Decimal(5), "annual_rate_percent": Decimal("18.25")},
}  # fmt: skip
# What no bank sets.
FIXED = [DEFAULT_CLAUSE_AT_ONCE_ZH, RIGHTS_AND_DUTIES_ZH, SIGNATURE_ZH]
# The SHA-256 of the texts of an edition. Where it fails: name a new edition, and add its line.
EDITIONS = {"2026-11": "7f9ed49ca0c6fbd9bb6da3789c28ca296e9c6fb6f43ac09636b90e1088cb0f76"}


def contents(kind: Kind, rules: BankRules) -> AgreementContents:
    terms = Terms(
        kind=kind,
        principal_fen=1_850_000,
        first_due_on=date(2026, 12, 31),
        waived=Waived(interest_fen=46_200),
        **OF_KIND[kind],
    )
    schedule = schedule_of(terms, signed_on=SIGNED)
    texts = texts_of(rules.texts, terms.kind, rows=len(due_rows(terms, schedule.rows)))
    return contents_of(terms=terms, schedule=schedule, balances=[BALANCE], texts=texts, clauses=rules.clauses)


def said(made: AgreementContents) -> str:
    """Every sentence of the agreement."""
    assert made.clauses is not None
    own = [getattr(made, each.name) for each in fields(made) if each.name.endswith("_zh")]
    return "\n".join([*own, *(text for _, text in made.clauses.titled)])


def test_every_clause_has_a_title_a_setting_and_words() -> None:
    clauses = BankRules().clauses
    assert [title for title, _ in clauses.titled] == list(CLAUSE_TITLES.values())
    assert all(text.endswith("。") for _, text in clauses.titled)
    named = {each.name for each in fields(Clauses)}
    assert named == {
        *("version", "rights_and_duties", "signature", *CLAUSE_TITLES),
        *("early_repayment_fee", "fee_name", "office_address", "office_phone", "for_loans"),
    }
    assert from_plain(Clauses, to_plain(clauses)) == clauses


def test_the_standard_texts_are_those_of_their_edition() -> None:
    standard = BankRules()
    words = {name: getattr(standard, name) for name in TEXT_KEYS}
    both = [
        standard.clauses.early_repayment_clause,
        replace(standard, early_repayment_fee=True).clauses.early_repayment_clause,
    ]
    assert hashlib.sha256(canonical([words, both, FIXED])).hexdigest() == EDITIONS[EDITION]
    assert standard.clauses.version == EDITION


@pytest.mark.parametrize("key", sorted(TEXT_KEYS))
def test_another_word_is_another_version(key: str) -> None:
    own = read_rules({key: "true" if key == "early_repayment_fee" else "另有约定。"}).clauses
    again = read_rules({key: "true" if key == "early_repayment_fee" else "另有约定。"}).clauses
    assert own.version.startswith(f"{EDITION}+")
    assert own.version == again.version
    assert len(own.version) == len(EDITION) + 9


def test_where_the_bank_is_found_is_no_wording() -> None:
    clauses = read_rules({"office_address": "北京市西城区", "office_phone": "010-1", "hotline": "95588"}).clauses
    assert (clauses.version, clauses.office_address, clauses.office_phone) == (EDITION, "北京市西城区", "010-1")
    assert read_rules({"hotline": "95588"}).clauses.office_phone == "95588"


@pytest.mark.parametrize("key", [*CLAUSE_TITLES, "fee_name"])
def test_a_clause_is_never_blank(key: str) -> None:
    with pytest.raises(InvalidValue, match="text_required"):
        read_rules({key: " 　"})


# What one sentence says and another must not take back.


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("fee", [False, True])
def test_one_sentence_alone_says_whether_early_repayment_costs(kind: Kind, fee: bool) -> None:
    whole = said(contents(kind, BankRules(early_repayment_fee=fee)))
    assert ("提前还款不另行收取" in whole) is not fee
    # The others say that no other fees are charged; a lowered minimum leaves them to the card's contract.
    assert ("提前还款的费用，按照“提前还款”的约定" in whole) is (fee and kind is not Kind.LOWER_MINIMUM)


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("charged", [False, True])
def test_one_sentence_alone_says_whether_the_annual_fee_runs_on(kind: Kind, charged: bool) -> None:
    whole = said(contents(kind, BankRules(annual_fee_during_plan=charged)))
    assert ("照常计收年费" in whole, "不计收年费" in whole) == (charged, not charged)


@pytest.mark.parametrize("kind", Kind)
def test_the_standard_texts_promise_nothing_and_leave_no_mark(kind: Kind) -> None:
    whole = said(contents(kind, BankRules()))
    assert "不会删除或者改变此前已经形成的逾期记录" in whole
    assert not [word for word in ("修复", "洗白", "保证批准", "{", "}", "自动终止") if word in whole]


@given(
    kind=st.sampled_from(Kind),
    missed=st.integers(1, 12),
    annual_fee=st.booleans(),
    early_fee=st.booleans(),
    fee_name=st.sampled_from(["其他费用", "账户管理费"]),
)
def test_no_setting_makes_one_sentence_contradict_another(
    kind: Kind, missed: int, annual_fee: bool, early_fee: bool, fee_name: str
) -> None:
    rules = BankRules(
        void_after_missed=missed, annual_fee_during_plan=annual_fee, early_repayment_fee=early_fee, fee_name=fee_name
    )
    whole = said(contents(kind, rules))
    counted = set(re.findall(r"累计达到 (\d+) 期", whole))
    fails_at_once = "本协议自次日起失效" in whole
    # An agreement fails by itself or is ended after so many, never both.
    assert (len(counted), fails_at_once) == ((0, True) if kind.is_paid_at_once else (1, False))
    assert ("发卡银行可以书面通知终止本协议" in whole) is not fails_at_once
    assert ("不再恢复" in whole) is not fails_at_once
    assert ("照常计收年费" in whole) is annual_fee
    assert ("提前还款不另行收取" in whole) is not early_fee
    assert ("随各期收取" + fee_name in whole) is (kind is Kind.INSTALMENTS)


@given(missed=st.integers(1, 12), kind=st.sampled_from([Kind.INSTALMENTS, Kind.REDUCTION, Kind.LOWER_MINIMUM]))
def test_every_sentence_counts_missed_payments_alike(missed: int, kind: Kind) -> None:
    made = contents(kind, BankRules(void_after_missed=missed))
    rows = 36 if kind is Kind.INSTALMENTS else OF_KIND[kind].get("instalments") or OF_KIND[kind]["months"]
    for text in (made.default_clause_zh, made.missed_payment_zh):
        assert f"累计达到 {min(missed, rows)} 期" in text


def test_the_standard_texts_are_among_those_that_a_bank_may_set() -> None:
    standard = BankRules()
    require_no_conflict({name: str(getattr(standard, name)) for name in TEXT_KEYS})


@pytest.mark.parametrize(
    ("key", "text", "code"),
    [
        ("credit_reporting_clause", "签署后可以删除逾期记录。", "clause_deletes_entries"),
        ("credit_reporting_clause", "不影响使用，银行协助修复征信。", "clause_deletes_entries"),
        ("default_clause", "任何一期逾期三日的，本协议自动终止。", "clause_ends_by_itself"),
        ("default_clause", "不需通知自动终止。", "clause_ends_by_itself"),
        ("default_clause", "累计达到 3 期的，可以终止。", "clause_counts_missed"),
        ("default_clause", "连续两期未还的，可以终止。", "clause_counts_missed"),
        ("early_repayment_clause", "提前还款收取违约金。", "clause_names_early_fee"),
        ("card_state_clause", "协议期间免收年费。", "clause_names_annual_fee"),
        ("card_state_clause", "年费照常收取。", "clause_names_annual_fee"),
        ("card_contract_clause", "不一致的，以领用合约为准。", "clause_puts_contract_first"),
        ("effect_clause", "本协议经银行审批后生效。", "clause_begins_later"),
        ("transfer_clause", "债权转让无需另行通知。", "clause_transfers_untold"),
        ("fee_name", "分期手续费", "fee_name_hides_interest"),
        ("certificate_clause", "15 个工作日内出具。", "certificate_too_late"),
    ],
)
def test_a_text_against_another_is_refused_with_its_key(key: str, text: str, code: str) -> None:
    with pytest.raises(InvalidValue) as refused:
        require_no_conflict({key: text, "hotline": "95588"})
    assert (refused.value.code, refused.value.params["key"]) == (code, key)


def test_every_contradiction_is_tried() -> None:
    tried = {mark.args[1][place][2]
             for mark in test_a_text_against_another_is_refused_with_its_key.pytestmark  # type: ignore[attr-defined]
             for place in range(len(mark.args[1]))}  # fmt: skip
    assert {each.code for each in CONTRADICTIONS} | {"certificate_too_late"} == tried


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("credit_reporting_clause", "签署协议不删除记录，也不能消除逾期。"),
        ("default_clause", "累计达到 {void_after_missed} 期的，可以书面终止，不会自动终止。"),
        ("certificate_clause", "5 个工作日内出具。"),
        ("card_contract_clause", "不一致的，以本协议为准。"),
        ("transfer_clause", "转让时通知持卡人。"),
    ],
)
def test_a_text_that_agrees_is_taken(key: str, text: str) -> None:
    require_no_conflict({key: text})
