"""Files named on the wire: uploaded before, and given a kind where they are named."""

from collections.abc import Iterator

from hub.domain.application import EvidenceReference
from hub.domain.errors import Fault
from hub.domain.evidence import EvidenceKind
from schemas.base import Found, Schema, parts, repeated
from schemas.fields import Choice
from schemas.identifiers import IdText

MAX_EVIDENCE = 50


class EvidenceReferenceSchema(Schema):
    """A file that was uploaded before, and what it shows."""

    id = IdText(required=True)
    kind = Choice(EvidenceKind, required=True)


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
