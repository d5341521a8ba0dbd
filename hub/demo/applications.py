"""What the invented people of the demo apply for."""

from datetime import date, time, timedelta

from hub.demo.people import Person
from hub.domain import application as form
from hub.domain.affordability import Finances
from hub.domain.application import Application, EvidenceReference
from hub.domain.china import china_instant
from hub.domain.consent import TEXTS_IN_FORCE, Purpose
from hub.domain.identifiers import IdType
from hub.domain.proposal import Proposal
from hub.domain.terms import Kind


def application(person: Person, bank_codes: list[str], files: list[EvidenceReference], sent_on: date) -> Application:
    """The person's application to those banks, with `files`, sent that day."""
    given_at = china_instant(sent_on, time(9, 50))
    consents = [
        form.Consent(purpose=text.purpose, version=text.version, given_at=given_at, bank_code=code)
        for text in TEXTS_IN_FORCE
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
                principal_fen=1_200_000 + 90_000 * person.number + 50_000 * place,
                interest_fen=46_200,
                fees_fen=0,
                penalty_fen=12_000,
                overdue_since=sent_on - timedelta(days=70),
            )
            for place, code in enumerate(bank_codes)
        ),
        hardship=form.Hardship(
            reasons=(form.HardshipReason.ILLNESS, form.HardshipReason.INCOME_DROP),
            since=sent_on - timedelta(days=120),
            description="家人住院，收入减少，希望分期归还。",
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
            instalments=36,
            monthly_payment_fen=60_000,
            waive_interest=True,
        ),
        evidence=tuple(files),
        consents=tuple(consents),
    )
