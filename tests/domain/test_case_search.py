"""What a case is found by, and what somebody who types is looking for."""

import pytest

from hub.domain.case_search import Search, names_a_case_alone, search_for
from hub.domain.people import plain_name


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("XS-20261109-483920", Search(reference="XS-20261109-483920")),
        (" xs20261109 483920", Search(reference="XS-20261109-483920")),
        ("20261109-483920", Search(reference="XS-20261109-483920")),
        ("483920", Search(keys=("reference/483920",))),
        ("3920", Search(keys=("reference/3920", "card/3920", "contract/3920", "mobile/3920"))),
        ("３９２０", Search(keys=("reference/3920", "card/3920", "contract/3920", "mobile/3920"))),
        ("\u200eXS-20261109-483920\u200b", Search(reference="XS-20261109-483920")),
        ("\u202d13800138000\u202c", Search(keys=("mobile/8000",))),
        ("\u200b王小明", Search(reference="王小明", keys=("name/王小明",))),
        ("138 0013 8000", Search(keys=("mobile/8000",))),
        ("6222 1000 0000 0007", Search(keys=("card/0007",))),
        ("12", Search()),
        ("王小明", Search(reference="王小明", keys=("name/王小明",))),
        ("80a6", Search(reference="80A6", keys=("name/80a6", "contract/80A6"))),
        (" · ", Search(reference="·", keys=())),
    ],
)
def test_what_is_typed_is_read(typed: str, expected: Search) -> None:
    assert search_for(typed) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("阿依古丽·买买提", "阿依古丽 买买提"),
        ("阿依古丽•买买提", "阿依古丽買買提".replace("買", "买")),
        ("Jane O'Neil", "JANE  ONEIL"),
        ("Ｊａｎｅ", "jane"),
        ("Zoë", "Zoe\u0308"),
        ("\uf9f7", "立"),
    ],
)
def test_names_that_are_one_are_compared_as_one(one: str, other: str) -> None:
    assert plain_name(one) == plain_name(other) != ""


@pytest.mark.parametrize("typed", ["XS-20261109-483920", "xs20261109 483920", "３９２０", "483 920", "12"])
def test_the_number_of_a_case_and_its_end_name_nobody(typed: str) -> None:
    assert names_a_case_alone(typed)


@pytest.mark.parametrize(
    "typed",
    ["138 0013 8000", "1380013", "6222-1000-0000-0007", "11010519491231002X", "110105194912310021", "王小明", "O'Neil"],
)
def test_numbers_and_names_of_people_name_somebody(typed: str) -> None:
    assert not names_a_case_alone(typed)


def test_other_names_are_others() -> None:
    assert plain_name("王小明") != plain_name("王晓明")
