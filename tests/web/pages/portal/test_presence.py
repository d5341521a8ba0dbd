"""Two clerks at one case see each other, and each sees what the other did since the page was opened."""

from __future__ import annotations

from datetime import timedelta
from html import unescape

from flask import Flask

from hub.domain.actor import HUB
from hub.domain.clock import FixedClock
from hub.domain.presence import PRESENT_FOR
from hub.services.operating import sweeps
from hub.wiring import Hub
from storage.records import CasePresenceRecord
from tests.applications import CMB
from tests.services.case import Case
from tests.services.conftest import OpenCase
from tests.web.pages.apply.rows import count
from tests.web.pages.clerk import Clerk
from tests.web.pages.portal.test_approvals import large_offer
from tests.web.pages.test_unfinished import SCRIPT


def look(clerk: Clerk, seen: str = "", status: int = 200) -> str:
    """What the script of the clerk's open page is told."""
    data = {"csrf_token": clerk.token(), "seen": seen}
    answer = clerk.web.post(f"{clerk.address}/presence", data=data, headers=SCRIPT)
    assert answer.status_code == status
    return unescape(answer.get_data(as_text=True))


def test_who_is_at_the_case_is_named_with_what_they_do(real_clock: FixedClock, clerk: Clerk, chief: Clerk) -> None:
    clerk.read()
    assert f"{clerk.name}</bdi> 正在查看" in chief.read()
    clerk.read("/offer")
    assert f"{clerk.name}</bdi> 正在编制方案" in chief.read("/reject")
    # Oneself is no news, and a look now and then takes nothing of what one does away.
    own = look(clerk)
    assert (clerk.name in own, f"{chief.name}</bdi> 正在写不予同意的答复" in own) == (False, True)
    assert f"{clerk.name}</bdi> 正在编制方案" in look(chief)
    real_clock.at += PRESENT_FOR
    assert clerk.name not in look(chief)
    # What is kept of a form is a sign of its writer as well.
    form = clerk.form("/messages")
    clerk.read()
    clerk.web.post(f"{clerk.address}/messages", data={**form, "text": "您好", "do": "draft"}, headers=SCRIPT)
    assert f"{clerk.name}</bdi> 正在给客户写消息" in look(chief)


def test_only_who_may_decide_over_an_offer_is_said_to_review_it(
    app: Flask, case: Case, clerk: Clerk, chief: Clerk
) -> None:
    clerk.done("/offer", large_offer(clerk))
    [offer] = case.view(Case.REVIEWER.party)["offers"]
    auditor = Clerk(app, "auditor", case)
    for reader in (clerk, auditor, chief):
        reader.read(f"/offers/{offer['id']}")
    told = look(Clerk(app, "bank-admin", case))
    for reader, doing in ((clerk, "正在查看"), (auditor, "正在查看"), (chief, "正在复核方案")):
        assert f"{reader.name}</bdi> {doing}" in told


def test_what_a_colleague_did_meanwhile_is_told_with_who_and_when(clerk: Clerk, chief: Clerk) -> None:
    [seen] = clerk.form("/offer")["seen"]
    chief.done("/messages", {**chief.form("/messages"), "text": "正在与客户沟通。"})
    told = look(clerk, seen)
    assert "您打开页面之后" in told
    assert chief.name in told
    assert "您打开页面之后" not in look(chief, seen)
    assert "您打开页面之后" not in look(clerk, "x")


def test_another_bank_learns_nothing_and_nothing_is_noted(
    open_case: OpenCase, app: Flask, case: Case, clerk: Clerk, hub: Hub
) -> None:
    clerk.read()
    stranger = Clerk(app, "reviewer", open_case(bank_code=CMB))
    there = stranger.web.post(f"{clerk.address}/presence", data={"csrf_token": stranger.token()}, headers=SCRIPT)
    assert there.status_code == 404
    assert count(hub, CasePresenceRecord) == 1


def test_looking_around_keeps_no_session_of_somebody_who_has_gone_away(real_clock: FixedClock, clerk: Clerk) -> None:
    clerk.read()
    data = {"csrf_token": clerk.token()}
    for _ in range(14):
        real_clock.at += timedelta(minutes=1)
        assert clerk.web.post(f"{clerk.address}/presence", data=data, headers=SCRIPT).status_code == 200
    real_clock.at += timedelta(minutes=1)
    assert clerk.web.post(f"{clerk.address}/presence", data=data, headers=SCRIPT).status_code == 401


def test_signs_of_the_day_before_are_swept(clerk: Clerk, hub: Hub) -> None:
    clerk.read()
    at = hub.real_clock.now()
    sweeps.forget_old(hub, real_now=at)
    assert count(hub, CasePresenceRecord) == 1
    sweeps.forget_old(hub, real_now=at + timedelta(days=1, seconds=1))
    with hub.reading(HUB) as tx:
        assert tx.session.query(CasePresenceRecord).all() == []
