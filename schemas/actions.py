"""The small bodies of what people and banks do with a negotiation; records of calls are in `calls`.

An empty body (None) is read as an empty object. Each gives a value, or None and every fault.
"""

from collections.abc import Callable
from dataclasses import replace

from hub.domain.correspondence import CardholderMessage
from hub.domain.errors import Fault, InvalidValue
from hub.domain.evidence import EvidenceKind
from hub.domain.identifiers import normalised_digits
from hub.domain.identity import IdentityComparison
from hub.domain.money_words import is_money_field
from hub.domain.people import says_nothing
from hub.domain.references import References
from hub.domain.review import DecisionDeferral, EvidenceRequest, Rejection, RejectionReason
from schemas.base import Found, Read, ReadNaming, Schema, read, repeated
from schemas.evidence import (
    MAX_EVIDENCE,
    EvidenceReferenceSchema,
    consents_of,
    evidence_faults,
    evidence_of,
    later_consents,
    named_evidence,
)
from schemas.fields import (
    Choice,
    Day,
    Each,
    Formed,
    OpenFreeText,
    Part,
    SpokenText,
    TrueOrFalse,
)


def six_digits(text: str) -> str:
    """The six digits of a code; raises `InvalidValue` `confirmation_code_form`."""
    digits = normalised_digits(text)
    if not (len(digits) == 6 and digits.isascii() and digits.isdigit()):
        raise InvalidValue("confirmation_code_form")
    return digits


class NothingSchema(Schema):
    """A body without fields."""


class WordsSchema(Schema):
    """Words that may be left out."""

    text = SpokenText(load_default="")


class RequiredWordsSchema(Schema):
    """Words that have to be there."""

    text = SpokenText(minimum=1, required=True)


class OpenWordsSchema(Schema):
    """Words of a bank about a request beside a negotiation, which may be left out."""

    text = OpenFreeText(load_default="")


class RequiredOpenWordsSchema(Schema):
    """The same where they have to be there."""

    text = OpenFreeText(minimum=1, required=True)


class MessageSchema(Schema):
    """A cardholder's message; with files, the text may be left out."""

    text = SpokenText(load_default="")
    evidence = Each(Part(EvidenceReferenceSchema), most=MAX_EVIDENCE, load_default=list)
    answers = TrueOrFalse(load_default=False)
    consents = later_consents()


class AcceptanceSchema(Schema):
    """The code that confirms."""

    confirmation_code = Formed(six_digits, required=True, metadata={"pattern": "^[0-9]{6}$"})


class EvidenceRequestSchema(Schema):
    """What a bank still wants to see."""

    kinds = Each(Choice(EvidenceKind), least=1, most=len(EvidenceKind), required=True)
    text = SpokenText(load_default="")


class IdentitySchema(Schema):
    """Whether the applicant is the customer that the bank knows; where not, the words to the person are required."""

    matches = TrueOrFalse(required=True)
    text = SpokenText(load_default="")


class DecisionDeferralSchema(Schema):
    """By which day a bank decides that has registered the application and not decided yet."""

    decision_by = Day(required=True)
    text = SpokenText(minimum=1, required=True)


class RejectionSchema(Schema):
    """A bank's no."""

    reason_code = Choice(RejectionReason, required=True)
    text = SpokenText(minimum=1, required=True)


NOTHING = NothingSchema()
WORDS = WordsSchema()
REQUIRED_WORDS = RequiredWordsSchema()
OPEN_WORDS = OpenWordsSchema()
REQUIRED_OPEN_WORDS = RequiredOpenWordsSchema()
MESSAGE = MessageSchema()
ACCEPTANCE = AcceptanceSchema()
EVIDENCE_REQUEST = EvidenceRequestSchema()
DECISION_DEFERRAL = DecisionDeferralSchema()
REJECTION = RejectionSchema()
IDENTITY = IdentitySchema()


def load_nothing(data: object) -> list[Fault]:
    """Every fault of a body that should be empty."""
    return read_body(NOTHING, data)[1]


def load_words(data: object, *, required: bool) -> Read[str]:
    """The `text` of the body, which may be empty unless it is `required`."""
    found, faults = read_body(REQUIRED_WORDS if required else WORDS, data)
    return Read.of(faults, lambda: found["text"])


def load_open_words(data: object, *, required: bool) -> Read[str]:
    """The same of what a bank says of a request: neither a card's whole number nor a secret stands in it."""
    found, faults = read_body(REQUIRED_OPEN_WORDS if required else OPEN_WORDS, data)
    return Read.of(faults, lambda: found["text"])


def load_message(data: object) -> ReadNaming[CardholderMessage]:
    """A cardholder's message, and the files that it names."""
    found, faults = read_body(MESSAGE, data)
    faults += evidence_faults(found)
    if "text" in found and says_nothing(found["text"]) and found.get("evidence") == []:
        faults.append(Fault("/text", "text_required"))
    references = References(evidence=named_evidence(found))
    if faults:
        return ReadNaming(None, faults, references)
    message = CardholderMessage(
        text=found["text"],
        evidence=evidence_of(found),
        answers=found["answers"],
        consents=consents_of(found),
    )
    return ReadNaming(message, [], references)


def load_confirmation_code(data: object) -> Read[str]:
    """The six digits with which an offer is accepted."""
    found, faults = read_body(ACCEPTANCE, data)
    return Read.of(faults, lambda: found["confirmation_code"])


def load_evidence_request(data: object) -> Read[EvidenceRequest]:
    """What a bank still wants to see."""
    found, faults = read_body(EVIDENCE_REQUEST, data)
    faults += repeated("/kinds", found.get("kinds") or (), "listed_twice")
    return Read.of(faults, lambda: EvidenceRequest(kinds=tuple(found["kinds"]), text=found["text"]))


def load_decision_deferral(data: object) -> Read[DecisionDeferral]:
    """By when a bank decides. Whether the day lies within bounds is not judged here."""
    found, faults = read_body(DECISION_DEFERRAL, data)
    return Read.of(faults, lambda: DecisionDeferral(**found))


def load_rejection(data: object) -> Read[Rejection]:
    """A bank's no. Whether `incomplete` may be said now is not judged here."""
    found, faults = read_body(REJECTION, data)
    return Read.of(faults, lambda: Rejection(**found))


def load_identity(data: object) -> Read[IdentityComparison]:
    """What the bank found when it compared the applicant with its customer."""
    found, faults = read_body(IDENTITY, data)
    if found.get("matches") is False and "text" in found and says_nothing(found["text"]):
        faults.append(Fault("/text", "text_required"))
    return Read.of(faults, lambda: IdentityComparison(**found))


def read_body(schema: Schema, data: object) -> tuple[Found, list[Fault]]:
    """What could be read of `data`, and every fault; an empty body has no fields."""
    return read(schema, {} if data is None else data)


def read_refusing(
    schema: Schema, data: object, is_refused: Callable[[str], bool], code: str
) -> tuple[Found, list[Fault]]:
    """As `read_body`; an unknown field whose name `is_refused` has the fault `code`."""
    found, faults = read_body(schema, data)
    return found, [
        replace(each, code=code)
        if each.code == "unknown_field" and is_refused(each.pointer.rpartition("/")[2])
        else each
        for each in faults
    ]


def read_without_money(schema: Schema, data: object) -> tuple[Found, list[Fault]]:
    """As `read_body`; an unknown field that is named for money is `cash_refused`."""
    return read_refusing(schema, data, is_money_field, "cash_refused")
