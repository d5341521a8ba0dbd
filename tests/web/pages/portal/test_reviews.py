"""Four eyes: what waits for one person, what of an offer changed, on what facts, and what was said in all rounds."""

from __future__ import annotations

from datetime import timedelta
from html import unescape

import pytest
from flask import Flask

from hub.domain.actor import HUB
from hub.wiring import Hub
from storage import banks
from storage.records import CaseNoteRecord, OfferRecord
from tests import applications
from tests.applications import CMB, ICBC
from tests.services.case import LARGE_OFFER, Case
from tests.services.conftest import OpenCase
from tests.web.pages.apply.rows import count
from tests.web.pages.clerk import Clerk
from tests.web.pages.portal.offer_forms import offer_form
from tests.web.pages.portal.test_approvals import large_offer

LIST = "/portal/reviews"


@pytest.fixture
def admin(app: Flask, case: Case) -> Clerk:
    """An administrator of ICBC."""
    return Clerk(app, "bank-admin", case)


def waiting(case: Case) -> str:
    """The address below the case of the one offer that waits."""
    [found] = [each for each in case.view(Case.REVIEWER.party)["offers"] if each["status"] == "awaiting_approval"]
    return f"/offers/{found['id']}"


def test_an_offer_is_listed_for_whose_turn_it_is_and_never_for_its_maker(
    case: Case, clerk: Clerk, chief: Clerk, admin: Clerk
) -> None:
    clerk.done("/offer", large_offer(clerk))
    text = unescape(chief.page(LIST))
    row = text.partition("<tbody>")[2].partition("</tr>")[0]
    for words in (case.view()["reference"], clerk.name, "50,000.00", "582.00", "1 / 1", "个性化分期"):
        assert words in row
    assert f'href="{chief.address}{waiting(case)}?from=list%3Dreviews"' in row
    assert "没有等您复核的方案。" in admin.page(LIST)
    assert clerk.get(LIST).status_code == 403
    chief.done(f"{waiting(case)}/return", {**chief.form(waiting(case), "return"), "text": "请再看"})
    assert "没有等您复核的方案。" in chief.page(LIST)


def test_a_lead_does_not_find_what_they_made_themselves(case: Case, chief: Clerk) -> None:
    chief.done("/offer", large_offer(chief))
    assert "没有等您复核的方案。" in chief.page(LIST)


def test_the_next_level_finds_it_once_the_first_has_approved(
    case: Case, clerk: Clerk, chief: Clerk, admin: Clerk
) -> None:
    with case.hub.writing(HUB) as tx:
        banks.set_settings(tx, ICBC, {"approval_levels": "1000000:supervisor,1500000:bank_admin"})
    clerk.done("/offer", offer_form(clerk))
    assert "没有等您复核的方案。" in admin.page(LIST)
    chief.done(f"{waiting(case)}/approve", chief.form(waiting(case), "approve"))
    assert "2 / 2" in admin.page(LIST)
    assert "没有等您复核的方案。" in chief.page(LIST)


def test_another_bank_finds_none_of_it(app: Flask, open_case: OpenCase, case: Case, clerk: Clerk) -> None:
    clerk.done("/offer", large_offer(clerk))
    stranger = Clerk(app, "supervisor", open_case(bank_code=CMB))
    assert "没有等您复核的方案。" in stranger.page(LIST)
    assert stranger.get(f"{clerk.address}{waiting(case)}").status_code == 404


def test_the_page_shows_what_changed_in_words_beside_the_wish_and_the_version_before(
    case: Case, clerk: Clerk, chief: Clerk
) -> None:
    clerk.done("/offer", large_offer(clerk))
    first = waiting(case)
    assert "上一版" not in chief.read(first)
    chief.done(f"{first}/return", {**chief.form(first, "return"), "text": "期数请改短"})
    # The maker goes on from what was returned.
    again = clerk.form("/offer")
    assert again["terms.principal_fen"] == ["50,000.00"]
    clerk.done("/offer", {**again, "terms.instalments": "58", "reason_over_80": "家人愿意承担。"})
    text = chief.read(waiting(case))
    table = text.partition('class="diff"')[2].partition("</table>")[0]
    rows = {row.partition("</th>")[0].rpartition(">")[2]: row for row in table.split("<tr")[2:]}
    assert ("60" in rows["期数"], "58" in rows["期数"], "36" in rows["期数"]) == (True, True, True)
    assert ("已改" in rows["期数"], "与诉求不同" in rows["期数"]) == (True, True)
    assert ("已改" in rows["方案种类"], "与诉求相同" in rows["方案种类"]) == (False, True)
    # What was said in the rounds before stands there, with who said it.
    rounds = text.partition('id="rounds"')[2].partition("</section>")[0]
    assert "期数请改短" in rounds
    assert chief.name in rounds
    assert "第 2 版" in rounds


def test_a_returned_offer_keeps_its_reason_for_its_maker(case: Case, clerk: Clerk, chief: Clerk) -> None:
    reason = "家人愿意承担。"
    clerk.done("/offer", {**large_offer(clerk), "terms.instalments": "12", "reason_over_80": reason})
    first = waiting(case)
    chief.done(f"{first}/return", {**chief.form(first, "return"), "text": "请写给客户几句话"})
    for path in ("/offer", f"/offer?like={first.rpartition('/')[2]}"):
        assert clerk.form(path)["reason_over_80"] == [reason]
    # Another kind begins with what the person asks for.
    assert clerk.form("/offer?kind=deferral")["reason_over_80"] == [""]


def test_the_wish_is_what_the_application_says_and_no_rate_that_only_a_bank_names(
    case: Case, clerk: Clerk, chief: Clerk
) -> None:
    clerk.done("/offer", large_offer(clerk))
    text = chief.read(waiting(case))
    table = text.partition('class="diff"')[2].partition("</table>")[0]
    rows = {row.partition("</th>")[0].rpartition(">")[2]: row for row in table.split("<tr")[2:]}
    assert "530.00 元" in rows["每期还款（首期）"]
    assert "与诉求不同" in rows["每期还款（首期）"]
    for name in ("年利率", "还款方式", "共还"):
        assert ("—" in rows[name], "与诉求" in rows[name]) == (True, False)
    # What the table says is not said again below it.
    assert text.count("列入方案的金额</") == 1


def test_a_wish_that_is_no_whole_terms_stands_beside_the_offer_as_far_as_it_goes(
    app: Flask, open_case: OpenCase
) -> None:
    wish = {"kind": "instalments", "instalments": 24, "monthly_payment_fen": 40_000, "first_due_on": "2026-12-20"}
    case = open_case(proposal={**applications.application()["proposal"], **wish})
    clerk = Clerk(app, "reviewer", case)
    clerk.done("/offer", large_offer(clerk))
    text = Clerk(app, "supervisor", case).read(waiting(case))
    table = text.partition('class="diff"')[2].partition("</table>")[0]
    rows = {row.partition("</th>")[0].rpartition(">")[2]: row for row in table.split("<tr")[2:]}
    assert "与诉求相同" in rows["方案种类"]
    for name, words in (("期数", ">24"), ("首次还款日", "2026"), ("每期还款（首期）", "400.00 元")):
        assert words in rows[name].partition("</td>")[0], name
    assert "—" in rows["列入方案的金额"].partition("</td>")[0]


def test_who_comes_from_the_list_finds_the_way_back_to_it(case: Case, clerk: Clerk, chief: Clerk) -> None:
    clerk.done("/offer", large_offer(clerk))
    assert 'name="from" value="list=reviews"' in chief.read(f"{waiting(case)}?from=list%3Dreviews")
    crumbs = chief.read("?from=list%3Dreviews").partition('class="case-crumbs"')[2].partition("</p>")[0]
    assert '<a href="/portal/reviews">待我复核</a>' in crumbs
    answers = chief.read("?from=list%3Danswers%26week%3D2026-11-16%26late%3D1")
    assert '<a href="/portal/answers?week=2026-11-16&late=1">答复明细</a>' in unescape(answers)
    # What no list is called leads to the queue.
    assert ">待办队列</a>" in chief.read("?from=list%3Dbank").partition('class="case-crumbs"')[2].partition("</p>")[0]


def test_who_decides_from_the_list_goes_on_to_the_next_that_waits_for_them(
    app: Flask, open_case: OpenCase, case: Case, clerk: Clerk, chief: Clerk
) -> None:
    cases = [case, open_case(), open_case()]
    for each in cases:
        each.offer(LARGE_OFFER)
    # One of their own is not among them.
    own = Clerk(app, "supervisor", open_case())
    own.done("/offer", large_offer(own))
    came = "from=list%3Dreviews"

    def decided(here: Case, way: str, **words: str) -> str:
        reviewer = Clerk(app, "supervisor", here)
        offer = waiting(here)
        form = {**reviewer.form(f"{offer}?{came}", way), **words}
        answer = reviewer.send(f"{offer}/{way}", form)
        assert answer.status_code == 303
        return str(answer.location)

    first, second, third = cases
    on = decided(first, "approve")
    of = first.view()["reference"]
    assert on == f"/portal/negotiations/{second.id}{waiting(second)}?done=approved&of={of}&{came}"
    assert f"上一件 {of}：已通过复核，方案已发给客户。" in unescape(chief.page(on))
    on = decided(second, "return", text="期数请改短")
    assert on.startswith(f"/portal/negotiations/{third.id}{waiting(third)}?done=returned&of=XS-")
    on = decided(third, "approve")
    assert on.startswith("/portal/reviews?done=approved&of=XS-")
    shown = unescape(chief.page(on))
    assert ("没有等您复核的方案。" in shown, "已通过复核" in shown) == (True, True)


def test_who_decides_from_the_case_stays_with_the_case(case: Case, open_case: OpenCase, chief: Clerk) -> None:
    for each in (case, open_case()):
        each.offer(LARGE_OFFER)
    assert chief.done(f"{waiting(case)}/approve", chief.form(waiting(case), "approve")) == "approved"


def test_a_late_answer_that_was_acknowledged_is_called_late(case: Case, clerk: Clerk, chief: Clerk) -> None:
    clerk.done("/offer", large_offer(clerk))
    assert "已超时" not in chief.page(LIST)
    case.clock.at += timedelta(days=14)
    assert "已超时" in chief.page(LIST)


def test_the_facts_that_it_rests_on_stand_beside_it(case: Case, clerk: Clerk, chief: Clerk) -> None:
    clerk.done("/offer", large_offer(clerk))
    text = chief.read(waiting(case))
    for words in ("负担能力", "证明材料", "困难说明", "住院三个月"):
        assert words in text


def test_words_of_an_approval_are_an_internal_note(case: Case, hub: Hub, clerk: Clerk, chief: Clerk) -> None:
    clerk.done("/offer", large_offer(clerk))
    path = waiting(case)
    assert chief.done(f"{path}/approve", {**chief.form(path, "approve"), "note": "材料齐全，同意。"}) == "approved"
    assert "材料齐全，同意。" in clerk.read()
    assert "材料齐全，同意。" not in str(case.view())


def test_a_case_that_changed_meanwhile_is_not_approved_and_the_page_says_who_and_when(
    case: Case, hub: Hub, clerk: Clerk, chief: Clerk
) -> None:
    clerk.done("/offer", large_offer(clerk))
    path = waiting(case)
    form = {**chief.form(path, "approve"), "note": "同意"}
    clerk.done("/messages", {**clerk.form("/messages"), "text": "正在与客户沟通。"})
    text, again = chief.refused(f"{path}/approve", form, 409)
    told = text.partition('id="trouble"')[2].partition("</div>")[0]
    assert (clerk.name in told, again["note"]) == (True, ["同意"])
    assert count(hub, CaseNoteRecord) == 0
    with hub.reading(HUB) as tx:
        assert [each.status for each in tx.session.query(OfferRecord)] == ["awaiting_approval"]
