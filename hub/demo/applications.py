"""What the invented people of the demo apply for."""

from datetime import date, time, timedelta
from decimal import Decimal

from hub.demo.people import LENDER, Person
from hub.demo.stories import Story
from hub.domain import application as form
from hub.domain.affordability import Finances
from hub.domain.application import Application, EvidenceReference
from hub.domain.china import china_instant
from hub.domain.consent import TEXTS_IN_FORCE, Purpose
from hub.domain.identifiers import IdType
from hub.domain.loan import CoLender, LoanAccount
from hub.domain.proposal import Proposal
from hub.domain.terms import Kind

# What people say differs, so that a desk is no list of one case; by the person's number.
_REASONS = (
    (form.HardshipReason.ILLNESS, form.HardshipReason.INCOME_DROP),
    (form.HardshipReason.UNEMPLOYMENT,),
    (form.HardshipReason.BUSINESS_FAILURE,),
    (form.HardshipReason.FAMILY_CARE,),
    (form.HardshipReason.INCOME_DROP,),
)
_WORDS = (
    "家人住院，收入减少，希望分期归还。",
    "公司九月裁员，正在找工作，先按能力还一部分。",
    "小店关门，货款还没有收回，想把期限放长一些。",
    "父亲需要人照顾，只能做半天工，希望每月少还一点。",
    "工时减少，到手只有原来的六成，愿意按时还。",
)
_WISHES = ((36, 60_000), (24, 90_000), (60, 48_000), (48, 52_000), (36, 75_000))
_NEEDS = {4: form.SupportNeed.HEARING, 9: form.SupportNeed.STRESS, 24: form.SupportNeed.FAMILY_HELP}


def application(person: Person, story: Story, files: list[EvidenceReference], sent_on: date) -> Application:
    """The person's application to the banks of their story, with `files`, sent that day."""
    bank_codes = list(story.plots)
    kind = (person.number - 1) % len(_REASONS)
    given_at = china_instant(sent_on, time(9, 50))
    consents = [
        form.Consent(purpose=text.purpose, version=text.version, given_at=given_at, bank_code=code)
        for text in TEXTS_IN_FORCE
        if text.purpose != Purpose.FAMILY_DATA
        for code in (bank_codes if text.purpose == Purpose.SHARE_WITH_BANK else [None])
    ]
    return Application(
        channel=form.Channel.APP,
        applicant=form.Applicant(
            subject=person.subject,
            name=person.name,
            id_type=IdType.RESIDENT_ID,
            id_number=person.id_number,
            mobile=person.mobile,
            email=f"person{person.number}@cardholders.example",
        ),
        accounts=tuple(
            form.Account(
                bank_code=code,
                card_number=person.card(code),
                principal_fen=1_200_000 + 90_000 * (person.number % 20) + 50_000 * place,
                interest_fen=46_200,
                fees_fen=0,
                penalty_fen=12_000,
                overdue_since=sent_on - timedelta(days=70),
            )
            for place, code in enumerate(bank_codes)
            if code != LENDER
        ),
        loans=tuple(
            LoanAccount(
                creditor_code=code,
                contract_last4=person.contract_last4(),
                co_lenders=_co_lenders(code, story.joint_with) if story.joint_with else (),
                product="消费贷款",
                platform_name="某购物 App",
                principal_fen=780_000 + 20_000 * person.number,
                interest_fen=46_200,
                fees_fen=0,
                penalty_fen=12_000,
                overdue_since=sent_on - timedelta(days=60),
                annual_rate_percent=Decimal("14.60"),
            )
            for code in bank_codes
            if code in {LENDER, story.loan_at}
        ),
        hardship=form.Hardship(
            reasons=_REASONS[kind],
            since=sent_on - timedelta(days=120),
            description=_WORDS[kind],
        ),
        finances=Finances(
            monthly_income_fen=620_000,
            monthly_essential_spending_fen=410_000,
            other_debt_payments_fen=90_000,
            dependants=2,
        ),
        proposal=Proposal(
            kind=Kind.INSTALMENTS,
            first_due_on=sent_on + timedelta(days=45),
            instalments=_WISHES[kind][0],
            monthly_payment_fen=_WISHES[kind][1],
            waive_interest=True,
        ),
        support_needs=(_NEEDS[person.number],) if person.number in _NEEDS else (),
        evidence=tuple(files),
        consents=tuple(consents),
    )


def _co_lenders(first: str, second: str) -> tuple[CoLender, ...]:
    parts = ((first, Decimal(70)), (second, Decimal(30)))
    return tuple(CoLender(creditor_code=code, share_percent=percent) for code, percent in parts)
