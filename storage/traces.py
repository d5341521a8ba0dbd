"""Keyed hashes of files and of what their pages show, by which files of different people are compared.

A hash under the hub's key is found again by nobody without it: who has the database alone cannot test whether a picture
they hold is among them.
"""

from collections.abc import Collection, Sequence

import sqlalchemy as sa

from hub.domain.picture_hash import bands_of
from storage.database import adding_once
from storage.records import EvidenceRecord, EvidenceTraceRecord, GivenEvidenceRecord, NegotiationRecord, Record
from storage.transaction import Transaction

# A file's own bytes are this page of it; pages count from 1.
_FILE: int = 0
_TRACES = Record.metadata.tables["evidence_trace"]
_ADD = sa.insert(_TRACES)
# A file is looked at for each bank that it was given to, by two workers at once.
_ADD_FILE = adding_once(_TRACES, "evidence_id", "page", "band", "digest", by=("evidence_id", "page", "band"))


def add_file(tx: Transaction, record: EvidenceRecord) -> None:
    """The file is found again by its bytes; once is enough."""
    digest = tx.keyring.index(record.sha256, purpose="file")
    tx.session.execute(_ADD_FILE, {"evidence_id": record.id, "page": _FILE, "band": 0, "digest": digest})


def add_picture(tx: Transaction, evidence_id: str, page: int, picture_hash: bytes) -> None:
    """The page is found again by what it shows."""
    rows = [
        {"evidence_id": evidence_id, "page": page, "band": band, "digest": tx.keyring.index(bits, purpose=_of(band))}
        for band, bits in enumerate(bands_of(picture_hash))
    ]
    tx.session.execute(_ADD, rows)


def same_file(tx: Transaction, record: EvidenceRecord, *, but: Sequence[bytes], limit: int) -> dict[str, set[str]]:
    """The files of the same bytes, by the ids of the newest negotiations given them by somebody of no hash in `but`."""
    found = _negotiations(tx, tx.keyring.indexes(record.sha256, purpose="file"), but, limit)
    return {negotiation_id: {file for file, _ in pages} for negotiation_id, pages in found.items()}


def candidates(
    tx: Transaction, picture_hash: bytes, *, but: Sequence[bytes], limit: int
) -> dict[str, set[tuple[str, int]]]:
    """(file, page) of others that share a band with the picture, by the ids of the newest negotiations given them.

    All that are near it are among them, as long as there are no more than `limit`.
    """
    digests = [
        digest
        for band, bits in enumerate(bands_of(picture_hash))
        for digest in tx.keyring.indexes(bits, purpose=_of(band))
    ]
    return _negotiations(tx, digests, but, limit)


def remove(tx: Transaction, evidence_id: str) -> None:
    """Nothing is found by the file any more."""
    tx.session.execute(sa.delete(EvidenceTraceRecord).where(EvidenceTraceRecord.evidence_id == evidence_id))


def _of(band: int) -> str:
    return f"picture/{band}"


def _negotiations(
    tx: Transaction, digests: Collection[bytes], but: Sequence[bytes], limit: int
) -> dict[str, set[tuple[str, int]]]:
    trace, given, negotiation = EvidenceTraceRecord, GivenEvidenceRecord, NegotiationRecord
    query = (
        sa.select(negotiation.id, trace.evidence_id, trace.page, negotiation.opened_at)
        .join(given, given.evidence_id == trace.evidence_id)
        .join(negotiation, negotiation.id == given.negotiation_id)
        .where(trace.digest.in_(digests), negotiation.person_index.not_in(but), negotiation.erased_at.is_(None))
        .distinct()
        .order_by(negotiation.opened_at.desc(), negotiation.id, trace.evidence_id, trace.page)
        .limit(limit)
    )
    found: dict[str, set[tuple[str, int]]] = {}
    for negotiation_id, evidence_id, page, _ in tx.session.execute(query):
        found.setdefault(negotiation_id, set()).add((evidence_id, page))
    return found
