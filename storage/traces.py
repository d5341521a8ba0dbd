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
    """Of the newest `limit` files of the same bytes those that somebody of no hash in `but` gave.

    By the ids of the negotiations that they were given to, the newest first.
    """
    found = _negotiations(tx, tx.keyring.indexes(record.sha256, purpose="file"), but, limit)
    return {negotiation_id: {file for file, _ in pages} for negotiation_id, pages in found.items()}


def candidates(
    tx: Transaction, picture_hash: bytes, *, but: Sequence[bytes], limit: int
) -> dict[str, set[tuple[str, int]]]:
    """(file, page) of others that share a band with the picture, by the ids of negotiations as in `same_file`.

    All that are near it are among them, as long as no more than `limit` share a band: of each the newest are given.
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
    # By itself for each digest: paper is white, so pages without number share a band, and would be read whole.
    newest = sa.union_all(*(_newest(digest, limit) for digest in digests)).subquery()
    given, negotiation = GivenEvidenceRecord, NegotiationRecord
    query = (
        sa.select(negotiation.id, newest.c.evidence_id, newest.c.page, negotiation.opened_at)
        .join(given, given.evidence_id == newest.c.evidence_id)
        .join(negotiation, negotiation.id == given.negotiation_id)
        .where(negotiation.person_index.not_in(but), negotiation.erased_at.is_(None))
        .distinct()
        .order_by(negotiation.opened_at.desc(), negotiation.id, newest.c.evidence_id, newest.c.page)
    )
    found: dict[str, set[tuple[str, int]]] = {}
    for negotiation_id, evidence_id, page, _ in tx.session.execute(query):
        found.setdefault(negotiation_id, set()).add((evidence_id, page))
    return found


def _newest(digest: bytes, limit: int) -> sa.Select[str, int]:
    """Files and pages with the digest; the ids of later files sort later."""
    trace = EvidenceTraceRecord
    found = sa.select(trace.evidence_id, trace.page).where(trace.digest == digest)
    newest = found.order_by(trace.evidence_id.desc(), trace.page.desc()).limit(limit).subquery()
    return sa.select(newest.c.evidence_id, newest.c.page)
