"""The place of a case in its list, carried in the address of the list."""

from __future__ import annotations

import pytest

from hub.web.pages.portal.list_place import ListPlace, row_ends, with_place, without_place


@pytest.mark.parametrize(
    ("query", "place"),
    [
        ("tab=mine&total=23&at=6", ListPlace(at=6, total="23")),
        ("total=999%2B&at=1200", ListPlace(at=1200, total="999+")),
        ("at=6", ListPlace(at=6)),
        ("at=7&total=6", ListPlace(at=7)),
        ("at=6&total=many", ListPlace(at=6)),
        ("at=6&total=%2B", ListPlace(at=6)),
        ("at=0&total=6", None),
        ("at=-1", None),
        ("at=٣", None),
        ("at=99999999", None),
        ("total=6", None),
        ("", None),
    ],
)
def test_only_what_a_list_would_have_written_is_a_place(query: str, place: ListPlace | None) -> None:
    assert ListPlace.read(query) == place


@pytest.mark.parametrize(
    ("step", "gone", "moved"),
    [
        (1, False, ListPlace(at=7, total="23")),
        (-1, False, ListPlace(at=5, total="23")),
        (0, True, ListPlace(at=6, total="22")),
        (-9, False, ListPlace(at=1, total="23")),
    ],
)
def test_it_moves_with_the_one_who_goes_on(step: int, gone: bool, moved: ListPlace) -> None:
    assert ListPlace(at=6, total="23").moved(step, gone=gone) == moved


def test_more_than_were_counted_stay_more() -> None:
    assert ListPlace(at=6, total="999+").moved(0, gone=True).total == "999+"


def test_the_address_of_the_list_stays_what_it_was() -> None:
    query = "tab=mine&reason=illness&reason=other"
    written = with_place(query, ListPlace(at=6, total="999+"))
    assert (ListPlace.read(written), without_place(written)) == (ListPlace(at=6, total="999+"), query)
    assert with_place(written, ListPlace(at=7)) == f"{query}&at=7"


def test_what_links_of_a_list_end_with() -> None:
    assert f"{row_ends('tab=mine', '23')}6" == "?from=tab%3Dmine%26total%3D23%26at%3D6"
    assert f"{row_ends('', '23')}6" == "?from=total%3D23%26at%3D6"
    assert row_ends("q=x", "") == "?from=q%3Dx"
    assert row_ends("", "") == ""
