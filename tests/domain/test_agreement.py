"""What an agreement says, kind by kind, and that nothing of it may be missing."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from hub.domain.agreement import AgreementContents, Part, Texts, contents_of, missing_parts, texts_of
from hub.domain.agreement_clauses import DEFAULT_CLAUSE_ZH, PAYMENT_INSTRUCTIONS_ZH
from hub.domain.balances import Balance
from hub.domain.bank import BankRules
from hub.domain.clauses import Clauses
from hub.domain.errors import InvalidValue, Refused
from hub.domain.payments import due_rows
from hub.domain.plain import from_plain, to_plain
from hub.domain.repayment import schedule_of
from hub.domain.terms import Kind, Method, Terms, Waived

SIGNED = date(2026, 11, 21)
TEXTS = Texts(
    default_clause=DEFAULT_CLAUSE_ZH,
    payment_instructions=PAYMENT_INSTRUCTIONS_ZH,
    void_after_missed=2,
    annual_fee_during_plan=False,
)
FIRST = date(2026, 12, 31)
BALANCE = Balance(
    card_last4="0007",
    currency="CNY",
    principal_fen=1_850_000,
    interest_fen=46_200,
    fees_fen=0,
    penalty_fen=12_000,
    as_of=date(2026, 11, 20),
)
INSTALMENTS = Terms(
    kind=Kind.INSTALMENTS,
    principal_fen=1_850_000,
    first_due_on=FIRST,
    waived=Waived(interest_fen=46_200, penalty_fen=12_000),
    instalments=36,
    annual_rate_percent=Decimal("3.6"),
    method=Method.EQUAL_INSTALMENT,
    down_payment_fen=50_000,
    fee_fen=3_600,
)
DEFERRAL = Terms(
    kind=Kind.DEFERRAL,
    principal_fen=1_850_000,
    first_due_on=FIRST,
    months=2,
    annual_rate_percent=Decimal(6),
)
SETTLEMENT = Terms(kind=Kind.SETTLEMENT, principal_fen=1_850_000, first_due_on=FIRST)
LOWER_MINIMUM = Terms(
    kind=Kind.LOWER_MINIMUM,
    principal_fen=1_850_000,
    first_due_on=FIRST,
    months=6,
    minimum_percent=Decimal(5),
    annual_rate_percent=Decimal("18.25"),
)
EVERY_KIND = [INSTALMENTS, replace(INSTALMENTS, kind=Kind.REDUCTION), DEFERRAL, SETTLEMENT, LOWER_MINIMUM]


def contents(terms: Terms = INSTALMENTS, **changes: Any) -> AgreementContents:
    """What an agreement on `terms` says at a bank that changed nothing but `changes`."""
    own = {name: value for name, value in changes.items() if name in TEXTS.__slots__}
    others = {name: value for name, value in changes.items() if name not in own}
    schedule = others.pop("schedule", None) or schedule_of(terms, signed_on=SIGNED)
    texts = texts_of(replace(TEXTS, **own), terms.kind, rows=len(due_rows(terms, schedule.rows)))
    return contents_of(terms=terms, schedule=schedule, texts=texts, **{"balances": [BALANCE], **others})


@pytest.mark.parametrize("terms", EVERY_KIND, ids=lambda terms: terms.kind.value)
def test_with_the_default_texts_nothing_is_missing_in_any_kind(terms: Terms) -> None:
    assert missing_parts(contents(terms)) == []


@pytest.mark.parametrize(
    ("changes", "missing"),
    [
        ({"balances": []}, ["balance"]),
        ({"balances": [replace(BALANCE, principal_fen=0, interest_fen=0, penalty_fen=0)]}, ["balance"]),
        ({"schedule": schedule_of(LOWER_MINIMUM, signed_on=SIGNED)}, ["payments"]),
        (
            {"schedule": schedule_of(replace(INSTALMENTS, principal_fen=1_849_999), signed_on=SIGNED)},
            ["payments"],
        ),
        ({"default_clause": ""}, ["default_clause"]),
        ({"default_clause": " \n"}, ["default_clause"]),
        ({"payment_instructions": "　"}, ["other"]),
        (
            {"balances": [], "default_clause": "", "payment_instructions": ""},
            ["balance", "default_clause", "other"],
        ),
    ],
)
def test_what_the_bank_left_out_is_named(changes: dict[str, Any], missing: list[str]) -> None:
    assert missing_parts(contents(**changes)) == missing


@pytest.mark.parametrize(
    ("field", "part"),
    [
        ("balance_zh", Part.BALANCE),
        ("payments_zh", Part.PAYMENTS),
        ("charges_zh", Part.CHARGES),
        ("promise_zh", Part.PROMISE),
        ("rights_and_duties_zh", Part.DEFAULT_CLAUSE),
        ("default_clause_zh", Part.DEFAULT_CLAUSE),
        ("payment_instructions_zh", Part.OTHER),
        ("signature_zh", Part.OTHER),
        ("missed_payment_zh", Part.OTHER),
    ],
)
def test_an_empty_text_is_a_missing_part(field: str, part: Part) -> None:
    change: dict[str, Any] = {field: ""}
    assert missing_parts(replace(contents(), **change)) == [part]


@pytest.mark.parametrize(
    ("terms", "said"),
    [
        (INSTALMENTS, "还款方式为个性化分期（等额本息）："),
        (
            INSTALMENTS,
            "签署后，于 2026 年 11 月 21 日前（含当日）先还 500.00 元；每月一期，共 36 期，",
        ),
        (
            DEFERRAL,
            (
                "还款方式为延期还款：原定于 2026 年 12 月 31 日归还的款项，延期 2 个月，"
                "于 2027 年 2 月 28 日一次还清。还款币种为人民币，合计 18,685.00 元，"
            ),
        ),
        (
            SETTLEMENT,
            "还款方式为一次性结清：于 2026 年 12 月 31 日一次还清。还款币种为人民币，合计 18,500.00 元，",
        ),
        (LOWER_MINIMUM, "每期最低还款额为当期账单中适用本协议的应还金额的 5.00%。还款币种为人民币。"),
    ],
    ids=lambda each: each.kind.value if isinstance(each, Terms) else "",
)
def test_the_payments_are_said_in_words(terms: Terms, said: str) -> None:
    assert said in contents(terms).payments_zh


def test_what_goes_into_the_plan_and_what_is_waived_is_said() -> None:
    assert contents().balance_zh == (
        "上述欠款中，列入本协议还款的金额为人民币 18,500.00 元；"
        "发卡银行减免利息 462.00 元、违约金 120.00 元，共人民币 582.00 元。"
    )
    assert contents(SETTLEMENT).balance_zh == (
        "上述欠款中，列入本协议还款的金额为人民币 18,500.00 元；"
        "未列入本协议的部分为人民币 582.00 元，仍按照原信用卡领用合约处理。"
    )


@pytest.mark.parametrize(
    ("terms", "said"),
    [
        (INSTALMENTS, "还款期间按年利率 3.60%（合同利率，每月为其十二分之一）计收利息，共 1,"),
        (INSTALMENTS, "随各期收取其他费用，共 36.00 元；除此之外，按期还款的，"),
        (INSTALMENTS, "按内部收益率计算的年化利率为 3.73%（月内部收益率乘以十二），按复利折算为 3.79%。"),
        (
            DEFERRAL,
            (
                "还款期间按年利率 6.00%（合同利率，每月为其十二分之一，"
                "自 2026 年 12 月 31 日起至 2027 年 2 月 28 日止共 2 个月，不计复利）计收利息，共 185.00 元。"
            ),
        ),
        (SETTLEMENT, "还款期间对列入本协议的欠款不计收利息。按期还款的，还款期间不计收违约金和其他费用。"),
        (LOWER_MINIMUM, "其他费用按照原信用卡领用合约计收。"),
    ],
)
def test_it_says_whether_interest_and_fees_run_on(terms: Terms, said: str) -> None:
    assert said in contents(terms).charges_zh


@pytest.mark.parametrize(("charged", "said"), [(True, "照常计收年费"), (False, "不计收年费")])
def test_it_says_whether_the_annual_fee_runs_on(charged: bool, said: str) -> None:
    assert said in contents(annual_fee_during_plan=charged).charges_zh


def test_the_banks_number_of_missed_payments_stands_in_both_clauses() -> None:
    made = contents(void_after_missed=3)
    assert "累计达到 3 期" in made.default_clause_zh
    assert "累计达到 3 期" in made.missed_payment_zh


@pytest.mark.parametrize(("terms", "rows"), [(SETTLEMENT, 1), (DEFERRAL, 1), (LOWER_MINIMUM, 6)])
def test_no_more_missed_payments_are_asked_for_than_there_are(terms: Terms, rows: int) -> None:
    made = contents(terms, void_after_missed=12)
    assert made.void_after_missed == rows
    own = contents(terms, void_after_missed=12, default_clause="累计达到 {void_after_missed} 期的，可以终止。")
    assert own.default_clause_zh == f"累计达到 {rows} 期的，可以终止。"


@pytest.mark.parametrize("terms", [SETTLEMENT, DEFERRAL])
def test_what_is_paid_at_once_fails_on_the_next_day_in_every_sentence(terms: Terms) -> None:
    made = contents(terms)
    for text in (made.default_clause_zh, made.missed_payment_zh):
        assert "本协议自次日起失效" in text
        assert "累计" not in text
    assert "不再恢复" not in made.default_clause_zh


@pytest.mark.parametrize("terms", [INSTALMENTS, SETTLEMENT, DEFERRAL, LOWER_MINIMUM])
def test_a_banks_own_default_clause_gives_way_to_the_common_rule(terms: Terms) -> None:
    assert contents(terms, default_clause="逾期一日即终止。").missed_payment_zh.endswith("以此为准。")


def test_collection_stops_with_the_signing_and_begins_again_only_with_the_end() -> None:
    made = contents()
    assert "停止对协议所列欠款的催收，只可以提醒还款" in made.rights_and_duties_zh
    assert "持卡人不履行本协议，本协议因此终止或者失效的除外" in made.rights_and_duties_zh
    assert "书面通知终止本协议，并可以恢复对未还欠款的催收" in made.missed_payment_zh


@pytest.mark.parametrize("clauses", [None, BankRules().clauses], ids=["before clauses", "with clauses"])
def test_what_does_not_suffice_pays_costs_then_interest_then_principal(clauses: Clauses | None) -> None:
    said = contents(clauses=clauses).rights_and_duties_zh
    assert "还款不足的，除双方另有约定外，依次抵充实现债权的有关费用、利息、本金。" in said


def test_an_agreement_takes_the_place_of_one_in_force_over_its_cards() -> None:
    assert "签署、仍在履行的还款协议及其补充协议，自本协议生效时起由本协议替代；已经归还的款项继续有效。" in (
        contents().rights_and_duties_zh
    )


def test_a_lowered_minimum_says_when_it_is_over_as_it_never_ends_with_all_paid() -> None:
    assert "本协议自最后一期账单的最低还款额还清时履行完毕" in contents(LOWER_MINIMUM).payments_zh


def test_the_banks_own_clause_is_kept_as_written() -> None:
    assert contents(default_clause="违约责任：{见附件}").default_clause_zh == "违约责任：{见附件}"


def test_the_person_promises_not_to_apply_for_cards() -> None:
    assert "结清之前，不向任何银行申领信用卡" in contents().promise_zh


def test_code_and_digest_are_agreed_as_signature() -> None:
    assert "确认码" in contents().signature_zh
    assert "摘要" in contents().signature_zh


def test_a_plan_that_ends_before_a_missed_payment_is_refused() -> None:
    with pytest.raises(InvalidValue, match="out_of_range"):
        contents(void_after_missed=0)


def test_contents_survive_being_kept_as_plain_data() -> None:
    made = contents()
    assert from_plain(AgreementContents, to_plain(made)) == made


def test_a_balance_adds_up_its_make_up() -> None:
    assert BALANCE.total_fen == 1_908_200
    assert contents(balances=[BALANCE, BALANCE]).balance_total_fen == 3_816_400


def test_every_fault_of_a_balance_is_named_at_once() -> None:
    with pytest.raises(Refused) as refused:
        replace(BALANCE, card_last4="７007", currency="USD", fees_fen=-1, penalty_fen=10**12 + 1)
    assert [(fault.pointer, fault.code) for fault in refused.value.faults] == [
        ("/fees_fen", "out_of_range"),
        ("/penalty_fen", "out_of_range"),
        ("/card_last4", "four_digits"),
        ("/currency", "unsupported_currency"),
    ]


@pytest.mark.parametrize("terms", [SETTLEMENT, DEFERRAL], ids=lambda terms: terms.kind.value)
def test_a_waiver_beside_one_single_payment_hangs_on_its_day(terms: Terms) -> None:
    made = contents(replace(terms, principal_fen=1_800_000, waived=Waived(interest_fen=46_200)))
    day = {"settlement": "2026 年 12 月 31 日", "deferral": "2027 年 2 月 28 日"}[terms.kind]
    assert f"上述减免自应还金额于 {day}前（含当日）全额到账时生效；到期没有全额到账的，不予减免" in made.balance_zh
    assert "约定的减免不生效，本协议自次日起失效" in made.missed_payment_zh
    assert "减免" not in contents(terms).balance_zh + contents(terms).missed_payment_zh


def test_a_lowered_minimum_promises_nothing_and_names_the_rate_of_the_card() -> None:
    made = contents(LOWER_MINIMUM)
    assert made.promise_zh == ""
    assert missing_parts(made) == []
    assert "未还部分的利息按该卡年利率 18.25% 照常计收" in made.charges_zh
    assert "列入本协议还款" not in made.balance_zh


def test_what_is_no_principal_and_bears_interest_is_named() -> None:
    more = replace(INSTALMENTS, principal_fen=1_900_000, waived=Waived())
    assert "列入本协议的利息、违约金与本金一并计息。" in contents(more).charges_zh
    assert "一并计息" not in contents().charges_zh
    free = replace(more, annual_rate_percent=Decimal(0), method=Method.INTEREST_FREE)
    assert "一并计息" not in contents(free).charges_zh


def test_the_cost_by_dates_stands_beside_the_other_where_they_differ() -> None:
    assert "按实际还款日期计算" in contents().charges_zh
    a_month_on = replace(INSTALMENTS, first_due_on=date(2026, 12, 21))
    assert "按实际还款日期计算" not in contents(a_month_on).charges_zh
