"""What the library of holidays knows of a year, held against the State Council's notices."""

from datetime import date

import pytest

from hub.domain.errors import InvalidValue
from hub.domain.statutory_days import FIRST_YEAR, LAST_YEAR, festivals_on, last_arranged_year, library_year


@pytest.mark.parametrize(
    ("day", "festivals"),
    [
        (date(2025, 1, 1), [("元旦", "New Year's Day")]),
        (date(2025, 5, 1), [("劳动节", "Labour Day")]),
        (date(2025, 10, 6), [("中秋节", "Mid-Autumn Festival")]),
        (date(2020, 10, 1), [("国庆节", "National Day"), ("中秋节", "Mid-Autumn Festival")]),
        (date(2025, 11, 28), []),
    ],
)
def test_a_festival_gives_its_own_days_a_name(day: date, festivals: list[tuple[str, str]]) -> None:
    assert sorted(festivals_on(day)) == sorted(festivals)


def test_a_swapped_day_off_is_no_festival_and_not_statutory() -> None:
    swapped = date(2024, 2, 16)  # 国办发明电〔2023〕7号: worked on 18 February instead
    year = library_year(2024)
    assert swapped in year.off
    assert swapped not in year.statutory
    assert festivals_on(swapped) == ()
    assert date(2024, 2, 18) in year.made_up


@pytest.mark.parametrize(("year", "is_arranged"), [(2000, False), (2001, True), (2024, True), (LAST_YEAR, False)])
def test_a_year_is_arranged_where_a_notice_of_it_is_known(year: int, is_arranged: bool) -> None:
    assert library_year(year).is_arranged is is_arranged


def test_the_last_arranged_year_is_followed_by_one_without_a_notice() -> None:
    last = last_arranged_year(2024)
    assert library_year(last).is_arranged
    assert not library_year(last + 1).is_arranged


@pytest.mark.parametrize("year", [FIRST_YEAR - 1, LAST_YEAR + 1])
def test_a_year_beyond_the_library_is_refused_with_its_bounds(year: int) -> None:
    with pytest.raises(InvalidValue) as refused:
        library_year(year)
    assert (refused.value.code, refused.value.params) == ("year_beyond_calendar", {"min": FIRST_YEAR, "max": LAST_YEAR})
