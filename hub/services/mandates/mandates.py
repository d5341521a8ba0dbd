"""Mandates as their person keeps them: recorded, changed as a further version, looked at when something is due."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from hub.domain.china import china_day
from hub.domain.errors import Fault, NotFound, Refused, StatusConflict
from hub.domain.mandate import (
    ACTIVE,
    MOST_MANDATES,
    MandateContents,
    MandateStatus,
    revoke_by,
    told_of,
)
from hub.domain.plain import Plain, instant, to_plain
from hub.services.accounts.subjects import Subject
from hub.services.mandates import telling
from hub.services.transaction import HubTransaction
from storage import mandates as rows
from storage.records import MandateRecord
from storage.spans import WHOLE, Span

_OWN = frozenset({"mobile", "email", "is_own_account"})
_REMOVABLE = frozenset({MandateStatus.RECORDED, MandateStatus.ENDED})


def add(tx: HubTransaction, subject: Subject, contents: MandateContents) -> MandateRecord:
    """The person's mandate is recorded, and they are told so; raises `Refused` `term_far` or `mandates_too_many`."""
    contents.require_near(china_day(tx.now))
    if sum(each.status in ACTIVE for each in list_for(tx, subject)) >= MOST_MANDATES:
        raise Refused(Fault("", "mandates_too_many", {"most": MOST_MANDATES}))
    record = rows.add(
        tx,
        subject.indexes[0],
        client_id=subject.client_id,
        contents=contents,
        look_at=_look_at(MandateStatus.RECORDED, contents, after=tx.now),
    )
    telling.recorded(tx, record, contents)
    return record


def change(tx: HubTransaction, subject: Subject, mandate_id: str, contents: MandateContents) -> MandateRecord:
    """The person's mandate says this as its next version; the same again changes nothing.

    Raises `NotFound`, `Refused` `term_far`, and `StatusConflict` once its revocation is on its way.
    """
    record = lock_own(tx, subject, mandate_id)
    contents.require_near(china_day(tx.now))
    if rows.contents_of(tx, record) != contents:
        rows.change(tx, record, contents)
        plan(tx, record)
    return record


def remove(tx: HubTransaction, subject: Subject, mandate_id: str) -> None:
    """The person's mandate is gone, with its versions; raises `NotFound`.

    Raises `StatusConflict` where a revocation was sent: what was delivered stays on record.
    """
    record = lock_own(tx, subject, mandate_id)
    if record.status not in _REMOVABLE:
        raise StatusConflict(record.status, "removed")
    rows.remove(tx, record)


def lock_own(tx: HubTransaction, subject: Subject, mandate_id: str) -> MandateRecord:
    """The person's mandate, locked; raises `NotFound` for an unknown one and for another's alike."""
    return _require_own(subject, rows.lock(tx, mandate_id))


def get_own(tx: HubTransaction, subject: Subject, mandate_id: str) -> MandateRecord:
    """The person's mandate; raises `NotFound` for an unknown one and for another's alike."""
    return _require_own(subject, rows.find(tx, mandate_id))


def _require_own(subject: Subject, record: MandateRecord | None) -> MandateRecord:
    if record is None or record.client_id != subject.client_id or record.owner_index not in subject.indexes:
        raise NotFound
    return record


def list_for(tx: HubTransaction, subject: Subject) -> list[MandateRecord]:
    """The person's mandates, the newest first."""
    return rows.list_of(tx, subject.indexes, client_id=subject.client_id)


def plan(tx: HubTransaction, record: MandateRecord, *, follow_at: datetime | None = None) -> None:
    """The mandate is looked at again when a deduction is to be told of, or when its term is over.

    While its revocation is on its way, at `follow_at` too, or at once where that is not given.
    """
    contents = rows.contents_of(tx, record)
    times = [_look_at(MandateStatus(record.status), contents, after=tx.now)]
    if record.status == MandateStatus.REVOKING:
        times.append(follow_at or tx.now)
    record.look_at = min((each for each in times if each is not None), default=None)


def _look_at(status: MandateStatus, contents: MandateContents, *, after: datetime) -> datetime | None:
    if status not in ACTIVE:
        return None
    times = [] if contents.ends_at is None else [max(contents.ends_at, after)]
    run = contents.next_run(china_day(after))
    while run is not None and told_of(run) <= after:
        run = contents.next_run(run + timedelta(days=1))
    if run is not None:
        times.append(told_of(run))
    return min(times, default=None)


def view(tx: HubTransaction, record: MandateRecord) -> Plain:
    """The mandate as API and exports show it."""
    contents = rows.contents_of(tx, record)
    run = contents.next_run(china_day(tx.now)) if record.status in ACTIVE else None
    plain = {name: value for name, value in to_plain(contents).items() if name not in _OWN}
    return {
        "id": record.id,
        "status": record.status,
        "version": record.version,
        **plain,
        "next_run_on": None if run is None else run.isoformat(),
        "revoke_by": None if run is None else revoke_by(run, tx.calendar()).isoformat(),
        "recorded_at": instant(record.recorded_at),
        "updated_at": instant(record.changed_at),
    }


def views_of_person(tx: HubTransaction, owner_indexes: Sequence[bytes], *, client_id: str) -> list[Plain]:
    """Every mandate that is kept of the person, with its versions, for their export."""
    return [
        {
            **view(tx, each),
            "mobile": rows.contents_of(tx, each).mobile,
            "email": rows.contents_of(tx, each).email,
            "revocation_signed_by": None if each.signed_sealed is None else rows.signed_of(tx, each).name,
            "earlier_versions": [
                {"version": old.number, "until": instant(old.until), **to_plain(old.contents)}
                for old in rows.earlier_of(tx, each)
            ],
        }
        for each in rows.list_of(tx, owner_indexes, client_id=client_id)
    ]


def faults(tx: HubTransaction, span: Span = WHOLE) -> Iterator[tuple[str, str, str]]:
    """(invariant, id, detail) of each mandate whose row says otherwise than what is sealed in it."""
    for mandate_id, detail in rows.list_disagreeing(tx, span):
        yield "mandates", mandate_id, detail
