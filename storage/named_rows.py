"""What the log names by id and digest, and which of the rows that it names are there."""

from collections.abc import Collection, Mapping
from typing import Any, Final

import sqlalchemy as sa

from hub.domain.entry_kind import EntryKind
from hub.domain.evidence import EvidenceKind
from hub.domain.log_chain import FILE
from storage import given_evidence
from storage.records import (
    AgreementRecord,
    DocumentRecord,
    EvidenceRecord,
    LogEntryRecord,
    OfferRecord,
)
from storage.transaction import Transaction

_ERASED: Final = str(EntryKind.ERASED)
_BY_KIND: Final[Mapping[str, type[Any]]] = {
    "offer": OfferRecord,
    "agreement_contents": AgreementRecord,
    **dict.fromkeys((FILE, *map(str, EvidenceKind)), EvidenceRecord),
}
_OF_PAPERS: Final = str(EntryKind.DOCUMENT_PRINTED)


def list_gone(tx: Transaction, negotiation_id: str) -> list[tuple[str, str]]:
    """(what, id) of each offer, agreement, paper and file that the log names, that is gone and that nobody erased.

    A file is gone, too, that is no longer given to the negotiation as what the log has it.
    """
    query = sa.select(LogEntryRecord.kind, LogEntryRecord.attachments).where(
        LogEntryRecord.negotiation_id == negotiation_id
    )
    named = [(kind, each) for kind, attachments in tx.session.execute(query) for each in attachments]
    erased = {each["id"] for kind, each in named if kind == _ERASED}
    wanted: dict[type[Any], dict[str, str]] = {}
    for kind, each in named:
        record = DocumentRecord if kind == _OF_PAPERS else _BY_KIND.get(each["kind"])
        if record is not None and each["id"] not in erased:
            wanted.setdefault(record, {})[each["id"]] = each["kind"]
    given = _kinds_given(tx, negotiation_id)
    found = []
    for record, kinds in wanted.items():
        there = _there(tx, record, kinds)
        found += [
            (kind, id_)
            for id_, kind in kinds.items()
            if id_ not in there or (record is EvidenceRecord and kind not in given.get(id_, ()))
        ]
    return sorted(found)


def digests_of(tx: Transaction, negotiation_id: str, kind: str) -> set[str]:
    """The digests of everything of that kind that an entry of the negotiation names."""
    query = sa.select(LogEntryRecord.attachments).where(LogEntryRecord.negotiation_id == negotiation_id)
    return {each["sha256"] for named in tx.session.scalars(query) for each in named if each["kind"] == kind}


def count_of(tx: Transaction, negotiation_id: str, kind: EntryKind) -> int:
    """How many entries of that kind the negotiation's log has."""
    table = LogEntryRecord
    mine = (table.negotiation_id == negotiation_id, table.kind == kind)
    return tx.session.scalar(sa.select(sa.func.count()).select_from(table).where(*mine)) or 0


def _there(tx: Transaction, record: type[Any], ids: Collection[str]) -> set[str]:
    return set(tx.session.scalars(sa.select(record.id).where(record.id.in_(ids))))


def _kinds_given(tx: Transaction, negotiation_id: str) -> Mapping[str, set[str]]:
    found: dict[str, set[str]] = {}
    for each in given_evidence.list_kinds(tx, negotiation_id):
        # Older entries say the kind, all others that it is a file.
        found.setdefault(each.evidence_id, {FILE}).add(each.kind)
    return found
