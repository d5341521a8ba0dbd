"""Files named on the wire: uploaded before, given a kind where they are named, with the consents that they need."""

from collections.abc import Iterator
from typing import Any

from hub.domain.application import Consent, EvidenceReference
from hub.domain.consent import GIVEN_LATER, Purpose
from hub.domain.errors import Fault
from hub.domain.evidence import EvidenceKind
from schemas.base import Found, Schema, parts, repeated
from schemas.fields import Choice, Each, Instant, Part, Text
from schemas.identifiers import IdText

MAX_EVIDENCE = 50
VERSION_LIMIT = 32


class EvidenceReferenceSchema(Schema):
    """A file that was uploaded before, and what it shows."""

    id = IdText(required=True)
    kind = Choice(EvidenceKind, required=True)


class LaterConsentSchema(Schema):
    """A consent that files need which come after the application, as it was given."""

    purpose = Choice(Purpose, among=GIVEN_LATER, required=True)
    version = Text(limit=VERSION_LIMIT, minimum=1, required=True)
    given_at = Instant(required=True)


def later_consents() -> Each:
    """The field of a body in which files come after the application."""
    return Each(Part(LaterConsentSchema), most=len(GIVEN_LATER), load_default=list)


def consents_of(found: Found) -> tuple[Consent, ...]:
    """The consents that were given with the files, none of them with a fault."""
    return tuple(Consent(**{**each, "purpose": each["purpose"].value}) for each in found["consents"])


def files_of(found: Found) -> dict[str, Any]:
    """Files and consents as the values of a body have them."""
    return {"evidence": evidence_of(found), "consents": consents_of(found)}


def evidence_of(found: Found) -> tuple[EvidenceReference, ...]:
    """The files that are named, none of them with a fault."""
    return tuple(EvidenceReference(**each) for each in found["evidence"])


def named_evidence(found: Found) -> tuple[tuple[str, str, str], ...]:
    """(JSON Pointer, id, kind) of every file that is named, as far as they could be read."""
    return tuple(
        (f"/evidence/{place}/id", each["id"], str(each["kind"]))
        for place, each in enumerate(parts(found, "evidence"))
        if "id" in each and "kind" in each
    )


def evidence_faults(found: Found) -> Iterator[Fault]:
    """A fault at each file that is named a second time."""
    ids = [each.get("id") for each in parts(found, "evidence")]
    yield from repeated("/evidence", ids, "evidence_listed_twice", "/id")
