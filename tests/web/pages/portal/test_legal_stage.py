"""A clerk says how far a debt has got in court, and the person reads it."""

import re

import pytest
from flask import Flask

from tests.services.case import Case
from tests.web.pages.clerk import Clerk


@pytest.fixture
def clerk(app: Flask, case: Case) -> Clerk:
    """A reviewer of ICBC."""
    return Clerk(app, "reviewer", case)


def test_what_is_said_stands_on_the_case_and_where_an_offer_is_made(case: Case, clerk: Clerk) -> None:
    assert "诉讼情况：未起诉" in clerk.read()
    form = {**clerk.form("/legal-stage"), "legal_stage": "sued", "court": "北京市朝阳区人民法院"}
    assert clerk.done("/legal-stage", form) == "legal_stage"
    page = re.sub("<[^>]*>", "", clerk.read())
    assert "诉讼情况：已起诉，北京市朝阳区人民法院" in page
    assert "庭外和解协议" in clerk.read("/offer")
    assert clerk.form("/legal-stage")["court"] == ["北京市朝阳区人民法院"]


def test_a_court_without_a_suit_comes_back(case: Case, clerk: Clerk) -> None:
    page, _ = clerk.refused("/legal-stage", {**clerk.form("/legal-stage"), "legal_stage": "none", "court": "某法院"})
    assert "请也选择诉讼情况" in page
    assert case.view()["court"] == ""


def test_while_an_offer_is_open_there_is_no_link_and_no_way(case: Case, clerk: Clerk) -> None:
    form = {**clerk.form("/legal-stage"), "legal_stage": "sued"}
    case.offer()
    assert f"{clerk.address}/legal-stage" not in clerk.read()
    assert clerk.send("/legal-stage", form).status_code == 409
    assert case.view()["legal_stage"] == "none"


def test_who_only_looks_cannot_say_it(app: Flask, case: Case) -> None:
    assert Clerk(app, "auditor", case).get(f"/portal/negotiations/{case.id}/legal-stage").status_code in {403, 404}


def test_no_page_of_a_debt_that_was_sued_for_calls_its_plan_by_article_70(case: Case, clerk: Clerk) -> None:
    form = {**clerk.form("/legal-stage"), "legal_stage": "judged", "court": "北京市朝阳区人民法院"}
    clerk.done("/legal-stage", form)
    offer = case.offer()
    case.counter()
    for path in ("", f"/offers/{offer}"):
        page = re.sub("<[^>]*>", "", clerk.read(path))
        assert "分期还款 · 36 期" in page or "种类分期还款" in re.sub(r"\s", "", page)
        assert "个性化分期 ·" not in page
    assert "执行和解协议" in clerk.read()
