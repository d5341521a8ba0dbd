"""Search of the queue: by what people say of a case; nothing that names a person stands in an address."""

import re
import unicodedata
from html import unescape
from urllib.parse import unquote

import pytest
from flask import Flask

from tests.applications import CMB, ICBC, card, person
from tests.services.conftest import OpenCase
from tests.web.pages.clerk import Clerk
from tests.web.pages.visitor import Visitor


def searched(visitor: Visitor, typed: str) -> str:
    """Where the search leads."""
    answer = visitor.web.post("/portal/search", data={"csrf_token": visitor.token(), "q": typed})
    assert answer.status_code == 303
    return str(answer.location)


def test_one_case_is_opened_and_several_are_listed(app: Flask, open_case: OpenCase) -> None:
    first, second = open_case(applicant=person(1)), open_case(applicant={**person(2), "name": "Jane O'Neil"})
    clerk = Clerk(app, "reviewer", first)
    for typed in ("jane oneil", "ＪＡＮＥ Ｏ’Ｎｅｉｌ", second.reference, second.reference[-6:]):
        there = clerk.get(searched(clerk, typed))
        assert there.location == f"/portal/negotiations/{second.id}", typed
    text = unescape(clerk.page(searched(clerk, card()[-4:])))
    assert all(each.reference in text for each in (first, second))


@pytest.mark.parametrize("typed", ["13800138000", "１３８ ００１３ ８０００", card(), "110105194912310021"])
def test_a_number_of_a_person_never_stands_in_an_address(app: Flask, open_case: OpenCase, typed: str) -> None:
    case = open_case(applicant=person(1, mobile="13800138000"))
    clerk = Clerk(app, "reviewer", case)
    address = searched(clerk, typed)
    assert not re.search(r"\d{7}", unquote(address))
    if "8000" in unicodedata.normalize("NFKC", typed) or typed == card():
        assert clerk.get(address).location == f"/portal/negotiations/{case.id}"


def test_a_name_never_stands_in_an_address(app: Flask, open_case: OpenCase) -> None:
    case = open_case()
    clerk = Clerk(app, "reviewer", case)
    address = searched(clerk, "王 小·明")
    assert "王" not in unescape(address)
    assert "%E7%8E%8B" not in address
    assert clerk.get(address).location == f"/portal/negotiations/{case.id}"
    # It is this clerk's alone.
    assert "没有找到" not in Clerk(app, "supervisor", case).page(address)


@pytest.mark.parametrize("typed", ["王小明", card()[-4:], "张三丰", "9999", "XS-20260101-000000", "%"])
def test_another_banks_case_and_none_are_answered_alike(app: Flask, open_case: OpenCase, typed: str) -> None:
    open_case(ICBC)
    stranger = Visitor(app, f"supervisor-{CMB}")
    text = stranger.page(searched(stranger, typed))
    assert "没有找到" in text
    assert "XS-2026" not in text.replace(typed, "")
    assert "没有找到" in stranger.page("/portal/?q=0000")
    # What nobody can have been given finds nothing, and says nothing.
    assert stranger.get("/portal/?q=~nonsense").status_code == 200


def test_so_many_searches_are_enough(app: Flask, open_case: OpenCase) -> None:
    clerk = Clerk(app, "reviewer", open_case())
    answers = [clerk.get("/portal/?q=000").status_code for _ in range(121)]
    assert answers == [200] * 120 + [429]
    assert clerk.get("/portal/").status_code == 200
