"""A clerk registers an application and says by when the bank decides."""

from flask import Flask

from tests.services.case import Case
from tests.web.pages.clerk import Clerk


def test_it_is_shown_first_and_then_stands_on_the_case(app: Flask, case: Case) -> None:
    clerk = Clerk(app, "reviewer", case)
    form = {**clerk.form("/defer-decision"), "decision_by": "2026-12-04", "text": "正在核对您的账户"}
    shown = clerk.send("/defer-decision", form, step="preview")
    assert "2026 年 12 月 4 日" in shown.get_data(as_text=True)
    assert case.status == "awaiting_bank"
    assert clerk.done("/defer-decision", form) == "deferred"
    page = clerk.read()
    assert "已登记，还没有决定" in page
    assert "正在核对您的账户" in page


def test_a_day_that_is_too_far_comes_back_with_what_was_typed(app: Flask, case: Case) -> None:
    clerk = Clerk(app, "reviewer", case)
    form = {**clerk.form("/defer-decision"), "decision_by": "2027-03-04", "text": "正在核对"}
    page, again = clerk.refused("/defer-decision", form)
    assert "请填写明天到 30 天之内的日期" in page
    assert again["text"] == ["正在核对"]


def test_an_auditor_only_looks(app: Flask, case: Case) -> None:
    auditor = Clerk(app, "auditor", case)
    assert "/defer-decision" not in auditor.read()
    assert auditor.get(f"{auditor.address}/defer-decision").status_code == 403


def test_after_the_time_to_answer_nobody_is_told_to_answer_before_it(app: Flask, case: Case) -> None:
    case.at("2026-12-03 10:00")
    clerk = Clerk(app, "reviewer", case)
    form = {**clerk.form("/defer-decision"), "decision_by": "2026-12-10", "text": "正在核对您的账户"}
    for page in (
        clerk.read("/defer-decision"),
        clerk.send("/defer-decision", form, step="preview").get_data(as_text=True),
    ):
        assert ("已过，仍须正式答复" in page, "仍须在" in page) == (True, False)
