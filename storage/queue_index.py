"""What the queue and its search need of a submission, kept beside the negotiation: a summary, marks and search keys.

Nothing of it says in clear who the person is or why they cannot pay: the summary is sealed, reasons and search keys
are keyed hashes that take in the bank, so that two banks' never match.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from hub.domain.application import HardshipReason
from hub.domain.case_search import card_key, keys_of
from hub.domain.queue_summary import HUNDRED_YUAN, QueueSummary
from hub.domain.submission import Submission
from storage.records import NegotiationRecord, Record, SearchKeyRecord
from storage.records.negotiations import UNINDEXED_SQL
from storage.sealed_json import open_json, seal_json
from storage.submissions import submission_of
from storage.transaction import Transaction

_KEY_LENGTH = 16
_MARK_LENGTH = 4
_ADD = sa.insert(Record.metadata.tables["search_key"])


def columns_of(tx: Transaction, *, id_: str, bank_code: str, version: int, submission: Submission) -> dict[str, Any]:
    """The columns of the negotiation that go with this version of its submission."""
    summary = QueueSummary.of(submission)
    marks = (tx.keyring.index(_reason(bank_code, each), purpose="reason") for each in summary.reasons)
    return {
        "summary_sealed": _sealed(tx, summary, id_=id_, version=version),
        "owed_hundreds": summary.owed_fen // HUNDRED_YUAN,
        "reason_marks": " ".join(_mark(each) for each in marks),
    }


def summary_of(tx: Transaction, sealed: bytes, *, id_: str, version: int) -> QueueSummary:
    """What `columns_of` sealed."""
    return QueueSummary.from_plain(open_json(tx, sealed, table="negotiation", column="summary", row=f"{id_}/{version}"))


def said_of(tx: Transaction, negotiation: NegotiationRecord) -> QueueSummary | None:
    """What the queue says of the negotiation now; None where nothing is kept of it."""
    if negotiation.summary_sealed is None:
        return None
    return summary_of(tx, negotiation.summary_sealed, id_=negotiation.id, version=negotiation.version)


def marks_of(tx: Transaction, bank_code: str, reasons: Iterable[HardshipReason]) -> list[str]:
    """By which marks cases with any of the reasons are found, whichever key they were written under."""
    return [
        _mark(index) for each in reasons for index in tx.keyring.indexes(_reason(bank_code, each), purpose="reason")
    ]


def add_keys(tx: Transaction, cases: Sequence[tuple[str, str, str, Submission]]) -> None:
    """Each case (id, bank code, reference, submission in force) can be searched for; it had no keys before."""
    rows = [
        _sought_row(tx, id_, bank_code, key)
        for id_, bank_code, reference, submission in cases
        for key in keys_of(reference, submission)
    ]
    tx.session.execute(_ADD, rows)


def _sought_row(tx: Transaction, id_: str, bank_code: str, key: str) -> dict[str, Any]:
    index = tx.keyring.index(_sought(bank_code, key), purpose="search")
    return {"bank_code": bank_code, "key": _key(index), "negotiation_id": id_}


def include(tx: Transaction, negotiation: NegotiationRecord, last4: str, owed_fen: int) -> None:
    """The queue shows and finds a further card of the case, and what is owed on it; the row must be locked."""
    before = said_of(tx, negotiation)
    if before is None:
        return
    after = replace(before, cards=(*before.cards, last4), owed_fen=before.owed_fen + owed_fen)
    negotiation.summary_sealed = _sealed(tx, after, id_=negotiation.id, version=negotiation.version)
    negotiation.owed_hundreds = after.owed_fen // HUNDRED_YUAN
    if last4 not in before.cards:
        tx.session.execute(_ADD, [_sought_row(tx, negotiation.id, negotiation.bank_code, card_key(last4))])


def write(tx: Transaction, negotiation: NegotiationRecord, submission: Submission) -> None:
    """All that is kept for the queue follows from this submission, the version that the row names."""
    tx.session.execute(sa.delete(SearchKeyRecord).where(SearchKeyRecord.negotiation_id == negotiation.id))
    columns = columns_of(
        tx, id_=negotiation.id, bank_code=negotiation.bank_code, version=negotiation.version, submission=submission
    )
    for name, value in columns.items():
        setattr(negotiation, name, value)
    add_keys(tx, [(negotiation.id, negotiation.bank_code, negotiation.reference, submission)])


def hide_reasons(tx: Transaction, negotiation: NegotiationRecord) -> None:
    """The queue neither shows nor finds by why the person cannot pay; the row must be locked."""
    summary = said_of(tx, negotiation)
    if summary is None:
        return
    kept = replace(summary, reasons=(), support_needs=(), representative_flags=())
    negotiation.summary_sealed = _sealed(tx, kept, id_=negotiation.id, version=negotiation.version)
    negotiation.reason_marks = ""


def _sealed(tx: Transaction, summary: QueueSummary, *, id_: str, version: int) -> bytes:
    return seal_json(tx, summary.plain(), table="negotiation", column="summary", row=f"{id_}/{version}")


def list_unindexed(tx: Transaction, limit: int) -> list[str]:
    """Ids of negotiations of before there was anything of this; most of the time none."""
    query = sa.select(NegotiationRecord.id).where(sa.text(UNINDEXED_SQL)).order_by(NegotiationRecord.id).limit(limit)
    return list(tx.session.scalars(query))


def index_old(tx: Transaction, ids: Sequence[str]) -> None:
    """Those of `ids` that still have nothing of this, and that nobody else holds, have it now."""
    query = (
        sa.select(NegotiationRecord)
        .where(NegotiationRecord.id.in_(ids), sa.text(UNINDEXED_SQL))
        .order_by(NegotiationRecord.id)
        .with_for_update(skip_locked=True)
    )
    for negotiation in tx.session.scalars(query).all():
        write(tx, negotiation, submission_of(tx, negotiation))


def find(tx: Transaction, bank_code: str, keys: Sequence[str], *, most: int) -> list[str]:
    """Ids of the bank's cases that any of the search keys finds and that the bank has, the newest first."""
    hashes = [_key(index) for each in keys for index in tx.keyring.indexes(_sought(bank_code, each), purpose="search")]
    query = (
        sa.select(NegotiationRecord.id)
        .join(SearchKeyRecord, SearchKeyRecord.negotiation_id == NegotiationRecord.id)
        .where(
            SearchKeyRecord.bank_code == bank_code,
            SearchKeyRecord.key.in_(hashes),
            NegotiationRecord.bank_code == bank_code,
            NegotiationRecord.reached_bank_at.is_not(None),
        )
        .distinct()
        .order_by(NegotiationRecord.id.desc())
        .limit(most)
    )
    return list(tx.session.scalars(query))


def _sought(bank_code: str, key: str) -> str:
    return f"{bank_code}/{key}"


def _reason(bank_code: str, reason: HardshipReason) -> str:
    return f"{bank_code}/{reason}"


def _key(index: bytes) -> bytes:
    return index[:_KEY_LENGTH]


def _mark(index: bytes) -> str:
    return index[:_MARK_LENGTH].hex()
