"""Mandates over time: deductions told of, terms that end, and revocations followed until they are answered."""

from datetime import datetime, timedelta

from hub.domain.china import china_day
from hub.domain.mandate import MandateEvent, MandateStatus, told_of
from hub.services.mandates import mandates, revoking, telling
from hub.services.transaction import HubTransaction
from hub.steps import reached
from storage import mandates as rows
from storage.records import ServiceRequestRecord

# How soon it is looked whether a revocation has arrived, or was noted as late.
_AGAIN = timedelta(minutes=5)


def look(tx: HubTransaction, mandate_id: str) -> None:
    """What is due of the mandate by now has happened; a second call does nothing.

    Its term is over and it has ended, its person is told of a deduction that comes, or of what became of a revocation.
    What was told once is never told again.
    """
    record = rows.lock(tx, mandate_id)
    if record is None or record.look_at is None or record.look_at > tx.now:
        return
    contents = rows.contents_of(tx, record)
    requests = revoking.requests_of(tx, record) if record.status == MandateStatus.REVOKING else []
    if requests:
        revoking.follow(tx, record, contents)
        reached("revocation.followed")
    if contents.ends_at is not None and contents.ends_at <= tx.now:
        rows.apply_event(tx, record, MandateEvent.TERM_OVER)
        record.look_at = None
        reached("mandate.ended")
        return
    run = contents.next_run(china_day(tx.now))
    if run is not None and told_of(run) <= tx.now:
        telling.deduction_ahead(tx, record, contents, run)
        reached("mandate.told")
    waits = [_look_again(tx, each) for each in requests if each.answered_at is None and each.breach_noted_at is None]
    mandates.plan(tx, record, follow_at=min(waits) if waits else tx.now + timedelta(days=1))


def _look_again(tx: HubTransaction, request: ServiceRequestRecord) -> datetime:
    """When something may be new of the revocation with one receiver."""
    has_clock = request.clock_opened_at is not None
    return max(request.due_at, tx.now) + _AGAIN if has_clock else tx.now + _AGAIN
