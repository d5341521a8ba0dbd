"""What a simulated bank of any kind is: it listens in its kind's way, asks a desk what to do, and says what it decides.

A kind is a module `hub/banks/simulator/<kind>.py` with `make(place) -> FarSide`: it knows the wire, the desk the bank.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol

from hub.banks.port import Http
from hub.domain.bank_event import EventType
from hub.domain.delivery import MessageKind


class Clock(Protocol):
    """What time it is by the machine's clock; stamps and signatures live by it."""

    def now(self) -> datetime:
        """The present instant in UTC."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a simulated bank stands.

    `port` is where it listens on 127.0.0.1 (0: any free one). `folder` is there, is the bank's own, and outlives a
    restart: keys it makes are kept in it. `hub_url` has no slash at its end. `given` are bank settings that hold
    already, those of the bank in the hub's database or of the command line: what is missing, the far side makes itself.
    """

    code: str
    port: int
    folder: Path
    hub_url: str
    http: Http
    clock: Clock
    given: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Joining:
    """What joins a hub to the bank: `settings` for `hub bank add --set`, `environment` for the hub's own settings."""

    settings: Mapping[str, str]
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """A message that came and whose signature is right.

    `data` is the JSON of the message itself, whatever was around it on the wire. `digest` is that of the content
    without stamps and signatures: it must be one under one `id`, in every attempt.
    """

    id: str
    kind: MessageKind
    data: Mapping[str, Any]
    digest: str


class Does(StrEnum):
    """What the bank's system does with a message; the far side says it in its kind's own words."""

    TAKE = "take"
    FAIL = "fail"  # its fault, e.g. a 5xx
    REFUSE = "refuse"  # the hub's fault, e.g. a 4xx
    HTML = "html"  # well received, it seems, but what answers is some other page
    ENDLESS = "endless"  # the answer never ends
    CUT = "cut"  # the connection is cut once the message was read
    IN_PROCESS = "in-process"  # it has the message and has not decided


@dataclass(frozen=True, slots=True, kw_only=True)
class Reaction:
    """What is done with one attempt. `after_s`: so long later. `word`: a status or code that was asked for, or none."""

    does: Does
    after_s: float = 0.0
    word: str = ""


class Way(StrEnum):
    """How an event is sent: as it should be, or wrong on purpose."""

    HONEST = "honest"
    FORGED = "forged"  # signed with a key that is not the bank's
    STALE = "stale"  # stamped longer ago than the kind allows
    AHEAD = "ahead"  # stamped further ahead than the kind allows
    GARBLED = "garbled"  # its control file says another sum


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something the bank says. `id` has 32 letters and digits; `data` is what the bank API takes.

    `negotiation` is what it is about: for some types a request.
    """

    id: str
    type: EventType
    negotiation: str
    data: Mapping[str, Any]
    way: Way = Way.HONEST

    @property
    def about(self) -> Mapping[str, str]:
        """What it is about, as the wire names it."""
        return {"request" if self.type.is_of_request else "negotiation": self.negotiation}


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What became of an event. `again`: the hub was not there or not able, the same should be said again later."""

    taken: bool
    detail: str
    again: bool = False


class Desk(Protocol):
    """The people and programs behind the far side."""

    def take(self, arrived: Arrived) -> Reaction:
        """What to do with this attempt; the message is on record. What the bank says to it follows by `FarSide.say`."""
        ...

    def knows(self, message_id: str) -> bool | None:
        """Whether a message of that id was taken; None while it is in process."""
        ...

    def notice(self, what: str, **facts: str) -> None:
        """A line in the journal: a call that was not signed, a batch that did not agree. Nothing personal in it."""
        ...


class FarSide(Protocol):
    """One kind's simulated bank."""

    kind: str
    # Whether it can say anything: the staff of some kinds act in the hub's portal.
    speaks: bool
    # What its wire can show.
    does: frozenset[Does]
    ways: frozenset[Way]

    @property
    def joining(self) -> Joining:
        """What joins a hub to it; asked once it listens."""
        ...

    def start(self, desk: Desk) -> None:
        """It listens; each message that is signed as it should be goes to `desk.take`, perhaps in several threads."""
        ...

    def say(self, event: Event) -> Heard:
        """The hub has been told of the event, stamped and signed afresh; called in one thread, one after the other."""
        ...

    def stop(self) -> None:
        """It listens no more, and none of its threads is left. Called once, also where `start` has failed."""
        ...
