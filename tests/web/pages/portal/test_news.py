"""What somebody of the bank has to look at is seen in the row of the queue and at the top of the case."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from html import unescape
from typing import Any

import pytest
from flask import Flask

from hub.domain.clock import FixedClock
from hub.services.accounts import staff
from hub.wiring import Hub
from tests.applications import CMB, ICBC
from tests.conftest import Submit
from tests.services.case import LARGE_OFFER, OFFER, Case
from tests.web.pages.clerk import Clerk

Action = Callable[[Case], Any]


def row_of(clerk: Clerk, case: Case, query: str = "") -> str:
    """The text of the case's row in the queue."""
    page = unescape(clerk.page(f"/portal/{query}"))
    [row] = [part for part in page.split("<tr>") if f"/portal/negotiations/{case.id}?" in part]
    return re.sub(r"<[^>]+>|\s+", " ", row)


def news_of(clerk: Clerk) -> str:
    """What stands above the answer time of the case; empty where nothing does."""
    page = clerk.read()
    if 'id="news"' not in page:
        return ""
    part = page.partition('id="news"')[2].partition("</section>")[0]
    assert page.index('id="news"') < page.index("day-bar") if "day-bar" in page else True
    return part


def counter(case: Case) -> None:
    case.offer()
    case.counter()


def unreadable(case: Case) -> None:
    case.ask()
    sent = case.upload()
    case.write("补充如下", sent, answers=True)
    case.judge(sent.id, "unreadable")
    case.work_off()


def answer(case: Case) -> None:
    case.ask()
    case.write("没有流水", answers=True)


@pytest.mark.parametrize(
    ("happens", "tag", "says"),
    [
        (counter, "客户已还价", "36 期"),
        (lambda case: case.decline(case.offer()), "客户未接受方案", "还不了这么多"),
        (lambda case: case.write("下月有收入"), "客户有新消息", "下月有收入"),
        (answer, "客户已补充材料", "没有流水"),
        (unreadable, "客户的材料打不开", "打不开"),
        (lambda case: case.offer(LARGE_OFFER), "等待复核", "个性化分期"),
        (lambda case: case.send_back(case.offer(LARGE_OFFER)), "方案被退回", "请再看利率"),
    ],
)
def test_what_waits_for_the_bank_is_seen_in_the_row_and_above_the_case(
    app: Flask, case: Case, happens: Action, tag: str, says: str
) -> None:
    clerk = Clerk(app, "reviewer", case)
    assert (tag in row_of(clerk, case), news_of(clerk)) == (False, "")
    happens(case)
    assert tag in row_of(clerk, case)
    assert tag in news_of(clerk)
    assert says in news_of(clerk)


def test_the_row_says_what_the_customer_asks_for_now_and_what_was_asked_first(app: Flask, case: Case) -> None:
    clerk = Clerk(app, "reviewer", case)
    counter(case)
    row = row_of(clerk, case)
    assert f"{OFFER.instalments} 期 · 18,500.00 元 · 年利率 3.60%" in row
    assert "原来希望：个性化分期" in row
    assert "在此基础上提出方案" in news_of(clerk)


def test_the_banks_next_word_takes_the_news_away(app: Flask, case: Case) -> None:
    clerk = Clerk(app, "reviewer", case)
    counter(case)
    case.offer()
    assert "客户已还价" not in row_of(clerk, case)
    assert news_of(clerk) == ""


def test_who_may_only_look_sees_the_news_without_the_buttons(app: Flask, case: Case) -> None:
    counter(case)
    for role in ("auditor", "bank-admin"):
        looker = Clerk(app, role, case)
        assert "客户已还价" in row_of(looker, case)
        assert "客户已还价" in news_of(looker)
        assert "在此基础上提出方案" not in news_of(looker)


def test_the_machines_lines_of_the_log_are_folded_and_peoples_are_not(app: Flask, case: Case) -> None:
    case.write("下月有收入")
    log = Clerk(app, "reviewer", case).read().partition('id="log"')[2]
    folded = "".join(re.findall(r"<details>.*?</details>", log, re.DOTALL))
    assert "答复计时开始" in folded
    assert "下月有收入" in re.sub(r"<details>.*?</details>", "", log, flags=re.DOTALL)


def test_colleagues_read_a_persons_name_and_the_customer_reads_none(app: Flask, hub: Hub, case: Case) -> None:
    clerk = Clerk(app, "reviewer", case)
    case.ask()
    with hub.writing(Case.REVIEWER) as tx:
        staff.rename(tx, clerk.email, "  李 经办 ")
    clerk.done("/messages", {**clerk.form("/messages"), "text": "三天内给您方案"})
    page = clerk.read()
    assert "李 经办" in page
    assert clerk.email not in page.partition("<footer")[0]
    assert clerk.email not in clerk.read("/readings").partition("<footer")[0]
    told = str(case.view()) + str([entry.text for entry in case.log()])
    assert "李 经办" not in told
    assert clerk.email not in told


def test_the_case_says_all_that_was_proposed_and_how_the_customer_likes_to_be_reached(
    app: Flask, hub: Hub, clock: FixedClock, submitted: Submit, work_off: Callable[[], int]
) -> None:
    asked = {"kind": "lower_minimum", "months": 12, "minimum_percent": "5.00", "first_due_on": "2026-12-20"}
    contact = {"channels": ["phone", "sms"], "hours": "工作日 18:00 以后"}
    made = Case(
        hub=hub, clock=clock, work_off=work_off, sent=submitted(ICBC, proposal=asked, contact=contact), bank_code=ICBC
    )
    work_off()
    page = re.sub(r"</?bdi[^>]*>", "", Clerk(app, "reviewer", made).read())
    text = re.sub(r"<[^>]+>|\s+", " ", page)
    assert "客户希望：降低最低还款额 · 12 个月 · 最低还款比例 5.00%" in " ".join(text.split())
    said = "方式 降低最低还款额 最低还款比例 5.00% 月数 12 个月 从哪天开始 2026 年 12 月 20 日（周日）"
    assert said in " ".join(text.split())
    assert "电话，短信，工作日 18:00 以后" in text
    assert "降低最低还款额 · 12 个月 · 最低还款比例 5.00%" in row_of(Clerk(app, "reviewer", made), made)


@pytest.mark.parametrize(
    ("relation", "has_paper", "said"),
    [
        ("法务公司", False, ["有协助人，没有授权材料", "协助人可能是代理机构", "授权材料 无"]),
        ("儿子", True, ["有协助人，附授权材料", "授权材料 有", "查看授权材料"]),
    ],
)
def test_a_helper_is_flagged_at_the_top_of_the_case_and_shown_with_the_paper(
    app: Flask,
    hub: Hub,
    clock: FixedClock,
    submitted: Submit,
    work_off: Callable[[], int],
    relation: str,
    has_paper: bool,
    said: list[str],
) -> None:
    file = submitted(CMB).evidence[0]
    helper = {"name": "李雷", "relation": relation, "mobile": "13700137000"}
    helper |= {"authority_evidence": file} if has_paper else {}
    sent = submitted(ICBC, files=0, evidence=[{"id": file, "kind": "other"}], representative=helper)
    made = Case(hub=hub, clock=clock, work_off=work_off, sent=sent, bank_code=ICBC)
    work_off()
    text = " ".join(re.sub(r"<[^>]+>", " ", Clerk(app, "reviewer", made).read()).split())
    for each in said:
        assert each in text, each
    assert said[0] in row_of(Clerk(app, "reviewer", made), made)


@pytest.mark.parametrize(("role", "is_told"), [("reviewer", False), ("auditor", True), ("bank-admin", True)])
def test_who_may_only_look_is_told_so(app: Flask, case: Case, role: str, is_told: bool) -> None:
    page = Clerk(app, role, case).page("/portal/")
    assert ("不能处理" in page) is is_told
    assert ("复核轮到本行管理员的方案" in page) is (role == "bank-admin")


def test_an_offer_that_begins_with_the_customers_terms_has_none_of_their_words(app: Flask, case: Case) -> None:
    clerk = Clerk(app, "reviewer", case)
    own = case.offer(replace(OFFER, note="请按时还款"))
    theirs = case.counter(replace(OFFER, instalments=48, note="请免利息，我能按时还"))
    assert clerk.form(f"/offer?like={theirs}", "offer")["terms.note"] == [""]
    assert clerk.form(f"/offer?like={theirs}", "offer")["terms.instalments"] == ["48"]
    assert clerk.form(f"/offer?like={own}", "offer")["terms.note"] == ["请按时还款"]
    assert "请免利息，我能按时还" in news_of(clerk)
