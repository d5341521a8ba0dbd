"""Agreements of every kind, as unlike each other as they come: for tests, and to be looked at as pictures.

    .venv/bin/python -m tests.documents.papers /tmp/papers

prints them there; `pdftoppm -r 70 -png NAME.pdf NAME` makes pictures of one.
"""

import sys
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

from hub.documents.agreement_document import AgreementDocument, html_of
from hub.documents.printing import print_pdf
from hub.domain.bank import BankRules
from hub.domain.debt_components import Component, ComponentKind
from hub.domain.terms import Kind, Method, Waived
from tests.documents.samples import BALANCE, STANDARD, agreement, contents, terms_of

_LONG = (
    "经双方协商一致，持卡人因家庭成员住院治疗、收入减少，暂时无法按照原来的约定归还欠款，"
    "发卡银行综合考虑持卡人的收入、家庭负担和还款意愿，同意按照本方案还款；"
)
_OWN = BankRules(
    hotline="95588",
    office_address="北京市西城区复兴门内大街 55 号信用卡中心特殊资产管理部",
    office_phone="010-66100000 转 8",
    void_after_missed=3,
    annual_fee_during_plan=True,
    early_repayment_fee=True,
    fee_name="账户管理费",
    disputes_clause="双方发生争议的，先行协商；协商不成的，向本协议签署时发卡银行信用卡中心所在地的人民法院提起诉讼。",
    certificate_clause="欠款全部结清后，发卡银行自持卡人提出要求之日起 3 个工作日内出具结清证明，不收取费用。",
)


def _of(kind: Kind, rules: BankRules = STANDARD, **changes: object) -> AgreementDocument:
    return agreement(contents=contents(terms_of(kind, **changes), rules=rules))


def _several_cards() -> AgreementDocument:
    balances = (
        BALANCE,
        replace(BALANCE, card_last4="3586", principal_fen=960_000, interest_fen=1, fees_fen=30_000, penalty_fen=0),
        replace(BALANCE, card_last4="1234", principal_fen=5_000, interest_fen=0, as_of=date(2026, 11, 19)),
    )
    terms = terms_of(Kind.INSTALMENTS, principal_fen=2_800_000)
    cards = {"0007": "622210******0007", "3586": "622576******3586", "1234": "625970*********1234"}
    return agreement(contents=contents(terms, balances=balances), cards=cards)


def _ending_alike() -> AgreementDocument:
    balances = (
        replace(BALANCE, card_last4="3586", card_first6="622210"),
        replace(BALANCE, card_last4="3586", card_first6="622576", principal_fen=150_000, interest_fen=0),
    )
    terms = terms_of(Kind.INSTALMENTS, principal_fen=2_000_000)
    cards = {"6222103586": "622210******3586", "6225763586": "622576******3586"}
    return agreement(contents=contents(terms, balances=balances), cards=cards)


def _parts_and_shared_account() -> AgreementDocument:
    parts = (
        Component(kind=ComponentKind.REVOLVING, principal_fen=1_000_000),
        Component(kind=ComponentKind.BILL_INSTALMENT, principal_fen=600_000, remaining_terms=18),
        Component(kind=ComponentKind.CASH_INSTALMENT, principal_fen=250_000, remaining_terms=9),
    )
    other = replace(BALANCE, card_last4="3586", principal_fen=0, fees_fen=30_000)
    beside = ("同一账户的卡 622210******8003；附属卡 622210******9009", "")
    balances = (replace(BALANCE, components=parts), other)
    cards = {"0007": "622210******0007", "3586": "622576******3586"}
    return agreement(contents=contents(terms_of(Kind.INSTALMENTS), balances=balances), cards=cards, cards_beside=beside)


def _interest_alone() -> AgreementDocument:
    balances = (replace(BALANCE, principal_fen=0),)
    terms = terms_of(
        Kind.INSTALMENTS,
        principal_fen=46_200,
        waived=Waived(penalty_fen=12_000),
        instalments=6,
        method=Method.INTEREST_FREE,
        annual_rate_percent=Decimal(0),
        down_payment_fen=0,
        fee_fen=0,
    )
    return agreement(contents=contents(terms, balances=balances))


def _latin() -> AgreementDocument:
    signed_at = datetime(2026, 12, 31, 15, 59, 59, tzinfo=UTC)
    terms = terms_of(Kind.INSTALMENTS, first_due_on=date(2027, 1, 31), instalments=14, down_payment_fen=0, fee_fen=0)
    return agreement(
        contents=contents(terms),
        cardholder_name="Maria-Fernanda Oliveira dos Santos e Castro",
        id_type_label="护照",
        id_number="FX123456",
        signed_at=signed_at,
    )


def _very_long() -> AgreementDocument:
    rules = BankRules(
        default_clause="\n".join(f"{number}、{_LONG * 3}" for number in "一二三四五六七八"),
        payment_instructions=_LONG * 6,
        notices_clause="\n".join([_LONG * 2] * 4),
        office_address="广东省深圳市福田区深南大道" * 4 + " 7088 号",
    )
    terms = terms_of(Kind.REDUCTION, note="\n\n".join([_LONG * 8] * 3))
    return agreement(contents=contents(terms, rules=rules))


def _part_left_out() -> AgreementDocument:
    return _of(Kind.SETTLEMENT, principal_fen=1_200_000, waived=Waived(interest_fen=46_200, penalty_fen=12_000))


def papers() -> Mapping[str, AgreementDocument]:
    """The agreements by what is special of each."""
    return {
        "a-instalments-down-payment-fee-waivers": _of(Kind.INSTALMENTS),
        "b-sixty-rows-non-principal": _of(
            Kind.INSTALMENTS, instalments=60, method=Method.INTEREST_FREE, annual_rate_percent=Decimal(0),
            principal_fen=1_908_200, waived=Waived(), down_payment_fen=0, fee_fen=0,
        ),
        "c-deferral": _of(Kind.DEFERRAL, principal_fen=1_908_200, waived=Waived()),
        "d-settlement-part-left-out": _part_left_out(),
        "e-lower-minimum": _of(Kind.LOWER_MINIMUM, waived=Waived()),
        "f-reduction-equal-principal": _of(
            Kind.REDUCTION, method=Method.EQUAL_PRINCIPAL, annual_rate_percent=Decimal("4.35"), principal_fen=1_500_000,
            waived=Waived(interest_fen=46_200, penalty_fen=12_000, principal_fen=350_000),
        ),
        "g-several-cards": _several_cards(),
        "h-cards-ending-alike": _ending_alike(),
        "i-rare-name": replace(_of(Kind.INSTALMENTS, instalments=6), cardholder_name="𠮷田㛃䶮𬭎"),
        "j-long-name": replace(
            _of(Kind.REDUCTION, _OWN), cardholder_name="买买提·阿卜杜热合曼·伊明江·吐尔逊江·阿不都"
        ),
        "k-very-long-texts": _very_long(),
        "l-latin-name-day-31": _latin(),
        "m-own-clauses": _of(Kind.INSTALMENTS, _OWN),
        "n-parts-and-shared-account": _parts_and_shared_account(),
        "o-interest-alone": _interest_alone(),
    }  # fmt: skip


def main() -> None:
    """Print each into the folder that is named."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for name, paper in papers().items():
        (folder / f"{name}.pdf").write_bytes(print_pdf(html_of(paper)))


if __name__ == "__main__":
    main()
