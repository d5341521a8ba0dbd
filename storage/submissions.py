"""Submissions: one sealed body for each version of what a bank is given, written once and opened as a value."""

from collections.abc import Sequence

import sqlalchemy as sa

from hub.domain.plain import Plain, from_plain, to_plain
from hub.domain.submission import Submission
from storage.records import NegotiationRecord, Record, SubmissionRecord
from storage.sealed_json import open_json, seal_json
from storage.transaction import Known, Transaction

_ADD = sa.insert(Record.metadata.tables["submission"])
# Not by pairs of id and version: SQLite would read the whole table for them.
_OF_NEGOTIATIONS = sa.select(
    SubmissionRecord.negotiation_id, SubmissionRecord.version, SubmissionRecord.body_sealed
).where(SubmissionRecord.negotiation_id.in_(sa.bindparam("ids", expanding=True)))

# A version is never edited, so it need not be opened twice in one transaction.
_KNOWN = Known[tuple[str, int], Submission]()


def add_submissions(tx: Transaction, new: Sequence[tuple[NegotiationRecord, Submission]]) -> None:
    """Each submission is kept as the version that its negotiation's row names."""
    rows = []
    for negotiation, submission in new:
        id_, version = negotiation.id, negotiation.version
        rows.append(
            {
                "negotiation_id": id_,
                "version": version,
                "bank_code": negotiation.bank_code,
                "body_sealed": seal_json(
                    tx, to_plain(submission), table="submission", column="body", row=f"{id_}/{version}"
                ),
                "submitted_at": tx.now,
            }
        )
        _KNOWN.of(tx)[id_, version] = submission
    tx.session.execute(_ADD, rows)


def submission_of(tx: Transaction, negotiation: NegotiationRecord, version: int | None = None) -> Submission:
    """The submission in force, or an older `version`."""
    number = version or negotiation.version
    known = _KNOWN.of(tx).get((negotiation.id, number))
    if known is not None:
        return known
    record = tx.session.get_one(SubmissionRecord, (negotiation.id, number))
    _KNOWN.of(tx)[negotiation.id, number] = opened = open_submission(
        tx, record.body_sealed, negotiation_id=negotiation.id, version=number
    )
    return opened


def open_submissions(tx: Transaction, negotiations: Sequence[NegotiationRecord]) -> None:
    """The submissions in force are opened, and known to `submission_of` until the transaction ends."""
    versions = {each.id: each.version for each in negotiations}
    for id_, version, sealed in tx.session.execute(_OF_NEGOTIATIONS, {"ids": list(versions)}):
        if version == versions[id_]:
            opened = open_submission(tx, sealed, negotiation_id=id_, version=version)
            _KNOWN.of(tx)[id_, version] = opened


def open_submission(tx: Transaction, sealed: bytes, *, negotiation_id: str, version: int) -> Submission:
    """The submission of a row that was read."""
    row = f"{negotiation_id}/{version}"
    return from_plain(Submission, open_json(tx, sealed, table="submission", column="body", row=row))


def plain_versions(tx: Transaction, negotiation_id: str) -> list[Plain]:
    """Every version as it was sealed, the first first: with what its digest was made over, and nothing that came later.

    Empty once they were erased.
    """
    query = sa.select(SubmissionRecord.version, SubmissionRecord.body_sealed)
    rows = tx.session.execute(
        query.where(SubmissionRecord.negotiation_id == negotiation_id).order_by(SubmissionRecord.version)
    )
    return [
        open_json(tx, sealed, table="submission", column="body", row=f"{negotiation_id}/{version}")
        for version, sealed in rows
    ]
