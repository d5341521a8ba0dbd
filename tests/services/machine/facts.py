"""What the model knows of a negotiation, in its own words; none of it comes from the hub."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, time


class No(Exception):
    """The model's refusal: `conflict`, `unknown`, `refused` or `not allowed`."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


@dataclass(frozen=True)
class Rules:
    """What a bank has set; `system` is a system of its own, outside the hub."""

    system: bool
    response_days: int
    closes: time
    pauses: bool
    counters: int
    offer_days: int = 7


@dataclass
class File:
    """A file; `dirty` is the verdict it will get."""

    client: int
    dirty: bool
    status: str = "checking"


@dataclass
class Offer:
    """An offer of either side. `maker` is the person of the bank."""

    by: str
    first_due: date
    status: str = "awaiting_approval"
    maker: str = ""
    wanted: datetime | None = None
    valid_until: datetime | None = None
    opened: bool = False


@dataclass
class Turn:
    """One clock of a bank."""

    opened: datetime
    due: datetime
    provisional: bool
    paused: date | None = None
    resumed: date | None = None
    end: str | None = None
    noted: bool = False

    @property
    def runs(self) -> bool:
        return self.end is None

    @property
    def stands(self) -> bool:
        return self.paused is not None and self.resumed is None


@dataclass
class Request:
    """A bank's request for papers."""

    kinds: tuple[str, ...]
    asked: datetime
    due: datetime
    state: str = "open"
    waits: bool = False


@dataclass
class Message:
    """What is on its way to a bank. `opens`: its arrival begins the bank's time."""

    kind: str
    opens: bool
    state: str = "waiting"
    first_tried: datetime | None = None
    last_tried: datetime | None = None


@dataclass
class Agreement:
    """What was agreed. `missed` and `paid` are numbers of rows of which the bank said so."""

    signed_on: date
    first_due_on: date
    state: str = "in_force"
    # Until then a default is objected to.
    objected_until: datetime | None = None
    reason: str = ""
    missed: set[int] = field(default_factory=set)
    paid: set[int] = field(default_factory=set)
    printed: bool = False


@dataclass
class Negotiation:
    """One person with one bank. `history` is each change of its status, `said` how often each thing is in its log."""

    application: int
    person: int
    client: int
    bank: str
    contradicts: bool
    status: str = "screening"
    version: int = 1
    history: list[tuple[str | None, str]] = field(default_factory=lambda: [(None, "screening")])
    said: Counter[str] = field(default_factory=lambda: Counter(submitted=1))
    mails: Counter[str] = field(default_factory=Counter)
    late: set[tuple[int, datetime]] = field(default_factory=set)
    files: list[int] = field(default_factory=list)
    later_files: list[tuple[datetime, int]] = field(default_factory=list)
    offers: list[Offer] = field(default_factory=list)
    turns: list[Turn] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    words: int = 0
    reached: bool = False
    correct_by: datetime | None = None
    agreement: Agreement | None = None
    reason: str | None = None

    @property
    def request(self) -> Request | None:
        """The open one."""
        return next((each for each in self.requests if each.state == "open"), None)

    @property
    def turn(self) -> Turn | None:
        """The running clock."""
        return next((each for each in self.turns if each.runs), None)

    def open_offers(self, by: str = "bank") -> list[Offer]:
        return [each for each in self.offers if each.by == by and each.status == "open"]
