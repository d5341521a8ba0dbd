"""The load of a month, worked out of the bills of that moment and of what the person last said they earn."""

import calendar
from datetime import date

from hub.domain.load import LoadSnapshot, load_of
from hub.domain.plain import Plain
from hub.services.accounts.subjects import Subject, negotiations_of
from hub.services.bills import bills
from hub.services.transaction import HubTransaction
from storage.submissions import submission_of


def load_for(tx: HubTransaction, subject: Subject, month: date) -> LoadSnapshot:
    """The load of the month that begins on `month`; nothing of it is kept."""
    last = month.replace(day=calendar.monthrange(month.year, month.month)[1])
    found = bills.list_for(tx, subject, first=month, last=last)
    return load_of(month, found, income_fen=_income_fen(tx, subject))


def _income_fen(tx: HubTransaction, subject: Subject) -> int | None:
    """What the person said they earn a month when they applied last; None where they never did."""
    there = [each for each in negotiations_of(tx, subject) if each.erased_at is None]
    newest = max(there, key=lambda each: (each.opened_at, each.id), default=None)
    return None if newest is None else submission_of(tx, newest).finances.monthly_income_fen


def view(tx: HubTransaction, load: LoadSnapshot) -> Plain:
    """The load as the API shows it."""
    return {
        "month": f"{load.month:%Y-%m}",
        "income_fen": load.income_fen,
        "due_fen": load.due_fen,
        "minimum_fen": load.minimum_fen,
        "percent": load.percent,
        "band": load.band,
        "should_negotiate": load.should_negotiate,
        "debts": [bills.view(tx, each) for each in load.debts],
    }
