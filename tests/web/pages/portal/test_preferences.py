"""What a person at a bank chooses for themselves, by the page."""

from __future__ import annotations

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from hub.domain.actor import HUB
from hub.domain.bank import Bank
from hub.domain.staff_preferences import StaffPreferences
from hub.services.accounts.staff import preferences_of
from hub.wiring import Hub
from storage.staff import list_of_bank
from tests.applications import CMB, ICBC
from tests.web.pages.visitor import Visitor

HERE = "/portal/settings"


def send(browser: Visitor, **form: str) -> TestResponse:
    """The answer to the form, its token added."""
    return browser.web.post(HERE, data={"csrf_token": browser.token(), **form})


def chosen(hub: Hub, role: str, bank_code: str = ICBC) -> StaffPreferences:
    with hub.reading(HUB) as tx:
        [record] = [each for each in list_of_bank(tx, bank_code) if each.role == role]
        return preferences_of(record)


def test_each_choice_counts_from_the_next_page_on_and_for_one_person_alone(
    app: Flask, hub: Hub, banks: dict[str, Bank]
) -> None:
    clerk = Visitor(app, f"reviewer-{ICBC}")
    assert "data-keyboard" not in clerk.page(HERE)
    for name in ("keyboard", "daily_digest", "assigned_mails"):
        answer = send(clerk, **{name: "off"})
        assert (answer.status_code, answer.location) == (303, f"{HERE}?done=1")
    assert 'data-keyboard="off"' in clerk.page(HERE)
    off = StaffPreferences(daily_digest=False, assigned_mails=False, keyboard=False)
    assert chosen(hub, "reviewer") == off
    assert {chosen(hub, "supervisor"), chosen(hub, "reviewer", CMB)} == {StaffPreferences()}
    send(clerk, keyboard="on")
    assert chosen(hub, "reviewer").keyboard


def test_what_is_due_or_late_cannot_be_turned_off_and_the_page_says_so(app: Flask, banks: dict[str, Bank]) -> None:
    text = Visitor(app, f"supervisor-{ICBC}").page(HERE)
    assert "不能关闭的提醒" in text
    assert {each for each in ("今天到期的申请", "已超时的申请") if each in text} == {"今天到期的申请", "已超时的申请"}


@pytest.mark.parametrize(
    "form", [{}, {"keyboard": "maybe"}, {"due": "off"}, {"breach": "off"}, {"role": "bank_admin"}], ids=str
)
def test_what_is_no_choice_is_refused_and_changes_nothing(
    app: Flask, hub: Hub, banks: dict[str, Bank], form: dict[str, str]
) -> None:
    clerk = Visitor(app, f"reviewer-{ICBC}")
    assert send(clerk, **form).status_code == 400
    assert chosen(hub, "reviewer") == StaffPreferences()


def test_an_auditor_gets_no_mails_and_chooses_none(app: Flask, hub: Hub, banks: dict[str, Bank]) -> None:
    auditor = Visitor(app, f"auditor-{ICBC}")
    assert "邮件" not in auditor.page(HERE)
    assert send(auditor, daily_digest="off").status_code == 400
    assert send(auditor, keyboard="off").status_code == 303
