"""Bills of the demo's people: open, paid, overdue, and one that a later statement superseded."""

from datetime import timedelta

from hub.demo.people import CARDHOLDERS, CITIC, CMB, ICBC
from hub.domain.bill import BillContents
from hub.domain.china import china_day
from hub.domain.client import Client
from hub.services.accounts import subjects
from hub.services.bills import bills
from hub.services.transaction import HubTransaction

# (bank, days from today to its day, days to its statement, statement, least, paid, overdue)
_BILLS = (
    (ICBC, 4, -16, 1_286_050, 128_605, 0, False),
    (CMB, 12, -8, 342_000, 34_200, 34_200, False),
    (CITIC, -3, -23, 98_760, 9_876, 0, True),
    (CITIC, -6, -40, 95_000, 9_500, 0, False),
    ("01050000", 9, -11, 21_000, 2_100, 21_000, False),
)


def add(tx: HubTransaction, client: Client) -> None:
    """Whoever signs in at the demo's door has bills around today."""
    today = china_day(tx.now)
    for number, person in enumerate(CARDHOLDERS.values(), start=1):
        subject = subjects.of_client(tx, client.id, person.subject)
        for place, (bank_code, due, statement, whole, least, paid, is_overdue) in enumerate(reversed(_BILLS), start=1):
            contents = BillContents(
                bank_code=bank_code,
                card_last4=f"{4400 + number}",
                due_on=today + timedelta(days=due),
                statement_on=today + timedelta(days=statement),
                statement_fen=whole,
                minimum_fen=least,
                paid_fen=paid,
                is_overdue=is_overdue,
            )
            bills.put(tx, subject, f"demo-{number}-{place}", contents)
