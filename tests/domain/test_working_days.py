"""Working days against the State Council's notices, the years without one, and counting."""

from collections.abc import Set as AbstractSet
from datetime import date, timedelta

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.domain.errors import InvalidValue
from hub.domain.notices import PUBLISHED, Notice
from hub.domain.working_days import Calendar, DayCode, YearBasis

CALENDAR = Calendar.of()
OF_2025, OF_2026 = "国办发明电〔2024〕12号", "国办发明电〔2025〕7号"
BOTH_AUTUMN_FESTIVALS = ("国庆节、中秋节", "National Day and Mid-Autumn Festival")


def days(first: date, last: date) -> list[date]:
    """The days from `first` to `last`."""
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def notice_of(
    year: int,
    *,
    off: AbstractSet[date],
    work: AbstractSet[date] = frozenset(),
    number: str = "国办发明电〔2026〕9号",
) -> Notice:
    """A notice for `year` as an operator would import it."""
    published_on = date(year - 1, 11, 25)
    return Notice(year=year, notice=number, published_on=published_on, off=frozenset(off), work=frozenset(work))


SPRING_FESTIVAL_2027 = notice_of(
    2027,
    off={*days(date(2027, 1, 1), date(2027, 1, 3)), *days(date(2027, 2, 5), date(2027, 2, 12))},
    work={date(2027, 1, 30), date(2027, 2, 20)},
)


def test_every_day_from_2010_to_2026_agrees_with_the_library() -> None:
    library = holidays.country_holidays("CN", years=range(2009, 2028))
    wrong = [
        day
        for day in days(date(2010, 1, 1), date(2026, 12, 31))
        if CALENDAR.is_working_day(day) != library.is_working_day(day)
    ]
    assert wrong == []


def test_2026_has_248_working_days() -> None:
    assert CALENDAR.working_days_between(date(2025, 12, 31), date(2026, 12, 31)) == 248


@pytest.mark.parametrize(
    ("received", "due"),
    [
        ("2025-09-26", "2025-10-13"),
        ("2026-01-30", "2026-02-10"),
        ("2026-02-12", "2026-02-28"),
        ("2026-02-13", "2026-03-02"),
        ("2026-02-14", "2026-03-03"),
        ("2026-02-16", "2026-03-03"),
        ("2026-04-02", "2026-04-14"),
        ("2026-04-29", "2026-05-12"),
        ("2026-06-17", "2026-06-29"),
        ("2026-09-18", "2026-09-29"),
        ("2026-09-24", "2026-10-12"),
        ("2026-09-30", "2026-10-15"),
        ("2026-11-20", "2026-12-01"),
        ("2026-12-22", "2026-12-31"),
    ],
)
def test_the_seventh_working_day_by_hand_from_the_notices(received: str, due: str) -> None:
    assert CALENDAR.nth_working_day_after(date.fromisoformat(received), 7) == date.fromisoformat(due)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2026-11-20", (True, "working_day", "工作日", "working day", None)),
        ("2026-11-21", (False, "weekend", "周末", "weekend", None)),
        ("2026-10-01", (False, "public_holiday", "国庆节", "National Day", OF_2026)),
        ("2026-10-07", (False, "public_holiday", "国庆节", "National Day", OF_2026)),
        ("2026-10-10", (True, "make_up_working_day", "调休上班", "make-up working day", OF_2026)),
        ("2026-02-15", (False, "public_holiday", "春节", "Spring Festival", OF_2026)),
        ("2026-02-16", (False, "public_holiday", "春节", "Spring Festival", OF_2026)),
        ("2026-01-03", (False, "public_holiday", "元旦", "New Year's Day", OF_2026)),
        ("2025-10-06", (False, "public_holiday", "中秋节", "Mid-Autumn Festival", OF_2025)),
        ("2025-10-07", (False, "public_holiday", *BOTH_AUTUMN_FESTIVALS, OF_2025)),
        ("2024-10-07", (False, "public_holiday", "国庆节", "National Day", None)),
        ("2024-10-05", (False, "weekend", "周末", "weekend", None)),
        ("2018-12-31", (False, "public_holiday", "元旦", "New Year's Day", None)),
        ("2018-12-29", (True, "make_up_working_day", "调休上班", "make-up working day", None)),
        ("2020-10-01", (False, "public_holiday", *BOTH_AUTUMN_FESTIVALS, None)),
        ("2027-02-09", (False, "public_holiday", "春节", "Spring Festival", None)),
    ],
)
def test_a_day_says_why_it_works_or_not(day: str, expected: tuple[bool, str, str, str, str | None]) -> None:
    reason = CALENDAR.why(date.fromisoformat(day))
    assert (reason.works, reason.code, reason.name_zh, reason.name_en, reason.notice) == expected


def test_a_day_off_that_belongs_to_no_festival_is_still_a_holiday() -> None:
    off = {date(2027, 7, 14)}
    reason = Calendar.of([notice_of(2027, off=off)]).why(date(2027, 7, 14))
    assert (reason.code, reason.name_zh) == (DayCode.PUBLIC_HOLIDAY, "放假")


@pytest.mark.parametrize("year", [2001, 2010, 2024, 2025, 2026])
def test_an_arranged_year_is_not_provisional(year: int) -> None:
    assert not CALENDAR.is_provisional(year)


def test_a_year_without_a_notice_is_provisional() -> None:
    assert CALENDAR.is_provisional(2027)


def test_a_provisional_year_rests_on_the_statutory_days() -> None:
    assert not CALENDAR.is_working_day(date(2027, 2, 8))
    assert CALENDAR.is_working_day(date(2027, 2, 11))
    assert not CALENDAR.is_working_day(date(2027, 2, 20))


def test_an_imported_notice_ends_the_provisional_year() -> None:
    calendar = Calendar.of([SPRING_FESTIVAL_2027])
    assert not calendar.is_provisional(2027)
    assert not calendar.is_working_day(date(2027, 2, 11))
    assert calendar.is_working_day(date(2027, 2, 20))
    assert calendar.why(date(2027, 2, 20)).notice == "国办发明电〔2026〕9号"


def test_a_statutory_day_stays_off_where_an_imported_list_forgot_it() -> None:
    assert not Calendar.of([SPRING_FESTIVAL_2027]).is_working_day(date(2027, 10, 1))


def test_a_notice_moves_the_last_days_of_the_year_before() -> None:
    reaching_back = notice_of(2027, off={date(2026, 12, 31), date(2027, 1, 1)}, work={date(2026, 12, 26)})
    calendar = Calendar.of([reaching_back])
    assert not calendar.is_working_day(date(2026, 12, 31))
    assert calendar.is_working_day(date(2026, 12, 26))
    assert calendar.why(date(2026, 12, 31)).name_zh == "元旦"
    assert calendar.is_working_day(date(2026, 10, 10))


def test_an_imported_notice_takes_the_place_of_the_official_one() -> None:
    imported = notice_of(2026, off={date(2026, 3, 3)}, number="更正")
    calendar = Calendar.of([imported])
    assert calendar.notices[1] == imported
    assert calendar.is_working_day(date(2026, 10, 7))
    assert not calendar.is_working_day(date(2026, 3, 3))


def test_the_last_import_of_a_year_counts() -> None:
    mended = notice_of(2027, off={date(2027, 1, 1)}, number="更正")
    assert Calendar.of([SPRING_FESTIVAL_2027, mended]) == Calendar.of([mended])


def test_the_version_follows_the_notices_and_nothing_else() -> None:
    assert CALENDAR.version == Calendar.of().version
    assert CALENDAR.version == Calendar.of(PUBLISHED).version
    moved = notice_of(2027, off=set(SPRING_FESTIVAL_2027.off), work={date(2027, 1, 30)})
    versions = {each.version for each in (CALENDAR, Calendar.of([SPRING_FESTIVAL_2027]), Calendar.of([moved]))}
    assert len(versions) == 3


def test_the_status_ends_with_the_first_year_without_a_notice() -> None:
    assert [(each.year, each.basis, each.working_days) for each in CALENDAR.years_status()] == [
        (2025, YearBasis.NOTICE, 248),
        (2026, YearBasis.NOTICE, 248),
        (2027, YearBasis.PROVISIONAL, 248),
    ]


def test_the_status_goes_on_to_the_year_asked_for() -> None:
    assert CALENDAR.years_status(through=2030)[-1].year == 2030


def test_the_status_of_an_imported_year_shows_its_notice() -> None:
    status = Calendar.of([SPRING_FESTIVAL_2027]).years_status()
    assert status[2].notice == SPRING_FESTIVAL_2027
    assert [each.year for each in status] == [2025, 2026, 2027, 2028]


def test_no_days_after_a_day_is_the_day_itself() -> None:
    assert CALENDAR.nth_working_day_after(date(2026, 10, 4), 0) == date(2026, 10, 4)


def test_a_negative_number_of_days_is_refused() -> None:
    with pytest.raises(InvalidValue, match="days_negative"):
        CALENDAR.nth_working_day_after(date(2026, 10, 4), -1)


@pytest.mark.parametrize("day", [date(1949, 10, 1), date(2100, 12, 31), date(9999, 12, 31)])
def test_days_beyond_the_calendar_are_refused(day: date) -> None:
    with pytest.raises(InvalidValue, match="year_beyond_calendar"):
        CALENDAR.nth_working_day_after(day, 7)


@pytest.mark.parametrize("day", [date(1950, 1, 1), date(2100, 12, 31)])
def test_the_first_and_the_last_day_have_a_reason(day: date) -> None:
    assert CALENDAR.why(day).day == day


@pytest.mark.parametrize(
    ("after", "until", "number"),
    [
        ("2026-09-30", "2026-10-15", 7),
        ("2026-09-30", "2026-10-08", 1),
        ("2026-09-30", "2026-10-07", 0),
        ("2026-10-09", "2026-10-10", 1),
        ("2026-11-20", "2026-11-20", 0),
        ("2026-11-21", "2026-11-20", 0),
        ("2025-12-31", "2026-01-04", 1),
        ("2025-12-30", "2026-01-05", 3),
    ],
)
def test_working_days_between_leave_out_the_first_and_count_the_last(after: str, until: str, number: int) -> None:
    assert CALENDAR.working_days_between(date.fromisoformat(after), date.fromisoformat(until)) == number


def test_an_explanation_names_each_day_counted_or_skipped() -> None:
    explained = CALENDAR.explain(date(2026, 9, 24), 7)
    assert [each.day for each in explained] == days(date(2026, 9, 25), date(2026, 10, 12))
    assert {each.day: each.number for each in explained if each.number} == {
        date(2026, 9, 28): 1,
        date(2026, 9, 29): 2,
        date(2026, 9, 30): 3,
        date(2026, 10, 8): 4,
        date(2026, 10, 9): 5,
        date(2026, 10, 10): 6,
        date(2026, 10, 12): 7,
    }
    assert explained[-3].reason.code is DayCode.MAKE_UP_WORKING_DAY
    assert explained[-2].reason.code is DayCode.WEEKEND


def test_there_is_nothing_to_explain_of_no_days() -> None:
    assert CALENDAR.explain(date(2026, 9, 24), 0) == ()


@pytest.mark.parametrize(
    ("after", "until", "provisional"),
    [
        ("2026-12-22", "2026-12-31", False),
        ("2026-12-23", "2027-01-04", True),
        ("2026-12-31", "2027-01-01", True),
        ("2027-12-31", "2027-12-31", False),
        ("2024-12-31", "2026-12-31", False),
        ("2026-05-01", "2028-05-01", True),
    ],
)
def test_a_span_that_touches_a_provisional_year_is_provisional(after: str, until: str, provisional: bool) -> None:
    assert CALENDAR.provisional_between(date.fromisoformat(after), date.fromisoformat(until)) is provisional


@given(day=st.dates(date(2009, 1, 1), date(2028, 12, 31)), n=st.integers(1, 300))
def test_the_nth_working_day_works_and_n_lie_between(day: date, n: int) -> None:
    due = CALENDAR.nth_working_day_after(day, n)
    assert CALENDAR.is_working_day(due)
    assert CALENDAR.working_days_between(day, due) == n


@given(day=st.dates(date(2009, 1, 1), date(2028, 12, 31)), n=st.integers(0, 40), more=st.integers(0, 40))
def test_counting_on_from_a_working_day_is_counting_further(day: date, n: int, more: int) -> None:
    halfway = CALENDAR.nth_working_day_after(day, n)
    assert CALENDAR.nth_working_day_after(halfway, more) == CALENDAR.nth_working_day_after(day, n + more)


@given(day=st.dates(date(2009, 1, 1), date(2028, 12, 31)), n=st.integers(1, 60))
def test_an_explanation_ends_on_the_day_it_explains(day: date, n: int) -> None:
    explained = CALENDAR.explain(day, n)
    assert explained[-1].day == CALENDAR.nth_working_day_after(day, n)
    assert [each.number for each in explained if each.number] == list(range(1, n + 1))
    assert all((each.number is not None) == each.reason.works for each in explained)
