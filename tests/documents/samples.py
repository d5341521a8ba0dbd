"""Valid documents that need no arguments, for the tests that print and read them."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from hub.documents.agreement_document import AgreementDocument, Signatures
from hub.documents.application_form import (
    AccountRow,
    AmountRow,
    ApplicantRow,
    ApplicationForm,
    ConsentRow,
    EvidenceRow,
    FinancesTable,
    ProposalTable,
)
from hub.domain.agreement import AgreementContents, contents_of, texts_of
from hub.domain.balances import Balance
from hub.domain.bank import BankRules
from hub.domain.china import china_day
from hub.domain.legal_stage import NOT_IN_COURT, LegalStanding
from hub.domain.log_chain import Head
from hub.domain.repayment import schedule_of
from hub.domain.terms import Kind, Method, Terms, Waived

AT = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
HEAD = Head(sequence=7, digest="0123456789abcdef" * 4)
OFFER_DIGEST = "fedcba9876543210" * 4
STANDARD = BankRules()

SIGNATURES = Signatures(
    bank_signed_at=datetime(2026, 11, 20, 8, 30, tzinfo=UTC),
    bank_method="授权人员在协商系统内作出方案",
    cardholder_signed_at=AT,
    cardholder_method="短信确认码",
    mobile="138****8000",
    offer_digest=OFFER_DIGEST,
)


TERMS_OF_KIND = {
    Kind.INSTALMENTS: {
        "instalments": 36,
        "annual_rate_percent": Decimal("3.60"),
        "method": Method.EQUAL_INSTALMENT,
        "down_payment_fen": 100000,
        "fee_fen": 3601,
    },
    Kind.REDUCTION: {"instalments": 12, "annual_rate_percent": Decimal(0), "method": Method.INTEREST_FREE},
    Kind.DEFERRAL: {"months": 6, "annual_rate_percent": Decimal("3.60")},
    Kind.SETTLEMENT: {},
    Kind.LOWER_MINIMUM: {
        "minimum_percent": Decimal("2.50"),
        "months": 12,
        "annual_rate_percent": Decimal("18.25"),
    },
}
BALANCE = Balance(
    card_last4="0007",
    currency="CNY",
    principal_fen=1850000,
    interest_fen=46200,
    fees_fen=0,
    penalty_fen=12000,
    as_of=date(2026, 11, 20),
)


def terms_of(kind: Kind, **changes: Any) -> Terms:
    """Valid terms of any kind."""
    values: dict[str, Any] = {
        "kind": kind,
        "principal_fen": 1850000,
        "first_due_on": date(2026, 12, 20),
        "waived": Waived(interest_fen=46200, penalty_fen=12000),
        **TERMS_OF_KIND[kind],
    }
    return Terms(**(values | changes))


def contents(
    terms: Terms,
    *,
    balances: tuple[Balance, ...] = (BALANCE,),
    rules: BankRules | None = STANDARD,
    legal: LegalStanding = NOT_IN_COURT,
) -> AgreementContents:
    """What an agreement on `terms` says, signed at `AT` with a bank of such settings; None: before clauses."""
    return contents_of(
        terms=terms,
        schedule=schedule_of(terms, signed_on=china_day(AT), down_payment_on=date(2026, 11, 25)),
        balances=balances,
        texts=texts_of((rules or STANDARD).texts, terms.kind, rows=terms.instalments or terms.months or 1),
        clauses=None if rules is None else rules.clauses,
        legal=legal,
    )


def agreement(kind: Kind = Kind.INSTALMENTS, *, terms: Terms | None = None, **changes: Any) -> AgreementDocument:
    """A valid agreement of any kind, by default 36 instalments with a down payment, a fee and a waiver."""
    values: dict[str, Any] = {
        "number": "XY-20261121-000042",
        "reference": "XS-20261121-483920",
        "bank_name_zh": "中国工商银行股份有限公司",
        "bank_name_en": "Industrial and Commercial Bank of China Limited",
        "cardholder_name": "王小明",
        "id_type_label": "居民身份证",
        "id_number": "11010519491231002X",
        "signed_at": AT,
        "contents": contents(terms or terms_of(kind)),
        "signatures": SIGNATURES,
        "log_head": HEAD,
    }
    return AgreementDocument(**(values | changes))


def application_form(**changes: Any) -> ApplicationForm:
    """A form with every part filled in."""
    values: dict[str, Any] = {
        "reference": "XS-20261121-483920",
        "bank_name_zh": "中国工商银行",
        "bank_name_en": "Industrial and Commercial Bank of China",
        "submitted_at": AT,
        "prepared_at": datetime(2026, 11, 21, 2, 0, 9, tzinfo=UTC),
        "channel_label": "银行 App",
        "applicant": ApplicantRow(
            name="王小明", id_type_label="居民身份证", id_number="1101************2X", mobile="138****8000",
            email="x***@example.com", contact_wishes="短信，工作日 18:00 以后",
            representative="王大明（父亲），139****0001",
        ),
        "accounts": (
            AccountRow(card="622210******0007", principal_fen=1850000, interest_fen=46200, fees_fen=0,
                       penalty_fen=12000, overdue_since=date(2026, 8, 12)),
            AccountRow(card="625970******1234", principal_fen=123456789, interest_fen=1, fees_fen=300,
                       penalty_fen=0, overdue_since=None),
        ),
        "hardship_reasons": ("疾病", "收入下降"),
        "hardship_since": date(2026, 6, 1),
        "hardship_description": "六月起住院治疗，暂时不能上班。\n\n出院后会回到原来的岗位。",
        "finances": FinancesTable(
            monthly_income_fen=620000, monthly_essential_spending_fen=410000, other_debt_payments_fen=90000,
            dependants=2, household_size=4,
            income=(AmountRow(label="工资", amount_fen=600000), AmountRow(label="其他", amount_fen=20000)),
            spending=(AmountRow(label="住房", amount_fen=210000), AmountRow(label="医疗", amount_fen=200000)),
        ),
        "proposal": ProposalTable(
            kind=Kind.INSTALMENTS, kind_label="个性化分期", instalments=36, monthly_payment_fen=53000,
            first_due_on=date(2026, 12, 20), down_payment_fen=100000, waive_interest=True,
            note="希望每月 20 日还款",
        ),
        "evidence": (
            EvidenceRow(kind_label="工资单", file_name="十月工资单.pdf", size=301000, sha256="ab12" * 16),
            EvidenceRow(kind_label="医疗费用清单", file_name="IMG_0001.HEIC", size=2100000,
                        sha256="cd34" * 16),
        ),
        "consents": (
            ConsentRow(purpose_label="向中国工商银行提供申请信息", version="2026-11", given_at=AT),
            ConsentRow(purpose_label="处理敏感个人信息", version="2026-11", given_at=AT),
            ConsentRow(purpose_label="提供医疗材料", version="2026-11", given_at=AT),
            ConsentRow(purpose_label="所填内容真实", version="2026-11", given_at=AT),
        ),
        "log_head": HEAD,
        "missing_papers": ("失业", "收入"),
        "support_needs": ("听力不便", "希望家人陪同"),
    }  # fmt: skip
    return ApplicationForm(**(values | changes))
