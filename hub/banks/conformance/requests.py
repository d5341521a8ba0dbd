"""Test requests beside a negotiation: of each service that the bank switched on one, from its asking to its end.

They are about the same invented person, marked as a test, and what is not over with the answer is taken back.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import chain
from typing import Any, Final, Protocol

from hub.banks.conformance.report import Check, Trial, judged, not_asked
from hub.banks.port import Message
from hub.domain.bank import Bank
from hub.domain.bank_event import EventType, LoadedEvent, OfRequest
from hub.domain.china import china_day, china_instant
from hub.domain.delivery import MessageKind
from hub.domain.errors import Fault
from hub.domain.instalment_deal import DealKind, FeeMode, InstalmentDeal
from hub.domain.instalment_estimate import CancellationKind, Wish, estimate
from hub.domain.instalment_quote import QuoteContents, quote_faults
from hub.domain.plain import Plain, canonical, instant, to_plain
from hub.domain.service_request import Service
from hub.domain.visit import Move, staff_faults
from hub.services.instalments import estimates

REFERENCE: Final = "BL-00000000-000000"
_NOTE: Final = "这是接口测试，不是真实申请，请勿联系任何人。(Interface test, not a request.)"
_MOBILE: Final = "13800138000"
# What a request is not over with.
_GOES_ON: Final = frozenset({EventType.INSTALMENT_QUOTED, EventType.APPOINTMENT_CONFIRMED, EventType.APPOINTMENT_MOVED})
_UNTRIED_OF_AGREEMENTS: Final = (
    MessageKind.AMENDMENT_REQUESTED,
    MessageKind.AMENDED,
    MessageKind.AMENDMENT_CLOSED,
)
_UNTRIED: Final[Mapping[Service, Sequence[MessageKind]]] = {
    Service.MANDATES: (MessageKind.DEDUCTION_REPORTED,),
    Service.INSTALMENTS: (MessageKind.INSTALMENT_ACCEPTED, MessageKind.INSTALMENT_DECLINED),
    Service.APPOINTMENTS: (MessageKind.APPOINTMENT_MOVE_ACCEPTED,),
}
_ANSWER: Final = "Answer the test request in your system while the test waits (--wait is in seconds)."


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What the bank said to a request: the events in their order, and why others of its events cannot be taken."""

    events: tuple[LoadedEvent, ...] = ()
    faults: tuple[str, ...] = ()

    def more(self, event: LoadedEvent | None, faults: Sequence[str]) -> "Answered":
        """The same with one further event, or with why it cannot be taken."""
        events = self.events if event is None else (*self.events, event)
        return Answered(events=events, faults=(*self.faults, *faults))


class Listener(Protocol):
    """Hears what the bank says about requests."""

    def answer_to(self, request: str) -> Answered:
        """What has come about the request once anything has, or when the time is over."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kind:
    name: str
    opening: MessageKind
    body: Callable[[Trial], Plain]
    answers: frozenset[EventType]
    # What takes it back where the answer is no end, and what that says.
    ending: MessageKind | None = None
    ending_body: Callable[[Trial], Plain] = lambda _: {"text": _NOTE}


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestTrial:
    """One request that is asked of the bank: its id, and what it is."""

    id: str
    kind: _Kind
    message: Message

    @property
    def name(self) -> str:
        """What it is about, in words."""
        return self.kind.name

    def ending(self, trial: Trial, answered: Answered) -> Message | None:
        """What takes it back; None where nothing does, or what the bank answered was its end."""
        is_over = bool(answered.events) and not any(each.type in _GOES_ON for each in answered.events)
        if self.kind.ending is None or is_over:
            return None
        return _message(trial, self.id, self.kind.ending, self.kind.ending_body(trial))


def requests_of(trial: Trial) -> tuple[RequestTrial, ...]:
    """A request of each service that the bank switched on."""
    offered = [kind for service, kind in _KINDS.items() if trial.bank.provides(service)]
    return tuple(_request(trial, kind) for kind in offered)


def asked(
    trial: Trial, taken: Callable[[str, Message], Check], listener: Listener | None, *, why: str
) -> Iterator[Check]:
    """Each request from its asking to its end. `taken` sends a message under a check of that name.

    Without a `listener` nobody waits for an answer, for the reason `why`.
    """
    for request in requests_of(trial):
        yield taken(f"takes a test request: {request.name}", request.message)
        answered = Answered() if listener is None else listener.answer_to(request.id)
        yield answer_check(trial, request, None if listener is None else answered, why=why)
        ending = request.ending(trial, answered)
        if ending is not None:
            yield taken(f"takes its end: {request.name}", ending)
    untried = ", ".join(_untried_kinds(trial.bank))
    yield not_asked("takes every other message", expected="", why=f"no test sends {untried}: see docs/joining.md")


def _untried_kinds(bank: Bank) -> tuple[MessageKind, ...]:
    """Kinds of messages that may come to the bank, and that no examination sends: all hang on earlier steps."""
    offered = [kinds for service, kinds in _UNTRIED.items() if bank.provides(service)]
    return (*_UNTRIED_OF_AGREEMENTS, *((MessageKind.REQUEST_MESSAGE,) if offered else ()), *chain(*offered))


def answer_check(trial: Trial, request: RequestTrial, answered: Answered | None, *, why: str) -> Check:
    """Whether the bank answered the request in a way that the hub would take; None where nobody waited."""
    expected = " or ".join(sorted(request.kind.answers))
    name = f"answers it: {request.name}"
    if answered is None:
        return not_asked(name, expected=expected, why=why)
    faults = [*answered.faults, *(fault for each in answered.events for fault in _faults(trial, request, each))]
    said = ", ".join(each.type for each in answered.events)
    return judged(
        name,
        passed=bool(answered.events) and not faults,
        expected=f"{expected}, about request {request.id}",
        came=faults[0] if faults else said or "nothing came while we waited",
        to_do="Each fault is named by its place (a JSON Pointer) and a code." if faults else _ANSWER,
    )


def _faults(trial: Trial, request: RequestTrial, event: LoadedEvent) -> Sequence[str]:
    """What the hub would refuse of that answer."""
    if event.type not in request.kind.answers:
        return [f"{event.type} is no answer to {request.message.kind}"]
    return [f"{each.pointer}: {each.code}" for each in answer_faults(trial, event)]


def answer_faults(trial: Trial, event: LoadedEvent) -> list[Fault]:
    """What breaks a rule in an answer to a test request; whom a bank sends is known to the hub it joins alone."""
    said = event.content.said if isinstance(event.content, OfRequest) else None
    found: list[Fault] = []
    if isinstance(said, QuoteContents):
        today = china_day(trial.surroundings.now())
        found = quote_faults(_deal(today), _wish(today), trial.bank.rules.reckoning, said, today=today)
    elif isinstance(said, Move):
        found = staff_faults(said.staff, known=said.staff)
    elif event.type is EventType.APPOINTMENT_CONFIRMED and said is not None:
        found = staff_faults(said, known=said)
    return [each.under("/data") for each in found]


def _request(trial: Trial, kind: _Kind) -> RequestTrial:
    request = hashlib.sha256(f"{trial.negotiation} {kind.opening}".encode()).hexdigest()[:32]
    return RequestTrial(id=request, kind=kind, message=_message(trial, request, kind.opening, kind.body(trial)))


def _message(trial: Trial, request: str, kind: MessageKind, body: Mapping[str, Any]) -> Message:
    return Message(
        id=trial.new_id(),
        kind=kind,
        negotiation="",
        request=request,
        body=canonical({"request": request, "reference": REFERENCE, **body}),
        queued_at=trial.started_at,
        reference=REFERENCE,
        is_test=True,
    )


def _revocation(trial: Trial) -> Plain:
    day = china_day(trial.started_at)
    mandate = {
        "payee_kind": "creditor",
        "payee_code": trial.bank.code,
        "payee_name": None,
        "account_bank": trial.bank.code,
        "account_last4": "0005",
        "use": _NOTE,
        "cap_fen": 100,
        "frequency": "monthly",
        "valid_from": (day - timedelta(days=90)).isoformat(),
        "valid_to": None,
        "source_doc": _NOTE,
    }
    holder = {"name": "测试", "mobile": _MOBILE}
    return {"mandate": mandate, "version": 1, "holder": holder, "revoked_from": day.isoformat()}


def _deal(today: date) -> InstalmentDeal:
    # Nothing of it is posted yet, so that the next instalment is some weeks away.
    return InstalmentDeal(
        kind=DealKind.BILL,
        principal_fen=1_200_000,
        terms=12,
        paid_terms=0,
        fee_mode=FeeMode.PER_TERM,
        fee_fen=7_200,
        first_posted_on=today + timedelta(days=25),
    )


def _wish(today: date) -> Wish:
    return Wish(kind=CancellationKind.SETTLE_EARLY, wanted_on=today + timedelta(days=3))


def _instalments(trial: Trial) -> Plain:
    today = china_day(trial.started_at)
    return {
        "card_last4": "0005",
        "deal_no": None,
        "deal": to_plain(_deal(today)),
        **to_plain(_wish(today)),
        "reason": _NOTE,
        "mobile": _MOBILE,
        "own_estimate": estimates.view(estimate(_deal(today), _wish(today), trial.bank.rules.reckoning)),
        # Proof of a refund goes with a request for one alone.
        "evidence": [],
    }


def _appointment(trial: Trial) -> Plain:
    begins = china_instant(china_day(trial.started_at) + timedelta(days=14), time(10))
    return {
        "appointment": trial.negotiation,
        "negotiation": None,
        "kind": "branch",
        "purpose": "papers",
        **_hour(begins),
        "place": "接口测试",
        "slot_id": trial.negotiation,
        "called": "测试",
        "own_words": _NOTE,
        "asked_by": "person",
    }


def _hour(begins: datetime) -> Plain:
    return {"from": instant(begins), "to": instant(begins + timedelta(hours=1))}


_KINDS: Final[Mapping[Service, _Kind]] = {
    Service.MANDATES: _Kind(
        name="a revoked mandate",
        opening=MessageKind.MANDATE_REVOKED,
        body=_revocation,
        answers=frozenset({EventType.MANDATE_CONFIRMED, EventType.MANDATE_REFUSED}),
    ),
    Service.INSTALMENTS: _Kind(
        name="an instalment deal",
        opening=MessageKind.INSTALMENT_REQUESTED,
        body=_instalments,
        answers=frozenset({EventType.INSTALMENT_QUOTED, EventType.INSTALMENT_REFUSED}),
        ending=MessageKind.INSTALMENT_WITHDRAWN,
    ),
    Service.APPOINTMENTS: _Kind(
        name="an appointment",
        opening=MessageKind.APPOINTMENT_REQUESTED,
        body=_appointment,
        answers=frozenset({EventType.APPOINTMENT_CONFIRMED, EventType.APPOINTMENT_MOVED}),
        ending=MessageKind.APPOINTMENT_CANCELLED,
        ending_body=lambda trial: {"appointment": trial.negotiation},
    ),
}
