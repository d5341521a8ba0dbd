"""What a bank's people are shown of a case whose personal data was erased."""

from __future__ import annotations

from html import unescape

import pytest
from flask import Flask

from hub.domain.actor import HUB
from hub.domain.retention import Periods
from hub.services.erasure import requests
from tests.applications import CMB, person
from tests.services.case import Case
from tests.services.conftest import OpenCase
from tests.web.pages.clerk import Clerk
from tests.web.pages.portal.test_queue_search import searched


@pytest.fixture
def database(sqlite_database: str) -> str:
    """One kind of database will do: what both find is `tests/services/erasure`'s."""
    return sqlite_database


@pytest.fixture
def erased(open_case: OpenCase) -> Case:
    """A case of Jane O'Neil that was rejected, then erased."""
    case = open_case(applicant={**person(3), "name": "Jane O'Neil"})
    case.reject(text="收入足够，标记")
    with case.hub.writing(HUB) as tx:
        requests.erase_by_letter(tx, case.reference, Periods.parse(""))
    case.work_off()
    return case


@pytest.mark.parametrize("below", ["", "/readings"])
def test_number_statuses_and_times_are_left(app: Flask, erased: Case, below: str) -> None:
    clerk = Clerk(app, "reviewer", erased)
    answer = clerk.get(f"/portal/negotiations/{erased.id}{below}")
    assert answer.status_code == 410
    text = unescape(answer.get_data(as_text=True))
    assert erased.reference in text
    assert "按法律删除" in text
    assert "银行未同意" in text
    for gone in ("Jane", "标记", "138****", person(3)["mobile"]):
        assert gone not in text


def test_neither_queue_nor_search_finds_it(app: Flask, erased: Case) -> None:
    clerk = Clerk(app, "reviewer", erased)
    assert erased.reference not in unescape(clerk.page("/portal/"))
    for typed in ("jane oneil", person(3)["mobile"][-4:]):
        assert erased.reference not in unescape(clerk.page(searched(clerk, typed)))
    assert clerk.get(searched(clerk, erased.reference)).location == f"/portal/negotiations/{erased.id}"


def test_another_banks_people_are_told_nothing(app: Flask, open_case: OpenCase, erased: Case) -> None:
    other = Clerk(app, "reviewer", open_case(CMB))
    assert other.get(f"/portal/negotiations/{erased.id}").status_code == 404
