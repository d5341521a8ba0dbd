"""Working days of China as the model counts them: one day after the other, from days written out by hand."""

from datetime import UTC, date, datetime, time, timedelta, timezone

CHINA = timezone(timedelta(hours=8))
ONE_DAY = timedelta(days=1)
# Between late November and the end of 2026 nothing but weekends is off.
STATUTORY = {
    *(date(2027, 1, day) for day in (1,)),
    *(date(2027, 2, day) for day in (5, 6, 7, 8)),
    *(date(2027, month, day) for month, day in ((4, 5), (5, 1), (5, 2), (6, 9), (9, 15), (10, 1), (10, 2), (10, 3))),
}
# A statutory day on a weekend is given back on the next working day, as long as no notice arranges the year.
GIVEN_BACK = {date(2027, month, day) for month, day in ((2, 9), (2, 10), (5, 3), (5, 4), (10, 4), (10, 5))}


def _days(*names: str) -> tuple[str, ...]:
    return tuple(f"2027-{name}" if len(name) == 5 else name for name in names)


# (days off, weekend days that work) of notices for 2027 that might have been published.
NOTICES: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = (
    (
        _days("01-01", "01-02", "01-03", *(f"02-{day:02}" for day in range(5, 13)), "04-03", "04-04", "04-05"),
        _days("01-30", "02-20", "02-21"),
    ),
    (
        _days("2026-12-31", "01-01", "01-02", *(f"02-{day:02}" for day in range(4, 12))),
        _days("2026-12-26", "01-09", "03-06", "03-13", "04-10"),
    ),
    (
        _days("01-01", *(f"01-{day:02}" for day in range(11, 16)), *(f"03-{day:02}" for day in range(1, 6))),
        _days("01-16", "01-17", "03-20"),
    ),
)


class Days:
    """Which days work. `notice` is the place in `NOTICES` of the one in force for 2027, or None."""

    def __init__(self) -> None:
        self.notice: int | None = None

    def works(self, day: date) -> bool:
        """Whether banks work on that day."""
        assert date(2026, 11, 1) <= day < date(2028, 1, 1), "the model knows no other days"
        if self.notice is not None:
            off, work = NOTICES[self.notice]
            if day.isoformat() in work:
                return True
            if day.isoformat() in off:
                return False
        elif day in GIVEN_BACK:
            return False
        return day not in STATUTORY and day.weekday() < 5

    def after(self, day: date, number: int) -> date:
        """The `number`th working day after `day`."""
        while number:
            day += ONE_DAY
            number -= self.works(day)
        return day

    def between(self, after: date, until: date) -> int:
        """How many working days come after the first day up to the last."""
        return sum(self.works(after + n * ONE_DAY) for n in range(1, (until - after).days + 1))

    def provisional(self, until: date) -> bool:
        """Whether a due day rests on a year without a notice."""
        return until.year == 2027 and self.notice is None


def day_of(at: datetime) -> date:
    """The day in China."""
    return at.astimezone(CHINA).date()


def closing(day: date, at: time) -> datetime:
    """That time of that day in China."""
    return datetime.combine(day, at, CHINA).astimezone(UTC)
