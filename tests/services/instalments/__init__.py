"""Requests about instalments, and one that reached a bank."""

from dataclasses import replace
from datetime import date

from hub.domain.actor import HUB
from hub.domain.instalment_estimate import CancellationKind, Wish
from hub.domain.instalment_request import InstalmentMatter
from hub.services.accounts import subjects
from hub.services.accounts.subjects import Subject
from hub.services.instalments import asking
from hub.services.instalments.asking import Contact
from hub.wiring import Hub
from storage import banks as bank_rows
from tests.applications import ICBC
from tests.domain.test_instalment_deal import PER_TERM

MATTER = InstalmentMatter(
    bank_code=ICBC,
    card_last4="0007",
    deal=PER_TERM,
    wish=Wish(kind=CancellationKind.SETTLE_EARLY, wanted_on=date(2026, 11, 24)),
    deal_no="FQ-1",
)
EMAIL = "wang@example.com"
CONTACT = Contact(mobile="13800000001", email=EMAIL)
CLIENT, SUBJECT = "some-app", "person-of-instalments"


def asked_about_instalments(
    hub: Hub, bank_code: str = ICBC, *, today: date | None = None, person: Subject | None = None, email: str = EMAIL
) -> str:
    """The id of a request that reached the bank, for a person of a client of its own where none is named."""
    deal = PER_TERM
    with hub.writing(HUB) as tx:
        settings = {**bank_rows.get_bank(tx, bank_code).settings, "services": "instalments"}
        bank_rows.set_settings(tx, bank_code, settings)
        day = today or hub.clock.now().date()
        first = day.replace(day=10)
        matter = replace(
            MATTER,
            bank_code=bank_code,
            deal=replace(deal, first_posted_on=first, paid_terms=1),
            wish=replace(MATTER.wish, wanted_on=day),
        )
        asks = person or subjects.of_client(tx, CLIENT, SUBJECT)
        return asking.ask(tx, asks, matter, replace(CONTACT, email=email)).matter_id
