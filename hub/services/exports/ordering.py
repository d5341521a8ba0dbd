"""Exports as actions of people: asked for, looked at by a second person where people are named in full, and taken."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from hub.domain.china import CHINA
from hub.domain.errors import Fault, NotAllowed, NotFound, Refused, StatusConflict
from hub.domain.export import (
    KEPT,
    MAY_APPROVE,
    MOST_UNDER_WAY,
    WAITS_FOR_APPROVAL,
    ExportEvent,
    ExportKind,
    ExportOrder,
    ExportStatus,
    order_faults,
)
from hub.domain.people import says_nothing
from hub.domain.queue_query import question_of
from hub.domain.staff import Role
from hub.jobs.port import Job
from hub.services.accounts.staff import Staff
from hub.services.evidence.contents import Content
from hub.services.exports import queue_cases
from hub.services.exports.rows import NAMES_ZH
from hub.services.operating import audit, many_readings
from hub.services.operating.audit import AuditKind
from hub.services.reading.bank.people import Author, author_of, names_of
from hub.services.transaction import HubTransaction
from storage import access_log, exports
from storage.evidence_store import EvidenceStore
from storage.records import ExportRecord

MAKE_EXPORT = "make_export"
TAKEN_IN_FULL = "table_export"
"""How the access log calls it that a table named a person in full."""
_MEDIA = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


def ask(tx: HubTransaction, person: Staff, order: ExportOrder) -> str:
    """The export is asked for; gives its id. A masked one is made at once, one in full waits for a second person.

    Raises `Refused` for what somebody of that role cannot have, where something is missing, and while too many of the
    person's own are not made yet.
    """
    if order.kind is ExportKind.QUEUE and not order.ids:
        which, ids = queue_cases.fixed(tx, person, question_of(order.which))
        order = replace(order, which=which, ids=ids)
    faults = order_faults(order, Role(person.role))
    if exports.count_under_way(tx, person.bank, by=str(tx.actor)) >= MOST_UNDER_WAY:
        faults.append(Fault("", "too_many_exports", {"most": MOST_UNDER_WAY}))
    if faults:
        raise Refused(*faults)
    expires_at = tx.now + WAITS_FOR_APPROVAL if order.in_full else None
    record = exports.add(tx, person.bank, order, by=str(tx.actor), expires_at=expires_at)
    audit.note(
        tx,
        AuditKind.EXPORT_ASKED,
        record.id,
        bank_code=person.bank,
        export=order.kind,
        fields=list(order.fields),
        in_full=int(order.in_full),
        reason=order.reason or None,
    )
    many_readings.look_at_tables(tx, bank_code=person.bank)
    if not order.in_full:
        tx.jobs.enqueue(tx.session, job_of(record.id, record.bank_code, why="asked"))
    return record.id


def job_of(export_id: str, bank_code: str, *, why: str) -> Job:
    """The job that makes the export: one for each reason."""
    key = f"{MAKE_EXPORT}:{export_id}:{why}"
    return Job(name=MAKE_EXPORT, key=key, argument=export_id, queue="exports", partition=bank_code)


def decide(tx: HubTransaction, person: Staff, export_id: str, *, approves: bool, text: str) -> None:
    """A second person has said yes, and it is made; or no, with words.

    Raises `NotFound`, `NotAllowed` for who asked for it and for every other role, `StatusConflict` where it does not
    wait any more, and `Refused` for a no without words.
    """
    record = _locked(tx, person, export_id)
    if person.role not in MAY_APPROVE or record.asked_by == str(tx.actor):
        raise NotAllowed(Role.SUPERVISOR)
    if not approves and says_nothing(text):
        raise Refused(Fault("/text", "text_required"))
    exports.apply_event(tx, record, ExportEvent.APPROVED if approves else ExportEvent.RETURNED)
    record.decided_by, record.expires_at = str(tx.actor), None
    exports.set_decision(tx, record, text)
    kind = AuditKind.EXPORT_APPROVED if approves else AuditKind.EXPORT_RETURNED
    audit.note(tx, kind, record.id, bank_code=person.bank, export=record.kind, asked_by=record.asked_by)
    if approves:
        tx.jobs.enqueue(tx.session, job_of(record.id, record.bank_code, why="approved"))


def take(tx: HubTransaction, store: EvidenceStore, person: Staff, export_id: str) -> Content:
    """The file, for who asked for it; in the audit, and with each person whom it names in full.

    Raises `NotFound` for everybody else, and `StatusConflict` where there is no file, or none any more.
    """
    record = _locked(tx, person, export_id)
    if record.asked_by != str(tx.actor):
        raise NotFound
    is_over = record.expires_at is None or record.expires_at <= tx.now
    if record.status != ExportStatus.READY or record.store_name is None or record.size is None or is_over:
        raise StatusConflict(record.status, "taken")
    order = exports.order_of(tx, record)
    in_full = int(record.in_full)
    audit.note(tx, AuditKind.EXPORT_TAKEN, record.id, bank_code=person.bank, export=record.kind, in_full=in_full)
    if record.in_full:
        what = f"{TAKEN_IN_FULL}/{order.reason}"
        access_log.note_all(tx, record.people or [], bank_code=record.bank_code, actor=tx.actor, what=what)
    read = partial(store.read, record.store_name, exports.key_of(tx, record), record.size)
    return Content(
        store_name=record.store_name,
        file_name=file_name(record),
        media_type=_MEDIA[record.format],
        size=record.size,
        sha256=record.sha256 or "",
        chunks=read(),
        read=read,
    )


def file_name(record: ExportRecord) -> str:
    """Under which name a browser keeps it."""
    return f"{NAMES_ZH[ExportKind(record.kind)]}-{record.asked_at.astimezone(CHINA):%Y%m%d-%H%M}.{record.format}"


def _locked(tx: HubTransaction, person: Staff, export_id: str) -> ExportRecord:
    record = exports.lock(tx, exports.get(tx, export_id, bank_code=person.bank).id)
    if record is None:
        raise NotFound
    return record


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportShown:
    """An export as its bank's people see it; `order.reason` and `decision` are words of theirs."""

    id: str
    order: ExportOrder
    status: ExportStatus
    asked_by: Author
    is_mine: bool
    asked_at: datetime
    decided_by: Author | None
    decision: str
    rows_done: int
    size: int | None
    fault: str | None
    expires_at: datetime | None
    may_decide: bool


def list_exports(
    tx: HubTransaction, person: Staff, *, after: str | None, limit: int
) -> tuple[Sequence[ExportShown], str]:
    """The bank's exports, the newest first, and behind which id there are more, or an empty text.

    A clerk sees the own ones.
    """
    by = str(tx.actor) if person.role == Role.REVIEWER else None
    found = exports.list_newest(tx, person.bank, by=by, after=after, limit=limit + 1)
    names = names_of(tx, person.bank)
    shown = [_shown(tx, person, each, names) for each in found[:limit]]
    return shown, shown[-1].id if len(found) > limit else ""


def get(tx: HubTransaction, person: Staff, export_id: str) -> ExportShown:
    """One export; raises `NotFound` for another bank's, and for a colleague's to a clerk."""
    record = exports.get(tx, export_id, bank_code=person.bank)
    if person.role == Role.REVIEWER and record.asked_by != str(tx.actor):
        raise NotFound
    return _shown(tx, person, record, names_of(tx, person.bank))


def _shown(tx: HubTransaction, person: Staff, record: ExportRecord, names: dict[str, str]) -> ExportShown:
    status, mine = ExportStatus(record.status), record.asked_by == str(tx.actor)
    return ExportShown(
        id=record.id,
        order=exports.order_of(tx, record),
        status=status,
        asked_by=author_of(record.asked_by, names),
        is_mine=mine,
        asked_at=record.asked_at,
        decided_by=None if record.decided_by is None else author_of(record.decided_by, names),
        decision=exports.decision_of(tx, record),
        rows_done=record.rows_done,
        size=record.size,
        fault=record.fault,
        expires_at=record.expires_at,
        may_decide=status is ExportStatus.AWAITING_APPROVAL and not mine and person.role in MAY_APPROVE,
    )


__all__ = ["KEPT", "MAKE_EXPORT", "ask", "decide", "file_name", "get", "job_of", "list_exports", "take"]
