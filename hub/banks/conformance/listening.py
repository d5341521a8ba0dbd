"""The checks of what a bank says: a door that answers as the hub would, and judges, but changes nothing.

The first event is answered 503 once, to see that it comes again under its id.
"""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import Self

from hub.bank_calls import code_of, reason_of
from hub.banks.conformance.report import Check, Trial, judged, not_asked
from hub.banks.port import Answer, Answering, BankCall, Incoming, Refusal
from hub.banks.simulator.http_side import HttpSide, Reply, Request
from hub.domain.bank_event import EventType
from hub.domain.china import china_day
from hub.domain.errors import CallRefused, HubError, NotFound, Refused
from schemas.bank_events import LoadedEvent, load_event
from schemas.strict_json import decode

_QUIET_S = 1.5
_MOST_AFTERWARDS = 20
_DECISIONS = frozenset({EventType.OFFERED, EventType.REJECTED})
NAMES = (
    "says something about the test application",
    "signs and stamps what it says",
    "says it in the agreed form",
    "repeats under its id what was answered 503",
    "says one thing under one id",
    "acknowledges before it decides",
    "decides: an offer or a rejection",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call of the bank: its id and digest where they could be read, what it says, or why it was refused."""

    said: BankCall | None
    event: LoadedEvent | None
    why: str = ""
    signed: bool = True


class Door:
    """Listens from `open` to the end of its `with` block, for the bank of the trial."""

    def __init__(self, trial: Trial, adapter: Answering, *, host: str, port: int) -> None:
        self._trial = trial
        self._adapter = adapter
        self._host, self._port = host, port
        self._calls: list[Call] = []
        self._put_off: str | None = None
        self._changed = threading.Condition()
        self._side: HttpSide | None = None

    def open(self) -> None:
        """It listens; raises `OSError` where the port is taken."""
        self._side = HttpSide(self._port, self._reply, host=self._host)

    def __enter__(self) -> Self:
        """The open door, which is closed at the end of the block."""
        return self

    def __exit__(self, *_: object) -> None:
        """It listens no more."""
        if self._side is not None:
            self._side.close()

    @property
    def negotiation(self) -> str:
        """What the bank is to speak of."""
        return self._trial.negotiation

    @property
    def path(self) -> str:
        """Where the bank calls, as at the hub itself."""
        return f"/adapters/{self._trial.bank.code}/{self._adapter.door}"

    @property
    def port(self) -> int:
        """Where it listens."""
        return self._port if self._side is None else self._side.port

    def wait(self, seconds: float) -> None:
        """Everything that is hoped for has come and it is quiet again, or so many seconds are over."""
        with self._changed:
            if self._changed.wait_for(self._has_all, timeout=seconds):
                # What a bank says after its decision counts as well, but nobody waits for ever.
                for _ in range(_MOST_AFTERWARDS):
                    if not self._changed.wait(_QUIET_S):
                        return

    def _has_all(self) -> bool:
        events = [call.event.type for call in self._calls if call.event is not None]
        return bool(_DECISIONS & set(events)) and self._was_repeated()

    def _was_repeated(self) -> bool:
        return sum(call.said is not None and call.said.id == self._put_off for call in self._calls) > 1

    def _reply(self, request: Request) -> Reply:
        if request.path != self.path:
            return Reply(status=HTTPStatus.NOT_FOUND)
        media_type = request.headers.get("content-type", "").partition(";")[0].strip()
        incoming = Incoming(headers=request.headers, body=request.body, content_type=media_type)
        call, refusal = self._judged(incoming)
        with self._changed:
            self._calls.append(call)
            puts_off = call.event is not None and self._put_off is None
            if puts_off and call.said is not None:
                self._put_off = call.said.id
            self._changed.notify_all()
        if puts_off:
            return Reply(status=HTTPStatus.SERVICE_UNAVAILABLE)
        answer: Answer = self._adapter.answer(incoming, self._trial.bank, refusal)
        return Reply(status=answer.status, body=answer.body, content_type=answer.content_type or "text/plain")

    def _judged(self, incoming: Incoming) -> tuple[Call, Refusal | None]:
        said: BankCall | None = None
        try:
            said = self._adapter.read(incoming, self._trial.bank)
            today = china_day(self._trial.surroundings.now())
            event, faults = load_event(decode(said.content), today=today, type_=said.type)
            if event is None:
                raise Refused(*faults)
            if event.negotiation != self._trial.negotiation:
                raise NotFound
        except HubError as error:
            refusal = Refusal(code=code_of(error), text=reason_of(error), status=_status_of(error))
            return Call(said=said, event=None, why=refusal.text, signed=not isinstance(error, CallRefused)), refusal
        return Call(said=said, event=event), None

    def checks(self) -> Iterator[Check]:
        """What came of the wait."""
        events = [call.event.type for call in self._calls if call.event is not None]
        yield judged(
            NAMES[0],
            passed=bool(events),
            expected=f"an event of negotiation {self._trial.negotiation}",
            came=f"{len(self._calls)} calls, {len(events)} of them fit",
            to_do=f"POST events to {self.path} at this machine's port {self.port} while the test waits.",
        )
        if not self._calls:
            for name in NAMES[1:]:
                yield not_asked(name, expected="", why="nothing came")
            return
        yield from self._of_calls()
        yield from _of_order(events)

    def _of_calls(self) -> Iterator[Check]:
        """Whether each call is what it must be by itself, and a repeat what it was."""
        _, signed, form, repeats, one, *_ = NAMES
        unsigned = [call.why for call in self._calls if not call.signed]
        wrong = [call.why for call in self._calls if call.signed and call.event is None]
        repeated = self._was_repeated()
        two = [call.said.id for call in self._calls if call.said and len(self._digests(call.said.id)) > 1]
        yield judged(
            signed,
            passed=not unsigned,
            expected="every call is signed with the agreed key, and stamped now",
            came=_first(unsigned, "all are"),
            to_do="Sign the very bytes that are sent, and look at the machine's clock.",
        )
        yield judged(
            form,
            passed=not wrong,
            expected="type, negotiation and data as the bank API takes them",
            came=_first(wrong, "all are"),
            to_do="Each fault is named by its place (a JSON Pointer) and a code.",
        )
        yield judged(
            repeats,
            passed=repeated,
            expected="the same event again after a 503",
            came="it came again" if repeated else "it did not come again while we waited",
            to_do="Repeat with growing waits until the answer is a 2xx or a 4xx, always under the same id.",
        )
        yield judged(
            one,
            passed=not two,
            expected="the same content whenever an id comes again",
            came=_first(two, "it is the same"),
            to_do="A repeat carries the same content; something new bears a new id.",
        )

    def _digests(self, event_id: str) -> set[str]:
        return {call.said.digest for call in self._calls if call.said is not None and call.said.id == event_id}


def not_listened(why: str) -> Iterator[Check]:
    """The same checks, none of them made."""
    for name in NAMES:
        yield not_asked(name, expected="", why=why)


def _of_order(events: list[EventType]) -> Iterator[Check]:
    """Whether what was said makes a story."""
    *_, order, decides = NAMES
    first = events.index(EventType.ACKNOWLEDGED) if EventType.ACKNOWLEDGED in events else 0
    yield judged(
        order,
        passed=not _DECISIONS & set(events[:first]),
        expected="acknowledged first, where it is said at all",
        came=", ".join(events) or "no event",
        to_do="Send one after the other: wait for the answer to the first before the next is sent.",
    )
    yield judged(
        decides,
        passed=bool(_DECISIONS & set(events)),
        expected="negotiation.offered or negotiation.rejected",
        came=", ".join(dict.fromkeys(events)) or "no event",
        to_do="Decide the test application in your system while the test waits (--wait is in seconds).",
    )


def _first(found: list[str], none: str) -> str:
    return none if not found else f"{found[0]} ({len(found)} times)"


def _status_of(error: HubError) -> int:
    match error:
        case CallRefused():
            return HTTPStatus.UNAUTHORIZED
        case Refused():
            return HTTPStatus.UNPROCESSABLE_ENTITY
        case NotFound():
            return HTTPStatus.NOT_FOUND
        case _:
            return HTTPStatus.BAD_REQUEST
