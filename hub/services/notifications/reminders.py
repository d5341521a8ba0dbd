"""Reminders: the clocks are asked which steps of the ladder are due, and each step is put into the outbox once.

A step belongs to a clock and a due time: one that moves has its steps planned anew, none twice for the same time.
"""

from hub.domain.reminders import StageTime, ladder
from hub.mail.kinds import kind_of
from hub.services.notifications.outbox import put, stamp
from hub.services.transaction import HubTransaction
from storage import clocks
from storage.mails import NewMail, Reader
from storage.records import ClockRecord


def plan_due(tx: HubTransaction, *, limit: int) -> int:
    """Steps due by now are in the outbox, for at most `limit` clocks; gives for how many.

    Where several are due at once, only the last still says something true: it is sent, and those before it, like all
    of them once the due time is past, are kept as not needed.
    """
    calendar = tx.calendar()
    due = clocks.take_to_remind(tx, tx.now, limit)
    ladders = {at: ladder(at, calendar) for at in {clock.due_at for clock in due}}
    new: list[NewMail] = []
    for clock in due:
        steps = ladders[clock.due_at]
        passed = [step for step in steps if clock.opened_at < step.at <= tx.now]
        new += [_reminder(clock, step, needed=step is passed[-1] and tx.now <= clock.due_at) for step in passed]
        clock.remind_at = next((step.at for step in steps if step.at > tx.now), None)
    put(tx, *new)
    return len(due)


def _reminder(clock: ClockRecord, step: StageTime, *, needed: bool) -> NewMail:
    return NewMail(
        key=f"{step.stage}:{clock.id}:{stamp(clock.due_at)}",
        kind=kind_of(step.stage),
        reader=Reader.DESK,
        negotiation_id=clock.negotiation_id,
        bank_code=clock.bank_code,
        about_id=clock.id,
        tells=clock.due_at,
        not_before=step.at,
        needed=needed,
    )
