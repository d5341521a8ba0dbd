"""Keyed hashes of what applications came from: the browser, who helps, the block of numbers; kept for a month."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from hub.domain.doubts import TraceSort
from storage.database import adding_once
from storage.records import ApplicationRecord, ApplicationTraceRecord, NegotiationRecord, Record
from storage.transaction import Transaction

# An application is looked at for each of its banks, by two workers at once.
_ADD = adding_once(
    Record.metadata.tables["application_trace"],
    "application_id", "sort", "digest", "noted_at",
    by=("application_id", "sort"),
)  # fmt: skip


def note(tx: Transaction, application_id: str, sort: TraceSort, value: str, *, at: datetime) -> None:
    """The application is found by `value`, at most one of a sort; what was noted before stays."""
    digest = tx.keyring.index(value, purpose=f"trace/{sort}")
    tx.session.execute(_ADD, {"application_id": application_id, "sort": sort, "digest": digest, "noted_at": at})


def people_alike(tx: Transaction, application_id: str, sort: TraceSort, *, since: datetime, among: int) -> int:
    """How many people's applications since then came from the same as this one, its own among them; 0 for none.

    No more than the newest `among` applications are looked at.
    """
    query = sa.select(sa.func.count(sa.distinct(ApplicationRecord.person_index))).where(
        ApplicationRecord.id.in_(_alike(application_id, sort, since, among)), ApplicationRecord.person_index != b""
    )
    return tx.session.scalar(query) or 0


def negotiations_alike(
    tx: Transaction, application_id: str, sort: TraceSort, *, since: datetime, among: int, limit: int
) -> list[str]:
    """Ids of the newest negotiations of others' such applications."""
    query = sa.select(NegotiationRecord.id).where(
        NegotiationRecord.application_id.in_(_alike(application_id, sort, since, among)),
        NegotiationRecord.application_id != application_id,
        NegotiationRecord.erased_at.is_(None),
    )
    return list(tx.session.scalars(query.order_by(NegotiationRecord.opened_at.desc()).limit(limit)))


def forget(tx: Transaction, before: datetime) -> None:
    """What was noted before then is gone."""
    tx.session.execute(sa.delete(ApplicationTraceRecord).where(ApplicationTraceRecord.noted_at < before))


def mobile_changed_at(
    tx: Transaction,
    application: ApplicationRecord,
    *,
    person: Sequence[bytes],
    mobiles: Sequence[bytes],
    since: datetime,
) -> datetime | None:
    """When the person last applied with a mobile that is none of these hashes, before this application; None if not."""
    query = sa.select(sa.func.max(ApplicationRecord.submitted_at)).where(
        ApplicationRecord.person_index.in_(person),
        ApplicationRecord.id != application.id,
        ApplicationRecord.submitted_at >= since,
        ApplicationRecord.submitted_at <= application.submitted_at,
        ApplicationRecord.mobile_index.not_in(mobiles),
    )
    return tx.session.scalar(query)


def _alike(application_id: str, sort: TraceSort, since: datetime, among: int) -> sa.Select[str]:
    """Ids of the newest applications since then that came from the same as this one, its own among them."""
    trace = ApplicationTraceRecord
    own = sa.select(trace.digest).where(trace.application_id == application_id, trace.sort == sort).scalar_subquery()
    found = sa.select(trace.application_id).where(trace.digest == own, trace.noted_at >= since)
    newest = found.order_by(trace.noted_at.desc()).limit(among).subquery()
    return sa.select(newest.c.application_id)
