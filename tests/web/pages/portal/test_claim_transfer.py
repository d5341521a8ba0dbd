"""A clerk gives notice that the claim was transferred; shown first as the person will read it."""

import pytest
from flask import Flask

from tests.services.case import Case
from tests.web.pages.clerk import Clerk, Fields

TO = {"name": "某某资产管理有限公司", "contact": "4000000000", "transferred_on": "2026-11-20"}


@pytest.fixture
def clerk(app: Flask, case: Case) -> Clerk:
    """A reviewer of ICBC."""
    return Clerk(app, "reviewer", case)


def form(clerk: Clerk) -> Fields:
    return {**clerk.form("/transfer"), **TO}


def test_it_is_shown_first_and_ends_the_negotiation(case: Case, clerk: Clerk) -> None:
    assert f"{clerk.address}/transfer" in clerk.read()
    shown = clerk.send("/transfer", form(clerk), step="preview").get_data(as_text=True)
    assert "平台没有把您的申请和材料交给受让人" in shown
    assert "提交后协商结束" in shown
    assert case.status == "awaiting_bank"
    assert clerk.done("/transfer", form(clerk)) == "transferred"
    assert case.status == "rejected"
    page = clerk.read()
    assert "债权已转让" in page
    assert f'href="{clerk.address}/transfer"' not in page


def test_with_an_agreement_it_says_that_it_goes_on(case: Case, clerk: Clerk) -> None:
    case.accept(case.offer())
    shown = clerk.send("/transfer", form(clerk), step="preview").get_data(as_text=True)
    assert "您签署的协议继续有效，对受让人有约束力" in shown
    assert clerk.done("/transfer", form(clerk)) == "transferred"
    assert case.view()["agreement"]["status"] == "in_force"


def test_what_is_missing_comes_back_by_name(clerk: Clerk) -> None:
    page, _ = clerk.refused("/transfer", {**form(clerk), "name": "", "contact": ""})
    assert [words for words in ("请填写受让人的名称。", "请填写受让人的联系方式。") if words not in page] == []
