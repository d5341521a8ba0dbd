"""The day of the month on which wages come, and what it means for the day on which to pay (`pay_day`)."""

import calendar
from datetime import date

from dateutil.relativedelta import relativedelta

LAST_DAY = 31
"""Wages of a day that a month does not have come on its last."""
DAYS_BETWEEN = 2
"""So long after the wages a payment is best due: a transfer may take a working day."""

_LAST_SURE_DAY = 28
_MOST_DAYS_AFTER = 7


def best_due_day(wage_day: int) -> int:
    """The day of the month, 1 to 28, that comes soonest and in no month before `DAYS_BETWEEN` days after the wages."""
    if wage_day + DAYS_BETWEEN <= _LAST_SURE_DAY:
        return wage_day + DAYS_BETWEEN
    # Behind the end of the shortest month a day must be of the next one.
    return min(wage_day, _LAST_SURE_DAY) + DAYS_BETWEEN - _LAST_SURE_DAY


def days_since_wages(due_on: date, wage_day: int) -> int:
    """How many days before `due_on` the wages came last; 0 on their day."""
    this_month = _wages_of(due_on, wage_day)
    if this_month <= due_on:
        return (due_on - this_month).days
    return (due_on - _wages_of(due_on - relativedelta(months=1, day=1), wage_day)).days


def is_well_placed(due_on: date, wage_day: int) -> bool:
    """Whether the payment falls due in the days after the wages, when the money is most likely still there."""
    return DAYS_BETWEEN <= days_since_wages(due_on, wage_day) <= _MOST_DAYS_AFTER


def first_due_on_after(earliest: date, wage_day: int) -> date:
    """The first day, on `earliest` or later, that is the best one to pay on."""
    day = best_due_day(wage_day)
    found = earliest.replace(day=day)
    return found if found >= earliest else found + relativedelta(months=1)


def _wages_of(month: date, wage_day: int) -> date:
    last = calendar.monthrange(month.year, month.month)[1]
    return month.replace(day=min(wage_day, last))
