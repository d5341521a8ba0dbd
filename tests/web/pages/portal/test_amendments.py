"""What a bank's people do with a request to amend an agreement: quote, agree, propose, refuse."""

from __future__ import annotations

from html import unescape

import pytest
from flask import Flask

from tests.services.agreements.amending import DAY, EARLY, Amending
from tests.services.case import Case
from tests.web.pages.clerk import Clerk, forms_of


@pytest.fixture
def amending(case: Case) -> Amending:
    """An agreement with 36 rows, due on the 20th from 2026-12-20 on."""
    case.accept(case.offer())
    return Amending(case=case)


def test_a_request_shows_in_the_queue_and_a_quote_begins_with_the_hubs_own_figures(
    amending: Amending, clerk: Clerk
) -> None:
    asked = amending.ask_settlement(text="年终奖到了")
    queue = unescape(clerk.page("/portal/"))
    assert ("等待本行处理的其他事项" in queue, "提前结清" in queue) == (True, True)
    page = clerk.read()
    assert ("希望于 2026 年 12 月 10 日（周四）提前结清" in page, "年终奖到了" in page) == (True, True)
    path = f"/agreement/early-settlement/{asked}/quote"
    form = clerk.form(path)
    assert {name: form[name] for name in ("principal_fen", "interest_fen", "fee_fen", "valid_until")} == {
        "principal_fen": ["18,500.00"],
        "interest_fen": ["34.67"],
        "fee_fen": ["0.00"],
        "valid_until": ["2026-12-09 18:00"],
    }
    shown = clerk.send(path, {**form, "interest_fen": "40"}, step="preview")
    text = unescape(shown.get_data(as_text=True))
    assert ("+5.33" in text, "报价和平台估算不一致" in text) == (True, True)
    assert amending.newest(EARLY)["status"] == "with_bank"
    assert clerk.done(path, forms_of(shown)["quote"]) == "quoted"
    assert amending.newest(EARLY)["quote"]["total_fen"] == 1_854_000
    assert "等待本行处理的其他事项" not in clerk.page("/portal/")
    assert "给出报价" not in clerk.read()


def test_a_quote_that_cannot_be_comes_back_with_what_is_wrong(amending: Amending, clerk: Clerk) -> None:
    path = f"/agreement/early-settlement/{amending.ask_settlement()}/quote"
    form = {**clerk.form(path), "principal_fen": "18500.01", "fee_fen": "1", "valid_until": "2026-12-12 10:00"}
    text, _ = clerk.refused(path, form, step="preview")
    for sentence in ("这一项最多 18,500.00 元", "协议没有约定这项费用", "且不晚于结清日"):
        assert sentence in text
    assert amending.newest(EARLY)["status"] == "with_bank"


def test_another_pay_day_is_agreed_with_every_date_in_sight(amending: Amending, clerk: Clerk) -> None:
    path = f"/agreement/pay-day/{amending.ask_day(5)}/agree"
    page = clerk.read(path)
    assert "下表所列各期的还款日改为每月 5 日" in page.partition("2026-12-05")[0]
    assert clerk.done(path, clerk.form(path)) == "day_agreed"
    page = clerk.read()
    assert ("现在的还款计划" in page, "补充协议" in page, "2026-12-05" in page) == (True, True, True)
    amending.case.work_off()
    assert "下载补充协议" in clerk.read()
    [amendment] = amending.agreement["amendments"]
    paper = clerk.get(f"{clerk.address}/amendments/{amendment['id']}/paper.pdf")
    assert (paper.status_code, paper.data[:5]) == (200, b"%PDF-")


def test_a_payment_is_put_on_record_beside_the_rows_as_they_are_now(amending: Amending, clerk: Clerk) -> None:
    """After another pay day the dates of the signing would lead a clerk to a wrong row."""
    amending.agree(amending.ask_day(5))
    for path in ("payments", "missed", "missed/withdraw"):
        page = clerk.read(f"/agreement/{path}")
        assert ("2026-12-05" in page, "2026-12-20" in page) == (True, False), path


def test_who_only_looks_says_why_before_a_paper_with_names(amending: Amending, app: Flask) -> None:
    auditor = Clerk(app, "auditor", amending.case)
    amendment = amending.ask_day(5)
    amending.agree(amendment)
    amending.case.work_off()
    asked = auditor.get(f"{auditor.address}/amendments/{amendment}/paper.pdf")
    assert (asked.status_code, asked.headers["Location"]) == (303, f"{auditor.address}/reveal")
    for path in ("/agreement/pay-day", f"/agreement/pay-day/{amendment}/agree"):
        assert auditor.get(f"{auditor.address}{path}").status_code == 403


def test_the_bank_proposes_a_day_and_sees_it_as_the_person_will(amending: Amending, clerk: Clerk) -> None:
    path = "/agreement/pay-day"
    text, _ = clerk.refused(path, {**clerk.form(path), "day": "20"}, step="preview")
    assert "还款日已经是这一天" in text
    shown = clerk.send(path, {**clerk.form(path), "day": "28", "text": "发薪之后。"}, step="preview")
    text = unescape(shown.get_data(as_text=True))
    assert ("2026-12-28" in text, "发薪之后。" in text) == (True, True)
    assert amending.newest(DAY) is None
    assert clerk.done(path, forms_of(shown)["pay-day"]) == "day_proposed"
    assert amending.newest(DAY)["status"] == "proposed"
    assert "提议更改还款日" not in clerk.read()


def test_a_request_is_refused_with_words(amending: Amending, clerk: Clerk) -> None:
    for asked, kind in ((amending.ask_settlement(), "early-settlement"), (None, "pay-day")):
        path = f"/agreement/{kind}/{asked or amending.ask_day()}/refuse"
        text, form = clerk.refused(path, clerk.form(path))
        assert "要写给客户的话" in text
        assert clerk.done(path, {**form, "text": "请到网点办理。"}) == "amendment_refused"
    assert [amending.newest(kind)["answer"] for kind in (EARLY, DAY)] == ["请到网点办理。"] * 2


def test_a_request_that_is_not_there_is_not_found(amending: Amending, clerk: Clerk) -> None:
    amending.ask_day()
    for path in ("early-settlement/x/quote", "early-settlement/x/refuse", "pay-day/x/agree", "pay-day/x/refuse"):
        assert clerk.get(f"{clerk.address}/agreement/{path}").status_code == 404
    assert clerk.get(f"{clerk.address}/amendments/x/paper.pdf").status_code == 404
