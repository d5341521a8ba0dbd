"""What every bank can do, whatever its system: take messages, take them again, and say what it decided.

An adapter knows one way to a bank and no other adapter. It raises its errors sorted: `TryAgain`, `InProcess` or
`RefusedForGood` where the bank did not take a message, `CallRefused` where what came back cannot be believed.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from typing import Any, Protocol, runtime_checkable

from hub.domain.bank import Bank
from hub.domain.delivery import MessageKind

# What the hub calls itself to other systems.
USER_AGENT = "negotiated-repayment-hub"
# How many seconds another system has for its whole answer, from the moment it is connected to.
ANSWER_S = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class Enclosure:
    """A file that belongs to a message. `read` gives its bytes from the start; nothing is read before it is called."""

    id: str
    kind: str
    file_name: str
    media_type: str
    size: int
    sha256: str
    read: Callable[[], Iterator[bytes]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message to a bank. Every attempt carries the same `id` and the same `body`, to the byte.

    It is about a `negotiation` or about a `request`; the other of the two is empty. `owed_fen` is all that is owed to
    this bank. `due_at` is when the bank's answer would be due if the message arrived now; None where its arrival opens
    no clock. `in_process` says that an earlier attempt ended undecided. `is_test`: it is about nobody, and where people
    read it, it says so.
    """

    id: str
    kind: MessageKind
    negotiation: str
    body: bytes
    queued_at: datetime
    request: str = ""
    reference: str = ""
    owed_fen: int = 0
    due_at: datetime | None = None
    in_process: bool = False
    is_test: bool = False
    enclosures: tuple[Enclosure, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """Files bound into one locked PDF.

    `left_out` of them could not be put in; with `content` None that is all of them.
    """

    content: bytes | None
    left_out: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """The bank's system has the message; `detail` is what it said, fit for the log of machines."""

    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Messages that travel together. The same name holds the same messages in every attempt.

    `day` is the day it was made on in China as `yyyymmdd`, `number` counts from 1 on each day.
    """

    day: str
    number: int
    messages: Sequence[Message]


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpAnswer:
    """What a server answered, its body within the limit that was set."""

    status: int
    body: bytes
    content_type: str = ""


class Http(Protocol):
    """Calls to other systems, with every limit and check already applied."""

    def check_url(self, url: str) -> str:
        """`url` as it may be called; raises `InvalidValue` where its form alone forbids it. No name is resolved."""
        ...

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> HttpAnswer:
        """What the server answered, whatever its status; raises `TryAgain` where it did not answer in time and size."""
        ...


class Surroundings(Protocol):
    """What an adapter is given of the world."""

    @property
    def public_url(self) -> str:
        """Where the hub's own pages are."""
        ...

    @property
    def http(self) -> Http:
        """Calls to other systems."""
        ...

    def now(self) -> datetime:
        """The present instant by the machine's clock, which stamps and signatures live by."""
        ...

    def check_host(self, host: str) -> str:
        """The address of `host` to connect to; raises `TryAgain` where it is none that may be reached."""
        ...

    def send_mail(self, message: EmailMessage) -> None:
        """The mail server has it; raises `TryAgain` or `RefusedForGood`. The sender's address is put in here."""
        ...

    def send_text(self, *, to: str, text: str) -> None:
        """The text message is on its way; raises `TryAgain`."""
        ...

    def desk_mail(self, message: Message, bank: Bank, bundle: Bundle | None) -> EmailMessage:
        """The mail that tells the bank's desk of the message, in the hub's words and look, with the bundle enclosed.

        Its Message-ID is the same in every attempt. Raises `RefusedForGood` where it cannot be addressed.
        """
        ...

    def bundle(self, files: Sequence[Enclosure], password: str) -> Bundle:
        """The files as one PDF under AES-256 that `password` opens; raises `TryAgain` where the machine is at fault."""
        ...

    def secret_for(self, purpose: str) -> bytes:
        """32 bytes that only this hub can know, the same each time for the same `purpose`."""
        ...


class Adapter(Protocol):
    """One way to a bank's system."""

    kind: str
    # The bank settings of its own that the adapter takes, each with the reader that checks it.
    settings: Mapping[str, Callable[[str], Any]]
    # Those of them without which a bank cannot be reached.
    required: frozenset[str]
    # Whether the bank's system is the hub's own database: then the message is there with the commit that queues it.
    in_house: bool

    def deliver(self, message: Message, bank: Bank) -> Receipt:
        """The bank's system has the message, perhaps for the second time. No transaction is open meanwhile."""
        ...


@runtime_checkable
class Discreet(Protocol):
    """An adapter that says which of its settings are secret: they are stored sealed and shown to nobody.

    Of any other adapter those are taken for secret whose name says so.
    """

    secret: frozenset[str]


@runtime_checkable
class Fitting(Protocol):
    """An adapter of which some settings must fit each other."""

    # When one of them changes, all of them are looked at.
    fitted: frozenset[str]

    def check_fit(self, settings: Mapping[str, str]) -> None:
        """Nothing, or `InvalidValue` where settings that are good one by one are of no use beside each other."""
        ...


@runtime_checkable
class Batching(Protocol):
    """An adapter whose bank takes messages together."""

    def deliver_batch(self, batch: Batch, bank: Bank) -> Receipt:
        """The bank's system has all of them, perhaps for the second time, or none; may raise `BatchUnfit`."""
        ...

    def has_batch(self, batch: Batch, bank: Bank) -> bool:
        """Whether an earlier attempt put the batch there, whole; raises `TryAgain`."""
        ...


@runtime_checkable
class Asking(Protocol):
    """An adapter that can ask a bank whether it has a message."""

    def ask(self, message_id: str, bank: Bank) -> bool | None:
        """Whether the bank says that it has the message, None where it has not decided; raises `TryAgain`."""
        ...


@runtime_checkable
class Locking(Protocol):
    """An adapter that sends files under a lock, and tells the bank's people another way how to open them."""

    def password(self, message_id: str, bank: Bank) -> str | None:
        """What opens the files of that message, None where this bank is sent none."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """A call that came to the hub from outside, as bytes; header names are lower case."""

    headers: Mapping[str, str]
    body: bytes
    content_type: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BankCall:
    """What a bank said, once it is certain that the bank said it.

    `content` is JSON: `{"negotiation", "data"}` or `{"request", "data"}`, with `type` in it unless it is given here.
    `digest` tells two contents apart, and is the same for the same content stamped and signed again.
    """

    id: str
    content: bytes
    digest: str
    type: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why an event was not applied: a code for programs, a sentence for people, and the HTTP status of the two.

    `problem` is the same as RFC 9457 has it, with `title` and, for input, `errors`; empty where no HTTP is spoken.
    """

    code: str
    text: str
    status: int
    problem: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the hub answers to a bank's call."""

    status: int
    body: bytes = b""
    content_type: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


@runtime_checkable
class Answering(Protocol):
    """An adapter whose bank calls the hub at `/adapters/{bank_code}/{door}`."""

    door: str

    def read(self, incoming: Incoming, bank: Bank) -> BankCall:
        """What the bank said; raises `CallRefused` unless the signature and the stamp are right."""
        ...

    def answer(self, incoming: Incoming, bank: Bank, refusal: Refusal | None) -> Answer:
        """What the bank is told: that it was applied, or why not."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class WrongResponse:
    """Something a bank laid out that does not agree with itself: `code` says how, `digest` tells it from the next.

    `lies_since` is set where the rest may still be on its way, and says since when nothing has changed.
    """

    name: str
    code: str
    digest: str
    lies_since: datetime | None = None


@runtime_checkable
class Collecting(Protocol):
    """An adapter that fetches what its bank has said."""

    def collect(
        self,
        bank: Bank,
        apply: Callable[[BankCall], Refusal | None],
        report: Callable[[WrongResponse], bool],
    ) -> int:
        """Everything sound that the bank has laid out was given to `apply` in order; gives how many were applied.

        What is not sound was given to `report`, which says whether the bank is to be told, and is left where it lies.
        Raises `TryAgain`.
        """
        ...
