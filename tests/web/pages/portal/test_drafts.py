"""Forms of the portal that were begun and not sent: one account's alone, told with their time, and gone once sent."""

from __future__ import annotations

from datetime import timedelta
from html import unescape

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from hub.domain.actor import HUB
from hub.domain.clock import FixedClock
from hub.services.accounts import staff
from hub.wiring import Hub
from storage.records import LogEntryRecord, UnfinishedFormRecord
from tests.applications import CMB
from tests.services.case import Case
from tests.services.conftest import OpenCase
from tests.web.pages.apply.rows import count
from tests.web.pages.clerk import Clerk, Fields
from tests.web.pages.portal.offer_forms import offer_form
from tests.web.pages.portal.test_approvals import large_offer
from tests.web.pages.test_unfinished import SCRIPT, rows

WORDS = "您的情况我们已了解"
SAVED = "草稿已保存"
IDLE = timedelta(minutes=16)


def keep(clerk: Clerk, path: str, fields: Fields) -> TestResponse:
    """What the script is answered that keeps the form."""
    return clerk.web.post(f"{clerk.address}{path}", data={**fields, "do": "draft"}, headers=SCRIPT)


@pytest.mark.parametrize(
    "path", ["/offer", "/messages", "/reject", "/calls", "/request-evidence", "/defer-decision", "/legal-stage"]
)
def test_a_form_is_kept_sealed_and_shown_to_its_writer_alone(
    app: Flask, hub: Hub, case: Case, clerk: Clerk, chief: Clerk, path: str
) -> None:
    form = clerk.form(path)
    field = "terms.note" if path == "/offer" else "court" if path == "/legal-stage" else "text"
    before = count(hub, LogEntryRecord)
    kept = keep(clerk, path, {**form, field: WORDS})
    assert (kept.status_code, kept.get_data()) == (204, b"")
    assert kept.headers["Draft-Saved"].count(":") == 1
    assert 800 < int(kept.headers["Session-Left"]) <= 900
    assert count(hub, LogEntryRecord) == before
    with hub.reading(HUB) as tx:
        [record] = tx.session.query(UnfinishedFormRecord)
        assert WORDS.encode() not in record.values_sealed
    # The desk says that there is a draft, to its writer alone, and nothing of it.
    for words, told in ((clerk.read(), True), (clerk.page("/portal/"), True), (chief.page("/portal/"), False)):
        assert ("有草稿" in unescape(words)) is told
        assert (WORDS in words) is (told and path in ("/offer", "/messages") and "case-head" in words)
    # On another of their machines, and for no colleague.
    elsewhere = Clerk(app, "reviewer", case)
    assert elsewhere.form(path)[field] == [WORDS]
    assert SAVED in elsewhere.read(path)
    assert WORDS not in chief.read(path)
    assert "还没有提交" not in chief.read(path)
    thrown = clerk.web.post(f"{clerk.address}{path}", data={**form, "do": "afresh"})
    assert (thrown.status_code, thrown.location) == (303, f"{clerk.address}{path}")
    assert (rows(hub), WORDS in clerk.read(path)) == ([], False)


def test_without_a_script_a_button_keeps_it_and_so_does_a_look_before_sending(clerk: Clerk, hub: Hub) -> None:
    form = {**clerk.form("/reject"), "reason_code": "other", "text": WORDS}
    answer = clerk.web.post(f"{clerk.address}/reject", data={**form, "do": "draft"})
    assert (answer.status_code, answer.location) == (303, f"{clerk.address}/reject")
    assert clerk.form("/reject")["text"] == [WORDS]
    clerk.web.post(f"{clerk.address}/reject", data={**form, "do": "afresh"})
    assert clerk.send("/reject", form, step="preview").status_code == 200
    assert clerk.form("/reject")["text"] == [WORDS]
    assert clerk.done("/reject", form) == "rejected"
    assert rows(hub) == []


def test_a_form_that_comes_back_refused_is_kept_and_one_that_is_sent_is_not(clerk: Clerk, hub: Hub) -> None:
    clerk.refused("/offer", offer_form(clerk, **{"terms.instalments": "61"}), step="preview")
    assert clerk.form("/offer")["terms.instalments"] == ["61"]
    assert clerk.done("/offer", offer_form(clerk, **{"terms.instalments": "36"})) == "offer_open"
    assert rows(hub) == []


def test_a_draft_is_shown_in_its_kind_and_another_kind_is_a_press_away(clerk: Clerk) -> None:
    form = clerk.form("/offer?kind=deferral", "offer")
    keep(clerk, "/offer", {**form, "terms.months": "三"})
    assert clerk.form("/offer")["terms.months"] == ["三"]
    other = clerk.read("/offer?kind=instalments")
    assert "您有一份草稿" in other
    assert SAVED not in other.partition("您有一份草稿")[0]
    oral = clerk.form("/calls?oral=deferral", "calls")
    keep(clerk, "/calls", {**oral, "text": WORDS})
    assert (clerk.form("/calls")["terms.kind"], clerk.form("/calls")["text"]) == (["deferral"], [WORDS])


def test_what_happened_since_it_was_begun_is_told_with_who_and_when(clerk: Clerk, chief: Clerk) -> None:
    keep(clerk, "/messages", {**clerk.form("/messages"), "text": WORDS})
    chief.done("/messages", {**chief.form("/messages"), "text": "正在与客户沟通。"})
    text = clerk.read("/messages")
    assert "您写这份草稿之后" in text
    assert chief.name in text.partition("您写这份草稿之后")[2].partition("</p>")[0]
    # It is for what its writer now sees.
    assert clerk.done("/messages", clerk.form("/messages")) == "written"


def test_words_to_the_maker_are_kept_below_the_offer(case: Case, clerk: Clerk, chief: Clerk, hub: Hub) -> None:
    clerk.done("/offer", large_offer(clerk))
    [offer] = case.view(Case.REVIEWER.party)["offers"]
    path = f"/offers/{offer['id']}"
    token = {**chief.form(path, "return"), "text": WORDS}
    assert keep(chief, f"{path}/return", token).status_code == 204
    assert chief.form(path, "return")["text"] == [WORDS]
    answer = chief.web.post(f"{chief.address}{path}/return", data={**token, "do": "afresh"})
    assert answer.location == f"{chief.address}{path}"
    assert rows(hub) == []


def test_another_banks_case_and_one_who_only_looks_keep_nothing(
    app: Flask, open_case: OpenCase, case: Case, clerk: Clerk, hub: Hub
) -> None:
    fields = clerk.form("/messages")
    stranger = Clerk(app, "reviewer", open_case(bank_code=CMB))
    token = {"csrf_token": stranger.token(), "do": "draft", "text": WORDS}
    assert stranger.web.post(f"{clerk.address}/messages", data=token, headers=SCRIPT).status_code == 404
    auditor = Clerk(app, "auditor", case)
    token = {"csrf_token": auditor.token(), "do": "draft", "text": WORDS}
    assert auditor.web.post(f"{clerk.address}/messages", data=token, headers=SCRIPT).status_code == 403
    assert keep(clerk, "/messages", {**fields, "csrf_token": "x"}).status_code == 400
    assert rows(hub) == []


def test_what_was_pressed_too_late_is_there_after_the_same_account_has_signed_in(
    app: Flask, case: Case, clerk: Clerk, hub: Hub, real_clock: FixedClock
) -> None:
    form = {**clerk.form("/messages"), "text": WORDS}
    real_clock.at += IDLE
    answer = clerk.send("/messages", form)
    assert answer.location == f"/sign-in/staff?next={clerk.address}/messages"
    assert rows(hub) == [(f"{clerk.address}/messages", True)]
    assert "用同一个账号登录后接着写" in unescape(clerk.page(answer.location))
    # Elsewhere it is not seen, and nothing was sent.
    assert WORDS not in Clerk(app, "reviewer", case).read("/messages")
    assert WORDS not in Clerk(app, "reviewer", case).read()
    came_in = clerk.web.post("/demo/sign-in", data={"person": f"reviewer-{case.bank_code}"})
    assert came_in.status_code == 303
    assert clerk.form("/messages")["text"] == [WORDS]
    assert rows(hub) == [(f"{clerk.address}/messages", False)]


def test_another_account_in_the_same_browser_never_sees_it(
    case: Case, clerk: Clerk, hub: Hub, real_clock: FixedClock
) -> None:
    form = {**clerk.form("/messages"), "text": WORDS}
    real_clock.at += IDLE
    late = clerk.web.post(f"{clerk.address}/messages", data={**form, "do": "draft"}, headers=SCRIPT)
    assert (late.status_code, late.headers["Draft-Held"]) == (401, "1")
    clerk.web.post("/demo/sign-in", data={"person": f"supervisor-{case.bank_code}"})
    assert WORDS not in clerk.read("/messages")
    assert rows(hub) == [(f"{clerk.address}/messages", True)]


def test_nothing_is_held_of_who_signed_out(app: Flask, case: Case, clerk: Clerk, hub: Hub) -> None:
    form = {**clerk.form("/messages"), "text": WORDS}
    Clerk(app, "reviewer", case).post("/portal/sessions")
    assert clerk.send("/messages", form).location == f"/sign-in/staff?next={clerk.address}/messages"
    assert rows(hub) == []


def test_a_session_goes_on_at_one_word_for_twelve_hours_at_most(real_clock: FixedClock, clerk: Clerk) -> None:
    assert 'data-session-left="900"' in clerk.read("/messages")
    token = {"csrf_token": clerk.token()}
    for _ in range(51):
        real_clock.at += timedelta(minutes=14)
        stays = clerk.web.post("/sign-in/staff/stay", data=token, headers=SCRIPT)
        assert stays.status_code == 204
    # Less than six minutes are left of the twelve hours, and no word makes more of them.
    assert int(stays.headers["Session-Left"]) == 360
    real_clock.at += timedelta(minutes=6)
    assert clerk.web.post("/sign-in/staff/stay", data=token, headers=SCRIPT).status_code == 401


def test_drafts_of_who_left_the_bank_are_gone(clerk: Clerk, chief: Clerk, hub: Hub) -> None:
    for each in (clerk, chief):
        keep(each, "/messages", {**each.form("/messages"), "text": WORDS})
    with hub.writing(HUB) as tx:
        staff.remove(tx, clerk.email)
    assert len(rows(hub)) == 1
    assert chief.form("/messages")["text"] == [WORDS]
