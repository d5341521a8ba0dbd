"""The desk of a simulated bank: decides what is done with each message, and what the bank says to it afterwards."""

import hashlib
import queue
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from hub.banks.simulator.conduct import WAYS, Conduct, Decision, Telling
from hub.banks.simulator.journal import Journal
from hub.banks.simulator.port import Arrived, Does, Event, Reaction
from hub.banks.simulator.requests import said_of_request
from hub.banks.simulator.terms import Wish, as_proposed, otherwise, read_wish
from hub.domain.bank_event import EventType
from hub.domain.delivery import MessageKind
from hub.domain.identity import IdentityLevel

_ASKED = {"kinds": ["bank_statement"], "text": "请补充最近三个月的银行流水。(模拟银行)"}
_REFUSED = {"reason_code": "other", "text": "经核实,本次申请暂时无法办理,您可以致电我行热线了解详情。(模拟银行)"}
# Said of every offer: how much is left to the person a month is not worked out here.
_REASON = "家人愿意一起承担。(模拟银行)"
_OTHER = {"text": "同一编号下的另一内容。(模拟银行)"}


@dataclass(slots=True)
class _Known:
    """A message as far as the desk knows it: the digest of the first attempt, and whether it was taken."""

    digest: str
    attempts: int = 0
    taken: bool = False
    arrived: Arrived | None = None


class SimulatedDesk:
    """Does what `conduct` says; the events it decides on lie in `events`, each once it is to be said.

    Whoever says them marks each as done, so that `events.join` ends when all has been said.
    """

    def __init__(self, conduct: Conduct, journal: Journal, *, today: Callable[[], date]) -> None:
        self.conduct = conduct
        self.events: queue.Queue[Event] = queue.Queue()
        self._journal = journal
        self._today = today
        self._lock = threading.Lock()
        self._messages: dict[str, _Known] = {}
        self._wishes: dict[str, Wish] = {}
        self._offers: Counter[str] = Counter()
        for line in journal.read():
            self._remember(line)

    def _remember(self, line: Mapping[str, Any]) -> None:
        if line.get("what") in ("came", "took") and isinstance(line.get("id"), str):
            known = self._messages.setdefault(line["id"], _Known(digest=str(line.get("digest"))))
            known.taken = known.taken or line["what"] == "took"

    def take(self, arrived: Arrived) -> Reaction:
        """What to do with this attempt; what the bank says to the message follows, once, when it is first taken."""
        with self._lock:
            known = self._messages.setdefault(arrived.id, _Known(digest=arrived.digest))
            known.attempts += 1
            known.arrived = arrived
            self._journal.write(
                "came",
                id=arrived.id,
                kind=arrived.kind,
                negotiation=_named(arrived),
                digest=arrived.digest,
                attempt=known.attempts,
            )
            if known.digest != arrived.digest:
                self.notice("two contents under one id", id=arrived.id)
                return Reaction(does=Does.REFUSE)
            reaction = self._reaction(known.attempts)
            if reaction.does in (Does.TAKE, Does.CUT):
                self._take(known)
            if reaction.does is not Does.TAKE or reaction.after_s:
                self._journal.write("does", id=arrived.id, does=reaction.does, after_s=f"{reaction.after_s:g}")
            return reaction

    def _reaction(self, attempts: int) -> Reaction:
        conduct = self.conduct
        over = conduct.times is not None and attempts > conduct.times
        does = Does.TAKE if over else conduct.does
        return Reaction(does=does, after_s=conduct.slow_s, word="" if does is Does.TAKE else conduct.word)

    def knows(self, message_id: str) -> bool | None:
        """Whether a message of that id was taken; None while it is in process, which each question brings forward."""
        with self._lock:
            known = self._messages.get(message_id)
            if known is None:
                return False
            if not known.taken and self.conduct.does is Does.IN_PROCESS:
                known.attempts += 1
                if self._reaction(known.attempts).does is not Does.TAKE:
                    return None
                self._take(known)
            return known.taken

    def _take(self, known: _Known) -> None:
        arrived = known.arrived
        again = known.taken
        if arrived is None or (again and Telling.TWICE not in self.conduct.telling):
            return
        known.taken = True
        self._journal.write("took", id=arrived.id, kind=arrived.kind, negotiation=_named(arrived), digest=known.digest)
        try:
            events = list(self._answers(arrived))
        except (KeyError, TypeError, ValueError) as error:
            self.notice("cannot be read", id=arrived.id, why=type(error).__name__)
            return
        if again:
            events = [replace(event, id=_id(event.id, f"{known.attempts}")) for event in events]
        for event in self._with_mistakes(events):
            self.events.put(event)

    def notice(self, what: str, **facts: str) -> None:
        """A line in the journal."""
        self._journal.write("notice", **{"about": what.replace(" ", "-"), **facts})

    def _answers(self, arrived: Arrived) -> Iterator[Event]:
        """What the bank says to a message, in the right order."""
        decision, negotiation = self.conduct.decision, _named(arrived)
        if decision is Decision.SILENT or not negotiation:
            return
        match arrived.kind:
            case MessageKind.SUBMITTED:
                self._wishes[negotiation] = read_wish(arrived.data)
                yield _event(arrived, EventType.ACKNOWLEDGED, {})
                if _waits_for_identity(arrived):
                    yield _event(arrived, EventType.IDENTITY_COMPARED, {"matches": True, "text": ""})
                yield self._decided(arrived, negotiation)
            case MessageKind.COUNTER_OFFERED if decision is Decision.REJECT:
                yield _event(arrived, EventType.REJECTED, _REFUSED)
            case MessageKind.COUNTER_OFFERED:
                yield self._offer(arrived, negotiation, arrived.data["terms"])
            case MessageKind.MESSAGE if self._is_awaited(negotiation, arrived):
                wish = self._wishes[negotiation]
                yield self._offer(arrived, negotiation, as_proposed(wish, today=self._today()))
            case _:
                for type_, data in said_of_request(arrived, decision, today=self._today()):
                    yield _event(arrived, type_, data)

    def _is_awaited(self, negotiation: str, arrived: Arrived) -> bool:
        """Whether the bank answers a message by an offer: it asked for evidence, or its offer was declined."""
        if negotiation not in self._wishes:
            return False
        asked = self.conduct.decision is Decision.ASK and not self._offers[negotiation]
        return asked or "declined_offer" in arrived.data

    def _decided(self, arrived: Arrived, negotiation: str) -> Event:
        wish, today = self._wishes[negotiation], self._today()
        match self.conduct.decision:
            case Decision.ASK:
                return _event(arrived, EventType.EVIDENCE_REQUESTED, _ASKED)
            case Decision.REJECT:
                return _event(arrived, EventType.REJECTED, _REFUSED)
            case Decision.COUNTER_OFFER:
                return self._offer(arrived, negotiation, otherwise(wish, today=today))
            case _:
                return self._offer(arrived, negotiation, as_proposed(wish, today=today))

    def _offer(self, arrived: Arrived, negotiation: str, terms: Mapping[str, Any]) -> Event:
        self._offers[negotiation] += 1
        return _event(arrived, EventType.OFFERED, {"terms": dict(terms), "reason_over_80": _REASON})

    def _with_mistakes(self, events: list[Event]) -> Iterator[Event]:
        """The events as the bank's system tells them, what is wrong on purpose among them."""
        telling = self.conduct.telling
        if Telling.OUT_OF_ORDER in telling and len(events) > 1:
            late = replace(events[0], id=_id(events[0].id, "late"), type=EventType.EVIDENCE_REQUESTED, data=_ASKED)
            events = [*reversed(events), late]
        for event in events:
            for each in sorted(telling & WAYS.keys()):
                yield replace(event, way=WAYS[each])
            yield event
            if Telling.DUPLICATE in telling:
                yield event
            if Telling.REPLAYED in telling:
                yield replace(event, type=EventType.MESSAGE, data=_OTHER)
            if Telling.STRAY in telling:
                yield replace(event, id=_id(event.id, "stray"), negotiation=_id(event.negotiation, "stray"))


def _waits_for_identity(arrived: Arrived) -> bool:
    """Whether nobody stands up for the person but the bank's own comparison."""
    identity = arrived.data.get("identity") or {}
    return identity.get("level") == IdentityLevel.MOBILE and not identity.get("confirmed_by_bank")


def _named(arrived: Arrived) -> str:
    named = arrived.data.get("negotiation") or arrived.data.get("request")
    return named if isinstance(named, str) else ""


def _event(arrived: Arrived, type_: EventType, data: Mapping[str, Any]) -> Event:
    return Event(id=_id(arrived.id, type_), type=type_, negotiation=_named(arrived), data=data)


def _id(of: str, what: str) -> str:
    """32 letters and digits, the same each time: a bank that is started again says nothing twice."""
    return hashlib.sha256(f"{of} {what}".encode()).hexdigest()[:32]
