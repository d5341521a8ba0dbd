"""What a bank's people see of a person who took their consent back: no income, no reasons, no way to find it out."""

from __future__ import annotations

from html import unescape

import pytest
import sqlalchemy as sa

from hub.domain.actor import HUB
from hub.services.consents import withdrawal
from storage.records import NegotiationRecord
from tests.services.case import Case
from tests.web.pages.clerk import Clerk
from tests.web.pages.portal.offer_forms import offer_form

MONTH = ("6,200.00", "4,100.00", "900.00")
KEPT_BACK = "客户已撤回同意，收入和支出不再显示"


@pytest.fixture(params=["sensitive_data", "share_with_bank"])
def taken_back(request: pytest.FixtureRequest, case: Case, clerk: Clerk) -> Case:
    """The case, whose clerk noted what papers show, and whose person took that consent back afterwards."""
    clerk.send("/figures", {**clerk.form("/figures"), "line": "income", "amount_fen": "5123.00", "note": "三个月平均"})
    assert "5,123.00" in clerk.read("/figures")
    assert all(each in clerk.read() for each in (*MONTH, "按材料"))
    with case.hub.writing(case.cardholder) as tx:
        withdrawal.withdraw(tx, case.id, request.param, client_id=case.client_id)
    return case


def test_the_case_has_no_income_and_no_reasons(taken_back: Case, clerk: Clerk) -> None:
    page = clerk.read()
    assert KEPT_BACK in page
    for words in (*MONTH, "5,123.00", "按材料", "占可支配", "住院"):
        assert words not in page


def test_the_case_says_what_is_kept_back_and_leads_to_none_of_it(taken_back: Case, clerk: Clerk) -> None:
    page = clerk.read()
    assert "客户已撤回同意，材料不再提供。" in page
    assert "还没有材料" not in page
    assert "客户已撤回同意，困难的原因和说明不再显示。" in page
    assert "1 份附件：客户已撤回同意，不再提供" in page
    assert "下载附件" not in page
    assert f"{clerk.address}/evidence/" not in page


def test_nobody_is_asked_why_they_want_to_see_what_is_not_shown(taken_back: Case, clerk: Clerk) -> None:
    assert "客户已撤回同意" in clerk.read("/reveal", status=410)


def test_the_page_of_the_figures_is_gone(taken_back: Case, clerk: Clerk) -> None:
    assert "客户已撤回同意" in clerk.read("/figures", status=410)


def test_no_new_figure_is_taken(taken_back: Case, clerk: Clerk) -> None:
    form = {**clerk.form(""), "line": "income", "amount_fen": "1.00"}
    assert clerk.post(f"{clerk.address}/figures", form).status_code == 410


def test_what_is_left_cannot_be_found_out_by_trying_plans(taken_back: Case, clerk: Clerk) -> None:
    dear = offer_form(clerk, **{"terms.instalments": "3"})
    part = unescape(clerk.web.post(f"{clerk.address}/offer/plan", data=dear).get_data(as_text=True))
    assert "每期还款" in part
    assert "占可支配" not in part
    assert "80%" not in part
    assert "没有余钱" not in part


def test_neither_the_queue_nor_its_filter_names_why(taken_back: Case, clerk: Clerk) -> None:
    assert "疾病" not in clerk.page("/portal/").partition(taken_back.view()["reference"])[2].partition("</tr>")[0]
    with taken_back.hub.reading(HUB) as tx:
        assert tx.session.scalar(sa.select(NegotiationRecord.reason_marks)) == ""
