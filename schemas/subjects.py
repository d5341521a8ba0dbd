"""Bodies of a client's calls for its person, who is named by the client's own word in each of them."""

from schemas.actions import AcceptanceSchema, OpenWordsSchema, read_body
from schemas.base import Read, Schema
from schemas.identifiers import IdText


class SubjectSchema(Schema):
    """For whom the call is."""

    subject = IdText(required=True)


class SubjectWordsSchema(OpenWordsSchema):
    """For whom the call is, with words that may be left out."""

    subject = IdText(required=True)


class SubjectAcceptanceSchema(AcceptanceSchema):
    """For whom the call is, with the code that confirms."""

    subject = IdText(required=True)


_SUBJECT = SubjectSchema()
_WORDS = SubjectWordsSchema()
_ACCEPTANCE = SubjectAcceptanceSchema()


def load_subject(data: object) -> Read[str]:
    """The person's name, or None and every fault."""
    found, faults = read_body(_SUBJECT, data)
    return Read.of(faults, lambda: found["subject"])


def load_subject_words(data: object) -> Read[tuple[str, str]]:
    """The person's name and the words, or None and every fault."""
    found, faults = read_body(_WORDS, data)
    return Read.of(faults, lambda: (found["subject"], found["text"]))


def load_subject_code(data: object) -> Read[tuple[str, str]]:
    """The person's name and the code, or None and every fault."""
    found, faults = read_body(_ACCEPTANCE, data)
    return Read.of(faults, lambda: (found["subject"], found["confirmation_code"]))
