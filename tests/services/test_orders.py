"""A bank's events in every order, each of them twice: one state at the end, and never a step back on the way."""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from itertools import permutations
from typing import Any

import pytest
import sqlalchemy as sa

from hub.domain.bank_event import Acknowledged, BankEvent, BankMessage, Content, EventType
from hub.domain.errors import EventIdReused, StatusConflict, TryAgain
from hub.domain.evidence import EvidenceKind
from hub.domain.offer import BankOffer
from hub.domain.review import EvidenceRequest, Rejection, RejectionReason
from hub.services.delivery import bank_events
from hub.services.reading import views
from hub.services.transaction import HubTransaction
from storage import bank_events as event_rows
from storage.records import LogEntryRecord, NegotiationRecord
from tests.applications import CMB
from tests.banks.simulated import SimulatedBank
from tests.services.case import OFFER, Case
from tests.services.conftest import OpenCase

ASKED = EvidenceRequest(kinds=(EvidenceKind.BANK_STATEMENT,), text="请补充工资流水")
BETTER = replace(OFFER, instalments=48)
SAYS: dict[str, tuple[EventType, Content]] = {
    "acknowledged": (EventType.ACKNOWLEDGED, Acknowledged()),
    "late acknowledged": (EventType.ACKNOWLEDGED, Acknowledged()),
    "asked": (EventType.EVIDENCE_REQUESTED, ASKED),
    "message": (EventType.MESSAGE, BankMessage(text="我们在看")),
    "offered": (EventType.OFFERED, BankOffer(terms=OFFER)),
    "better": (EventType.OFFERED, BankOffer(terms=BETTER)),
    "rejected": (EventType.REJECTED, Rejection(reason_code=RejectionReason.CAN_AFFORD, text="收入足够")),
}
TOWARDS_OFFERS = ("acknowledged", "asked", "message", "offered", "better")
TOWARDS_A_NO = ("acknowledged", "asked", "message", "rejected", "late acknowledged")

# How far a negotiation is; no event of a bank leads to a smaller number.
FAR = ("delivering", "awaiting_bank", "in_review", "awaiting_cardholder", "offered", "rejected")
# Where each event may be applied, by the table of the contract; an acknowledgement in review is one already.
ALLOWED = {
    "acknowledged": ("delivering", "awaiting_bank", "in_review"),
    "late acknowledged": ("delivering", "awaiting_bank", "in_review"),
    "asked": ("delivering", "awaiting_bank", "in_review"),
    "message": FAR[:-1],
    "offered": FAR[:-1],
    "better": FAR[:-1],
    "rejected": FAR[:-2],
}


def event_of(case: Case, name: str, **changes: Any) -> BankEvent:
    """What the bank's system says, under the id that is the event's name."""
    type_, content = SAYS[name]
    made = BankEvent(
        id=name, bank_code=CMB, negotiation=case.id, type=type_, content=content, digest=f"digest of {name}"
    )
    return replace(made, **changes)


class _Undone(Exception):
    """Thrown to roll a transaction back."""


@contextmanager
def undone(case: Case) -> Iterator[HubTransaction]:
    """A transaction of the bank's system that leaves nothing behind."""
    with suppress(_Undone), case.hub.writing(bank_events.actor_of(CMB)) as tx:
        yield tx
        raise _Undone


def place_of(tx: HubTransaction, case: Case) -> tuple[str, int]:
    """Where the negotiation stands, and how long its log is."""
    tx.session.flush()
    row = tx.session.get_one(NegotiationRecord, case.id)
    return row.status, row.log_length


def said(tx: HubTransaction, case: Case) -> list[str]:
    """The kinds of the log's entries."""
    of_case = LogEntryRecord.negotiation_id == case.id
    return list(tx.session.scalars(sa.select(LogEntryRecord.kind).where(of_case)))


def state_of(tx: HubTransaction, case: Case) -> dict[str, Any]:
    """What both sides see of it, but for ids, times, and the order of what is equal."""
    tx.session.flush()
    shown: Any = views.negotiation_view(tx, tx.session.get_one(NegotiationRecord, case.id))
    return {
        "status": shown["status"],
        "offers": sorted((each["terms"]["instalments"], each["status"]) for each in shown["offers"]),
        "runs": shown["clock"],
        "answered": [each["answered_at"] is not None for each in shown["clocks"]],
        "request": shown["evidence_request"],
        "rejection": shown["rejection"],
    }


def tell(tx: HubTransaction, case: Case, name: str) -> bool:
    """Whether the event was applied just now; what is refused has moved nothing."""
    before, length = place_of(tx, case)
    refused_in = ""
    applied = False
    try:
        with tx.session.begin_nested():
            applied = bank_events.apply_event(tx, event_of(case, name))
    except StatusConflict as refusal:
        refused_in = refusal.status
    after, now_so_long = place_of(tx, case)
    assert refused_in == ("" if before in ALLOWED[name] or known(tx, name) else before)
    assert FAR.index(after) >= FAR.index(before)
    assert applied or (after, now_so_long) == (before, length)
    return applied


def known(tx: HubTransaction, name: str) -> bool:
    """Whether the event was applied before: it is answered then, wherever the negotiation stands."""
    return event_rows.find_digest(tx, CMB, name) is not None


def told_in_order(case: Case, order: Sequence[str]) -> dict[str, Any]:
    """The state after the events of that order, each told twice at once and all of them once more; it is taken back."""
    with undone(case) as tx:
        for name in order:
            tell(tx, case, name)
            assert not tell(tx, case, name)
        reached = state_of(tx, case)
        for name in reversed(order):
            assert not tell(tx, case, name)
        assert state_of(tx, case) == reached
        kinds = Counter(said(tx, case))
        assert max(kinds[kind] for kind in ("acknowledged", "evidence_requested", "message", "rejected")) <= 1
    return reached


@pytest.fixture
def database(sqlite_database: str) -> str:
    """One kind of database: the order in which things come is nothing to it."""
    return sqlite_database


@pytest.fixture(params=["delivering", "awaiting_bank"])
def case(request: pytest.FixtureRequest, open_case: OpenCase, simulated: SimulatedBank) -> Case:
    """A negotiation that the bank has; in the first case the hub has not heard so yet."""
    if request.param == "delivering":
        simulated.answers.append(TryAgain("the answer was lost"))
    made = open_case(CMB)
    assert made.status == request.param
    return made


@pytest.mark.long
def test_in_every_order_two_offers_and_what_leads_to_them_end_in_one_state(case: Case) -> None:
    ends = [told_in_order(case, order) for order in permutations(TOWARDS_OFFERS)]
    assert len(ends) == 120
    expected = {
        "status": "offered",
        "offers": [(36, "open"), (48, "open")],
        "runs": None,
        "answered": [True],
        "request": None,
        "rejection": None,
    }
    assert [end for end in ends if end != expected] == []


@pytest.mark.long
def test_in_every_order_a_rejection_and_what_leads_to_it_end_in_one_state(case: Case) -> None:
    ends = [told_in_order(case, order) for order in permutations(TOWARDS_A_NO)]
    assert len(ends) == 120
    expected = {
        "status": "rejected",
        "offers": [],
        "runs": None,
        "answered": [True],
        "request": None,
        "rejection": {"reason_code": "can_afford", "text": "收入足够"},
    }
    assert [end for end in ends if end != expected] == []


def test_an_event_under_a_used_id_is_refused_whatever_the_order(case: Case) -> None:
    with undone(case) as tx:
        for name in TOWARDS_OFFERS:
            assert tell(tx, case, name) == (name in ("acknowledged", "asked", "message", "offered", "better"))
            reached = state_of(tx, case)
            with pytest.raises(EventIdReused):
                bank_events.apply_event(tx, event_of(case, name, digest="another"))
            assert state_of(tx, case) == reached
