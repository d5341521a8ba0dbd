"""Bills of the demo's people: open, paid, overdue, superseded by a later statement, and told by banks."""

from datetime import timedelta

from hub.demo.people import CARDHOLDERS, CITIC, CMB, ICBC, Person
from hub.demo.stories import STORIES
from hub.domain.bill import BillContents
from hub.domain.bill_feed import FeedRow
from hub.domain.china import china_day
from hub.domain.client import Client
from hub.services.accounts import subjects
from hub.services.bills import bills, consents, feed
from hub.services.transaction import HubTransaction
from storage import bill_consents

# (bank, days from today to its day, days to its statement, statement, least, paid, overdue)
_BILLS = (
    (ICBC, 4, -16, 1_286_050, 128_605, 0, False),
    (CMB, 12, -8, 342_000, 34_200, 34_200, False),
    (CITIC, -3, -23, 98_760, 9_876, 0, True),
    (CITIC, -6, -40, 95_000, 9_500, 0, False),
    ("01050000", 9, -11, 21_000, 2_100, 21_000, False),
)
# Of who is late with nothing.
_BILLS_IN_TIME = tuple(each for each in _BILLS if each[1] > 0)


# (bank, days from today to its day, days to its statement, days since the bank told it)
_TOLD = (
    (ICBC, -26, -46, 30),
    (ICBC, 5, -15, 0),
    # The bank has said nothing for a while.
    (CMB, 9, -11, 6),
)
_TOLD_CARD, _TOLD_FEN = 6600, 458_200


def add(tx: HubTransaction, client: Client) -> None:
    """Whoever signs in at the demo's door has bills around today."""
    today = china_day(tx.now)
    for number, person in enumerate(CARDHOLDERS.values(), start=1):
        subject = subjects.of_client(tx, client.id, person.subject)
        listed = _BILLS if person.name in {story.name for story in STORIES} else _BILLS_IN_TIME
        for place, (bank_code, due, statement, whole, least, paid, is_overdue) in enumerate(reversed(listed), start=1):
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
        _tell(tx, client, person, f"{_TOLD_CARD + number}")


def _tell(tx: HubTransaction, client: Client, person: Person, card_last4: str) -> None:
    """Two banks tell bills of the person, who lets them; one has said nothing for six days."""
    subject = subjects.of_client(tx, client.id, person.subject)
    for code, due, statement, days_ago in _TOLD:
        record = consents.give(tx, subject, code, card_last4=card_last4, mobile=person.mobile)
        contents = BillContents(
            bank_code=code,
            card_last4=card_last4,
            due_on=china_day(tx.now) + timedelta(days=due),
            statement_on=china_day(tx.now) + timedelta(days=statement),
            statement_fen=_TOLD_FEN,
            minimum_fen=_TOLD_FEN // 10,
        )
        token = bill_consents.contact_of(tx, record).token
        feed.take(tx, code, [FeedRow(token=token, contents=contents, as_of=tx.now - timedelta(days=days_ago))])
