"""The dashboard: figures that lead to their cases, little and no data said so, and causes of late answers."""

from __future__ import annotations

import re
from html import unescape

import pytest
from flask import Flask

from hub.domain.actor import HUB
from hub.services.operating import audit
from tests.applications import CMB, ICBC
from tests.services.case import Case, everything_stored
from tests.services.conftest import OpenCase
from tests.web.pages.clerk import Clerk, forms_of

LINK = re.compile(r'<a href="(/portal/answers\?[^"]+)">(\d+)</a>')


@pytest.fixture
def late(open_case: OpenCase) -> Case:
    """A case that was answered a day late, beside one in time."""
    open_case().reject()
    case = open_case()
    case.at("2026-12-02 10:00")
    case.offer()
    return case


def test_each_figure_leads_to_as_many_cases_as_it_says(app: Flask, late: Case) -> None:
    clerk = Clerk(app, "auditor", late)
    text = unescape(clerk.page("/portal/dashboard"))
    links = LINK.findall(text)
    assert len(links) > 8
    for address, number in links:
        behind = unescape(clerk.page(address))
        assert f"共 {number} 件" in behind, address
        assert behind.count('href="/portal/negotiations/') == int(number), address


def test_few_and_none_are_said_and_every_chart_has_its_table(app: Flask, late: Case, open_case: OpenCase) -> None:
    text = unescape(Clerk(app, "reviewer", late).page("/portal/dashboard"))
    assert "样本少" in text
    charts = re.findall(r"<svg class=\"(?:week-chart|share-bars)\".*?</svg>.*?<table", text, re.DOTALL)
    assert len(charts) == text.count('role="img"') == 5
    for name in ("每周答复", "按小组", "按困难原因", "按答复阶段", "待处理案件的时间"):
        assert f">{name}<" in text
    empty = unescape(Clerk(app, "reviewer", open_case(CMB)).page("/portal/dashboard"))
    assert "近 12 周没有答复，没有数据。" in empty
    assert not LINK.findall(empty.partition("待处理案件的时间")[0])


def test_a_supervisor_records_a_cause_and_nobody_else_can(app: Flask, late: Case) -> None:
    clerk = Clerk(app, "supervisor", late)
    [address] = set(re.findall(r"/portal/answers/\w+/cause", clerk.page("/portal/dashboard")))
    fields = forms_of(clerk.get(address))["cause"]
    before = everything_stored(late.hub)
    for given in ({}, {"cause": "other", "text": ""}, {"cause": "sloth"}):
        answer = clerk.web.post(address, data={**fields, **given})
        assert (answer.status_code, "field-error" in answer.get_data(as_text=True)) == (422, True)
    for role in ("reviewer", "auditor", "bank-admin"):
        assert Clerk(app, role, late).get(address).status_code == 403
    stored = everything_stored(late.hub)
    assert {name for name in before if before[name] != stored[name]} <= {"page_session", "audit_entry", "staff"}
    done = clerk.web.post(address, data={**fields, "cause": "staffing", "text": "两人请假"})
    assert (done.status_code, done.location) == (303, "/portal/answers?late=1")
    shown = unescape(clerk.page("/portal/answers?late=1"))
    assert "人手不足" in shown
    assert "两人请假" in shown
    assert "没有。" in unescape(clerk.page("/portal/dashboard")).partition("超时，还没有登记原因")[2]
    with late.hub.reading(HUB) as tx:
        line = audit.newest(tx, limit=1)[0]
    assert (line.kind, line.about, line.details) == ("breach_explained", late.reference, {"cause": "staffing"})


def test_another_banks_late_answer_is_nobodys(app: Flask, late: Case, open_case: OpenCase) -> None:
    clerk = Clerk(app, "supervisor", late)
    [address] = set(re.findall(r"/portal/answers/\w+/cause", clerk.page("/portal/dashboard")))
    theirs = Clerk(app, "supervisor", open_case(CMB))
    assert theirs.get(address).status_code == 404
    assert late.reference not in theirs.page("/portal/answers")
    assert late.bank_code == ICBC
