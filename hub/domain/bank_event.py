"""What a bank's system can say of a negotiation, a request or a bill, as values, whichever way it came."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from hub.domain.bill_feed import FeedRow
from hub.domain.claim_transfer import ClaimTransfer
from hub.domain.errors import Fault, InvalidValue, Refused
from hub.domain.identity import IdentityComparison
from hub.domain.offer import BankOffer
from hub.domain.review import DecisionDeferral, EvidenceRequest, Rejection

MAX_ID_LENGTH = 64


class EventType(StrEnum):
    """What a bank can say."""

    ACKNOWLEDGED = "acknowledged"
    EVIDENCE_REQUESTED = "evidence_requested"
    OFFERED = "offered"
    REJECTED = "rejected"
    MESSAGE = "message"
    DECISION_DEFERRED = "decision_deferred"
    TRANSFERRED = "transferred"
    IDENTITY_COMPARED = "identity_compared"
    BILL_TOLD = "bill_told"  # of a person who lets it; about no negotiation
    # Answers to requests beside negotiations.
    MANDATE_CONFIRMED = "mandate.confirmed"
    MANDATE_REFUSED = "mandate.refused"
    DEDUCTION_ANSWERED = "deduction.answered"
    INSTALMENT_QUOTED = "instalment.quoted"
    INSTALMENT_REFUSED = "instalment.refused"
    INSTALMENT_DONE = "instalment.done"
    APPOINTMENT_CONFIRMED = "appointment.confirmed"
    APPOINTMENT_MOVED = "appointment.moved"
    APPOINTMENT_MISSED = "appointment.missed"
    APPOINTMENT_REPORTED = "appointment.reported"

    @property
    def is_of_request(self) -> bool:
        """Whether it is said of a request beside a negotiation."""
        return "." in self


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledged:
    """Somebody at the bank has picked it up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BankMessage:
    """The bank's words to the cardholder."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OfRequest:
    """What the bank says of a request; `said` is what the noun behind the event's type takes."""

    said: Any


OfNegotiation = (
    Acknowledged
    | EvidenceRequest
    | BankOffer
    | Rejection
    | BankMessage
    | DecisionDeferral
    | ClaimTransfer
    | IdentityComparison
)
Content = OfNegotiation | OfRequest | FeedRow


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedEvent:
    """What was read of an event, before it is certain who sent it and under which id.

    It is about a `negotiation` or about a `request`; what it is not about is empty.
    """

    type: EventType
    negotiation: str
    content: Content
    request: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedCall:
    """What the bytes of a call came to: its event, or every fault.

    `negotiation` is what it claims to be about, perhaps a request, whatever else is wrong with it.
    """

    negotiation: str | None
    event: LoadedEvent | None
    faults: tuple[Fault, ...] = ()

    def event_or_refuse(self) -> LoadedEvent:
        """The event; raises `Refused` with every fault."""
        if self.event is None:
            raise Refused(*self.faults)
        return self.event


@dataclass(frozen=True, slots=True, kw_only=True)
class BankEvent:
    """One event of a bank, whose sender is certain. `digest` is that of its content, without stamps and signatures."""

    id: str
    bank_code: str
    negotiation: str
    type: EventType
    content: Content
    digest: str
    request: str = ""

    def __post_init__(self) -> None:
        """Refuses an id that no sender can mean."""
        if not (0 < len(self.id) <= MAX_ID_LENGTH and self.id.isascii() and self.id.isprintable()):
            raise InvalidValue("event_id", limit=MAX_ID_LENGTH)
