"""Erasing a negotiation, its files or all of it: rows, keys and salts go in one transaction, with an entry of its own.

Bytes and kept answers follow in `leftovers`: once the keys are gone, nobody can read those bytes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from hub.domain.actor import HUB, Actor
from hub.domain.entry_kind import EntryKind
from hub.domain.export import ExportEvent
from hub.domain.lifecycle import Status
from hub.domain.log_chain import Attachment, erasure_of
from hub.domain.retention import Cause, DataClass, Extent
from hub.services.delivery import queueing
from hub.services.evidence.recordings import RECORDING
from hub.services.negotiations import negotiation_log
from hub.services.negotiations.entries import ERASED_BASIS, ERASED_WHAT, entry
from hub.services.operating import audit
from hub.services.operating.audit import AuditKind
from hub.services.transaction import HubTransaction
from storage import client_notices, erasing, erasures, exports, mails
from storage.communications import Entry
from storage.records import NegotiationRecord

NOT_TOLD_AT_THE_DESK: Final = frozenset({Cause.DUE})
"""What its time erased is told to a bank's system alone: a desk would get a mail a day that asks for nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Leftovers:
    """What is left to do once the rows are gone: names in the evidence store, and ids that kept answers may name."""

    store_names: Sequence[str] = ()
    ids: Sequence[str] = ()


def class_of(negotiation: NegotiationRecord, extent: Extent) -> DataClass:
    """By which class that much of the negotiation is kept."""
    if negotiation.status == Status.AGREED:
        return DataClass.AGREEMENT_FILES if extent is Extent.FILES else DataClass.AGREEMENT
    return DataClass.FILES if extent is Extent.FILES else DataClass.APPLICATION


def erase(tx: HubTransaction, negotiation: NegotiationRecord, extent: Extent, cause: Cause) -> Leftovers:
    """That much of the negotiation is gone; the log says so, and bank and host app are told. The row must be locked.

    Whether it may go is the caller's to know. What is gone already leaves nothing to do.
    """
    if negotiation.erased_at is not None or (extent is Extent.FILES and negotiation.files_erased_at is not None):
        return Leftovers()
    data_class = class_of(negotiation, extent)
    # The recording is what there is of an oral agreement: it stays as long as that.
    kept = (RECORDING,) if data_class is DataClass.AGREEMENT_FILES else ()
    files = erasing.list_files(tx, negotiation.id, but=kept)
    if extent is Extent.WHOLE:
        gone = [*erasing.logged_words(tx, negotiation.id), *erasing.logged_digests(tx, negotiation.id)]
    else:
        gone = erasing.logged_digests(tx, negotiation.id, of=set(files))
    names = erasing.take_files(tx, negotiation.id, files)
    negotiation.files_erased_at = negotiation.files_erased_at or tx.now
    if extent is Extent.WHOLE:
        negotiation.erased_at, negotiation.over_at = tx.now, None
        tx.session.flush()
        mails.drop(tx, negotiation.id)
        erasing.drop_forms_about(tx, negotiation.id)
        names += _take_exports(tx, negotiation)
        names += erasing.take_all(tx, negotiation)
    _tell(tx, negotiation, data_class, cause, [erasure_of(id_, digest) for id_, digest in gone])
    whole = (negotiation.id, negotiation.application_id) if extent is Extent.WHOLE else ()
    return Leftovers(store_names=names, ids=(*whole, *files))


def _take_exports(tx: HubTransaction, negotiation: NegotiationRecord) -> list[str]:
    names = []
    for record in erasures.exports_in_full_of(tx, negotiation):
        exports.apply_event(tx, record, ExportEvent.EXPIRED)
        names.append(exports.take_file(record) or "")
        audit.note(tx, AuditKind.EXPORT_EXPIRED, record.id, bank_code=record.bank_code, export=record.kind)
    return names


def _tell(
    tx: HubTransaction, negotiation: NegotiationRecord, data_class: DataClass, cause: Cause, gone: Sequence[Attachment]
) -> None:
    words = entry(
        EntryKind.ERASED,
        _teller(tx, cause),
        gone,
        what=ERASED_WHAT[data_class],
        basis=ERASED_BASIS[cause],
        count=len(gone),
    )
    written = negotiation_log.note(tx, negotiation, words)
    client_notices.note_change(tx, negotiation)
    audit.note(
        tx, AuditKind.ERASED, negotiation.reference, bank_code=negotiation.bank_code, data=data_class, cause=cause
    )
    _tell_bank(tx, negotiation, written, data_class, cause)


def _teller(tx: HubTransaction, cause: Cause) -> Actor:
    return HUB if cause is Cause.DUE else tx.actor


def _tell_bank(
    tx: HubTransaction, negotiation: NegotiationRecord, written: Entry, data_class: DataClass, cause: Cause
) -> None:
    if negotiation.reached_bank_at is None:
        return
    tell = queueing.queue_entry_for_systems if cause in NOT_TOLD_AT_THE_DESK else queueing.queue_entry
    tell(tx, negotiation, written, about={"erased": data_class})
