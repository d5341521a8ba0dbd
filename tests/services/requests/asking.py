"""A request of a small kind, and what happens to it, each deed in a transaction of its own."""

from enum import StrEnum
from typing import Any

import pytest

from hub.domain.actor import HUB, Actor, Channel, Party
from hub.domain.clock import FixedClock
from hub.domain.delivery import MessageKind
from hub.domain.entry_kind import EntryKind
from hub.domain.request_kinds import KINDS
from hub.domain.service_request import RequestKind, RequestRules
from hub.services.accounts import subjects
from hub.services.negotiations.entries import spoken
from hub.services.operating import sweeps
from hub.services.requests import moving, opening, sending
from hub.services.requests.opening import NewRequest
from hub.services.transaction import HubTransaction
from hub.web.pages.request_words import BANK_PAGES
from hub.wiring import Hub
from storage import communications, service_requests
from storage.communications import NewEntry
from storage.log_tables import OF_REQUESTS
from storage.records import ServiceRequestRecord, new_id
from tests.applications import CMB, ICBC
from tests.services.case import china

CLIENT, SUBJECT = "some-app", "person-1"
BANK = Actor(party=Party.BANK, id="staff/reviewer", channel=Channel.PORTAL)
PERSON = Actor(party=Party.CARDHOLDER, id="client/some-app", channel=Channel.API)


class Stands(StrEnum):
    """Where a request of the small kind stands."""

    SENT = "sent"
    WITH_BANK = "with_bank"
    DONE = "done"
    WITHDRAWN = "withdrawn"


class Happens(StrEnum):
    """What can happen to it."""

    ARRIVED = "arrived"
    ANSWERED = "answered"
    WITHDREW = "withdrew"


RULES = RequestRules(
    kind=RequestKind.DEDUCTION,
    first=Stands.SENT,
    steps={
        Stands.SENT: {Happens.ARRIVED: Stands.WITH_BANK, Happens.WITHDREW: Stands.WITHDRAWN},
        Stands.WITH_BANK: {Happens.ANSWERED: Stands.DONE, Happens.WITHDREW: Stands.WITHDRAWN},
        Stands.DONE: {},
        Stands.WITHDRAWN: {},
    },
    banks_turn=frozenset({Stands.WITH_BANK}),
    over=frozenset({Stands.DONE, Stands.WITHDRAWN}),
    arrived=Happens.ARRIVED,
)


@pytest.fixture
def tiny_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    """The hub knows the small kind, which has no page of its own."""
    monkeypatch.setitem(KINDS, RequestKind.DEDUCTION, RULES)
    monkeypatch.delitem(BANK_PAGES, RequestKind.DEDUCTION)


def spoken_words(actor: Actor) -> NewEntry:
    """A word of that side."""
    return spoken(EntryKind.MESSAGE, actor, "好的")


def open_one(tx: HubTransaction, bank_code: str = ICBC, **given: Any) -> ServiceRequestRecord:
    """A request of the person with that bank, and its message on the way."""
    subject = subjects.of_client(tx, CLIENT, SUBJECT)
    new = NewRequest(
        **{
            "kind": RequestKind.DEDUCTION,
            "subject": subject,
            "bank_code": bank_code,
            "matter_id": new_id(),
            "contents": {"text": "扣款与约定不符", "amount_fen": 123_456},
            **given,
        }
    )
    record = opening.open_request(tx, new, spoken(EntryKind.MESSAGE, PERSON, "扣款与约定不符"))
    sending.queue(tx, record, MessageKind.DEDUCTION_REPORTED, {"amount_fen": 123_456}, opens_clock=True)
    return record


class Asking:
    """A request and its hub."""

    def __init__(self, hub: Hub, clock: FixedClock, work_off: Any) -> None:
        self.hub, self.clock, self.work_off = hub, clock, work_off
        self.id = self.matter_id = ""
        self.bank_code = ICBC

    def opened(self, bank_code: str = ICBC, **given: Any) -> "Asking":
        """It was asked of that bank, and whatever work that gave is done."""
        with self.hub.writing(HUB) as tx:
            record = open_one(tx, bank_code, **given)
            self.id, self.matter_id, self.bank_code = record.id, record.matter_id, bank_code
        self.work_off()
        return self

    def at(self, text: str) -> None:
        """It is that time in China, and what is due by then has happened."""
        self.clock.at = china(text)
        self.sweep()

    def sweep(self) -> None:
        """What is due has happened."""
        sweeps.run_due(self.hub)
        self.work_off()

    def move(self, event: str, actor: Actor = BANK) -> str:
        """That happened to it."""
        with self.hub.writing(HUB) as tx:
            record = service_requests.lock(tx, self.id)
            return moving.move(tx, record, event, spoken(EntryKind.MESSAGE, actor, "好的"))

    def row(self) -> ServiceRequestRecord:
        """Its row as it stands."""
        with self.hub.reading(HUB) as tx:
            record = tx.session.get_one(ServiceRequestRecord, self.id)
            tx.session.expunge(record)
            return record

    def kinds(self) -> list[str]:
        """The kinds of the entries of its log."""
        with self.hub.reading(HUB) as tx:
            return [each.header.kind for each in communications.list_entries(tx, self.id, log=OF_REQUESTS)]

    def lines(self) -> list[dict[str, object]]:
        """Its log."""
        with self.hub.reading(HUB) as tx:
            return communications.list_lines(tx, self.id, log=OF_REQUESTS)


__all__ = ["CMB", "ICBC", "Asking", "Happens", "Stands", "open_one", "tiny_kind"]
