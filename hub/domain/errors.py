"""Every error the hub raises on purpose, as one tree. Errors carry values, never a reader's sentence.

HubError
├── InvalidValue              a value broke a rule; `code` says which
├── Refused                   an input broke one or more rules, each with its place
│   └── WrongConfirmationCode
├── Malformed                 bytes that are not the form they claim to be
├── NotFound                  unknown, or not this caller's: the two answer alike
│   ├── BillNotYours
│   └── DealUnknown
├── NegotiationErased         nothing of the person is kept of it any more
├── NotAuthenticated / NotAllowed
├── NotHandedOn               the person took back their consent
├── Conflict                  right input at the wrong moment
│   ├── StatusConflict        the status does not allow the event
│   ├── NegotiationAlreadyOpen
│   ├── NegotiationOpen       nobody is erased who is still negotiating
│   ├── ServiceNotOffered     the bank has not turned the service on
│   ├── DealRefused           an instalment deal that cannot be cancelled or settled here
│   ├── SlotTaken             somebody else was first
│   ├── IdentityUnconfirmed
│   ├── CounterOffersExhausted
│   ├── RenegotiationsExhausted
│   ├── OfferNotOpen
│   ├── AgreementConflict     the agreement does not allow the step: not due, rows open, not in default
│   ├── EvidenceAttached
│   ├── AlreadyOverdue        nobody is pointed to a lender while a debt is overdue
│   ├── NewCreditPromised     an agreement in force says that no new credit is taken
│   ├── IdempotencyKeyBusy
│   └── DocumentNotReady
├── IdempotencyKeyReused      same key, another body
├── PartnerNotLicensed        no lender whom people may be pointed to
├── TooLarge / UnsupportedType / StoreFull
├── TooManyTries
│   ├── ConfirmationStopped   until a person of the hub has looked at it
│   └── ConfirmationPaused    for a while
├── Unavailable               the database did not answer, or another transaction was in the way
├── EvidenceErased            the bytes were deleted, the row says what they were
├── EvidenceDamaged           stored bytes no longer match what was recorded
├── DeliveryError             a bank did not take a message
│   ├── TryAgain
│   │   ├── InProcess         the bank has it and has not decided whether it takes it
│   │   └── HostNotTrusted    another system than the bank's answers at the bank's address
│   ├── BatchUnfit            messages cannot travel together as they are
│   └── RefusedForGood
├── CallRefused               what came from outside is not what it must be: not signed, stale, or no such form
├── EventIdReused             the bank used the event's id before, with another content
└── Unusable                  settings, keys or files of the operator that cannot be used
    └── KeysUnusable
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Self


class HubError(Exception):
    """Base of every error raised on purpose."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One broken rule at one place: `pointer` is a JSON Pointer, `code` the rule's name, `params` its numbers."""

    pointer: str
    code: str
    params: Mapping[str, str | int] = field(default_factory=dict)

    def renumbered(self, name: str, places: Sequence[int]) -> "Fault":
        """The same at item `places[n]` of the list `name` where it names item n of it; any other as it is."""
        parts = self.pointer.split("/")
        if len(parts) < 3 or parts[1] != name or not (parts[2].isascii() and parts[2].isdigit()):
            return self
        return replace(self, pointer="/".join((*parts[:2], str(places[int(parts[2])]), *parts[3:])))

    def under(self, prefix: str) -> "Fault":
        """The same fault, its pointer read below `prefix`."""
        return Fault(prefix + self.pointer, self.code, self.params)


class InvalidValue(HubError):
    """A single value broke the rule named `code`; `params` are the numbers its sentence needs."""

    def __init__(self, code: str, **params: str | int) -> None:
        super().__init__(code)
        self.code = code
        self.params: Mapping[str, str | int] = params

    def at(self, pointer: str) -> Fault:
        """This error as a fault at one place of an input."""
        return Fault(pointer, self.code, self.params)


class Refused(HubError):
    """An input broke rules; `faults` names every one of them, so that all can be mended at once."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__(", ".join(f"{fault.pointer}: {fault.code}" for fault in faults))
        self.faults = faults


class WrongConfirmationCode(Refused):
    """The code was wrong, too old, or tried too often."""


class Malformed(HubError):
    """The bytes cannot be read as what they claim to be; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class NotFound(HubError):
    """There is no such thing for this caller. Another's thing answers exactly alike."""


class DealUnknown(NotFound):
    """There is no such instalment deal of this person."""


class BillNotYours(NotFound):
    """There is no such bill of this person that could be changed."""


class NegotiationErased(HubError):
    """Nothing of the person is kept of the negotiation: what is left is its reference, statuses, times and digests."""

    def __init__(self, *, reference: str, status: str, erased_at: datetime) -> None:
        super().__init__(reference)
        self.reference = reference
        self.status = status
        self.erased_at = erased_at


class NotAuthenticated(HubError):
    """The caller did not prove who it is."""


class NotAllowed(HubError):
    """The caller is known and may not do this; `scope` is what it lacks."""

    def __init__(self, scope: str) -> None:
        super().__init__(scope)
        self.scope = scope


class NotHandedOn(HubError):
    """The person took back their consent: the bank has what it had before, and is given no more."""


class Conflict(HubError):
    """The step does not fit the present state of things."""


class StatusConflict(Conflict):
    """The status of what the event would happen to, a negotiation, an offer or another thing, does not allow it."""

    def __init__(self, status: str, event: str) -> None:
        super().__init__(f"{event} in {status}")
        self.status = status
        self.event = event


class NegotiationAlreadyOpen(Conflict):
    """The person already has an open negotiation with the bank; a stranger to it is told neither id nor reference."""

    def __init__(self, bank_code: str, negotiation: str | None, reference: str | None = None) -> None:
        super().__init__(bank_code)
        self.bank_code = bank_code
        self.negotiation = negotiation
        self.reference = reference


class NegotiationOpen(Conflict):
    """The person still negotiates: what is open is withdrawn first. `references` names it."""

    def __init__(self, references: Sequence[str]) -> None:
        super().__init__(", ".join(references))
        self.references = tuple(references)


class CounterOffersExhausted(Conflict):
    """The cardholder has made as many counter-offers as this bank takes."""

    def __init__(self, limit: int) -> None:
        super().__init__(str(limit))
        self.limit = limit


class RenegotiationsExhausted(Conflict):
    """More agreements over the card came to nothing than the bank takes; `params` says which bank, and its hotline."""

    def __init__(self, bank_code: str, **params: str | int) -> None:
        super().__init__(bank_code)
        self.bank_code = bank_code
        self.params: Mapping[str, str | int] = params

    @property
    def sentence(self) -> str:
        """The name of the sentence for it: with the number to call where the bank has one."""
        return "renegotiations_exhausted_call" if self.params.get("hotline") else "renegotiations_exhausted"


class ServiceNotOffered(Conflict):
    """The bank does not offer what it was asked for beside the negotiation."""


class DealRefused(Conflict):
    """Nothing can be asked of this instalment deal here; `code` says why, `link` what to do instead, if anything."""

    def __init__(self, code: str, link: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.link = link


class SlotTaken(Conflict):
    """The last part of the time went to somebody else."""


class IdentityUnconfirmed(Conflict):
    """The bank has to say first whether the applicant is its customer: nobody else stands up for them."""


class OfferNotOpen(Conflict):
    """The offer was decided, lapsed, or waits for approval."""

    def __init__(self, offer_status: str, negotiation_status: str) -> None:
        super().__init__(offer_status)
        self.offer_status = offer_status
        self.negotiation_status = negotiation_status


class AgreementConflict(Conflict):
    """What became of the agreement does not allow the step; `code` says which rule, `params` its numbers and days.

    `sentence` names the words where the same rule stops another step than the usual one; else they go by `code`.
    """

    def __init__(self, code: str, status: str, *, sentence: str = "", **params: str | int) -> None:
        super().__init__(f"{code} in {status}")
        self.code = code
        self.sentence = sentence or code
        self.status = status
        self.params: Mapping[str, str | int] = params


class EvidenceAttached(Conflict):
    """The file belongs to an application and can no longer be removed."""


class AlreadyOverdue(Conflict):
    """Something of the person's is overdue: they talk to the bank, and nobody points them to a new loan."""

    def __init__(self) -> None:
        super().__init__("overdue")
        self.link = "/apply/"


class NewCreditPromised(Conflict):
    """An agreement of the person's is in force, in which they promised to take no new credit meanwhile."""


class IdempotencyKeyBusy(Conflict):
    """A call with this key is still running."""


class DocumentNotReady(Conflict):
    """The document will exist, but is not printed yet."""


class IdempotencyKeyReused(HubError):
    """The key was used before with another body."""


class PartnerNotLicensed(HubError):
    """Nobody is pointed to this lender: it is unknown, switched off, without a licence, or above its ceiling."""


class TooLarge(HubError):
    """More bytes than are taken; `limit` in bytes."""

    def __init__(self, limit: int) -> None:
        super().__init__(str(limit))
        self.limit = limit


class UnsupportedType(HubError):
    """Not a kind of file or body that is taken; `code` says what was wrong with it."""

    def __init__(self, code: str = "unsupported_type") -> None:
        super().__init__(code)
        self.code = code


class TooManyTries(HubError):
    """A limit of tries is used up for `retry_after_s` more seconds."""

    def __init__(self, retry_after_s: int) -> None:
        super().__init__(str(retry_after_s))
        self.retry_after_s = retry_after_s

    @classmethod
    def until(cls, free_at: datetime, *, now: datetime) -> Self:
        """Used up until `free_at`: whoever waits as many whole seconds as it says does not come too soon."""
        return cls(max(1, math.ceil((free_at - now).total_seconds())))


class ConfirmationStopped(TooManyTries):
    """An offer or a quote was tried with too many wrong codes; a person of the hub has to look at it first."""


class ConfirmationPaused(TooManyTries):
    """A matter was tried with too many wrong codes lately; it can be signed again after a while, by itself."""


class StoreFull(HubError):
    """The evidence store has no room or cannot be reached; nothing was kept."""


class Unavailable(HubError):
    """The database did not do what was asked; nothing was kept. `at_once`: the same may succeed immediately."""

    def __init__(self, reason: str, *, at_once: bool = False) -> None:
        super().__init__(reason)
        self.at_once = at_once


class EvidenceErased(HubError):
    """The file's bytes were deleted; the row says what it was."""


class EvidenceDamaged(HubError):
    """Stored bytes are missing, cut, or changed."""


class DeliveryError(HubError):
    """The bank did not take the message; `detail` is safe to log."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


class TryAgain(DeliveryError):
    """The same message may succeed later."""


class InProcess(TryAgain):
    """The bank has the message and has not decided yet: it must be asked before anything is sent again."""


class HostNotTrusted(TryAgain):
    """What answers at the bank's address does not prove to be the bank's system; nothing was said to it."""


class BatchUnfit(DeliveryError):
    """A batch cannot travel as it is, so that its name is never used again; its messages may go in others.

    `message_id` names the one to blame, where it is one of the messages.
    """

    def __init__(self, detail: str, *, message_id: str | None = None) -> None:
        super().__init__(detail)
        self.message_id = message_id


class RefusedForGood(DeliveryError):
    """The bank will never take this message as it is."""


class CallRefused(HubError):
    """A call from outside cannot be believed or read; `code` says why. Nothing of it was done."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class EventIdReused(HubError):
    """The id was used before with another content; nothing was changed."""


class Unusable(HubError):
    """Something the operator gave cannot be used; the text says what to do."""


class KeysUnusable(Unusable):
    """The secret keys are lost, or are not those that the database was sealed with."""
