"""Cases are given to colleagues at pages: shown first, done row by row, undone; and the way from case to case."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from flask import Flask

from hub.domain.actor import HUB
from hub.domain.staff import Role
from hub.services.accounts import staff
from hub.services.accounts.demo_accounts import find_demo
from hub.wiring import Hub
from storage.records import NegotiationRecord
from tests.applications import CMB, ICBC
from tests.services.case import Case
from tests.services.conftest import OpenCase
from tests.web.pages.clerk import Clerk, forms_of


def account(hub: Hub, role: Role, bank: str = ICBC) -> str:
    """The id of the demo account of that role."""
    with hub.reading(HUB) as tx:
        found = find_demo(tx, role=role, bank_code=bank)
        assert found is not None
        return found.id


def owner(case: Case) -> str | None:
    with case.row() as (tx, _):
        return tx.session.get_one(NegotiationRecord, case.id).owner_id


def planned(clerk: Clerk, to: str, *cases: Case, status: int = 200, queue: str = "") -> tuple[str, dict[str, Any]]:
    """The page that shows what would become of the cases, and what its form sends."""
    answer = clerk.get("/portal/assign", query_string={"case": [each.id for each in cases], "to": to, "from": queue})
    assert answer.status_code == status
    return unescape(answer.get_data(as_text=True)), forms_of(answer).get("assign", {})


def test_a_dry_run_says_what_would_change_and_then_it_is_done_and_undone(
    app: Flask, clerk: Clerk, chief: Clerk, open_case: OpenCase
) -> None:
    case, other, ended = clerk.case, open_case(), open_case()
    ended.withdraw()
    me = account(case.hub, Role.REVIEWER)
    text, fields = planned(clerk, me, case, other, ended, queue="tab=unassigned&limit=20")
    assert "将改动 2 件，1 件不动" in text
    assert "已经结束，不再需要经办人" in text
    assert (owner(case), owner(other)) == (None, None)
    done = clerk.web.post("/portal/assign", data=fields)
    assert done.status_code == 303
    assert done.location.endswith("?from=tab%3Dunassigned%26limit%3D20")
    result = unescape(clerk.page(done.location))
    assert "改动了 2 件，1 件没有动。" in result
    assert 'href="/portal/?tab=unassigned&limit=20"' in result
    assert (owner(case), owner(other), owner(ended)) == (me, me, None)
    undo = forms_of(clerk.get(done.location))["undo"]
    # Somebody else's press is nothing to take back.
    assert chief.web.post(done.location.partition("?")[0] + "/undo", data=undo).status_code in (303, 400, 404)
    assert owner(case) == me
    assert clerk.web.post(done.location.partition("?")[0] + "/undo", data=undo).status_code == 303
    assert "已撤销：2 件恢复原样。" in unescape(clerk.page(done.location))
    assert (owner(case), owner(other)) == (None, None)


def test_what_a_colleague_took_meanwhile_stays_theirs(clerk: Clerk, chief: Clerk, open_case: OpenCase) -> None:
    case, other = clerk.case, open_case()
    me, lead = account(case.hub, Role.REVIEWER), account(case.hub, Role.SUPERVISOR)
    _, fields = planned(clerk, me, case, other)
    taken = chief.form("", "owner")
    assert chief.done("/owner", {**taken, "owner": lead}) == "assigned"
    result = unescape(clerk.page(clerk.web.post("/portal/assign", data=fields).location))
    assert "刚刚有人改动过，没有动" in result
    assert (owner(case), owner(other)) == (lead, me)
    answer = clerk.send("/owner", {**taken, "owner": me})
    assert answer.status_code == 400 or "韩磊正在经办" in unescape(answer.get_data(as_text=True))
    stale = clerk.form("", "owner") | {"owner": me, "seen_owner": ""}
    answer = clerk.send("/owner", stale)
    assert answer.status_code == 422
    assert "韩磊正在经办，所以没有改动。" in unescape(answer.get_data(as_text=True))
    assert owner(case) == lead


def test_undoing_too_late_is_refused_with_what_to_do(clerk: Clerk) -> None:
    case, me = clerk.case, account(clerk.case.hub, Role.REVIEWER)
    _, fields = planned(clerk, me, case)
    address = clerk.web.post("/portal/assign", data=fields).location
    undo = forms_of(clerk.get(address))["undo"]
    case.clock.at += timedelta(seconds=31)
    answer = clerk.web.post(f"{address}/undo", data=undo)
    assert answer.status_code == 422
    assert "超过 30 秒，不能撤销了。可以重新分派。" in unescape(answer.get_data(as_text=True))
    assert owner(case) == me
    assert "撤销</button>" not in clerk.page(address)


def test_many_are_picked_up_after_a_look(clerk: Clerk, open_case: OpenCase) -> None:
    case, other = clerk.case, open_case()
    other.acknowledge()
    text, fields = planned(clerk, "acknowledge", case, other)
    assert "将改动 1 件，1 件不动" in text
    assert "不能撤销" in text
    result = clerk.page(clerk.web.post("/portal/assign", data=fields).location)
    assert "不在等待受理" in result
    assert "撤销</button>" not in result
    assert (case.status, owner(case)) == ("in_review", account(case.hub, Role.REVIEWER))


@pytest.mark.parametrize("kind", ["another bank's", "unknown", "left", "not acting"])
def test_nobody_but_an_active_colleague_who_acts_can_be_given_a_case(
    app: Flask, clerk: Clerk, open_case: OpenCase, kind: str
) -> None:
    case, hub = clerk.case, clerk.case.hub
    Clerk(app, "reviewer", open_case(CMB))
    with hub.writing(HUB) as tx:
        gone, _ = staff.add(tx, role=Role.REVIEWER, email="gone@icbc.example", bank_code=ICBC, at=tx.now)
        staff.remove(tx, "gone@icbc.example")
    Clerk(app, "auditor", case)
    who = {
        "another bank's": lambda: account(hub, Role.REVIEWER, CMB),
        "unknown": lambda: "0" * 32,
        "left": lambda: gone.id,
        "not acting": lambda: account(hub, Role.AUDITOR),
    }[kind]()
    words = "案件只能分派给本行的协商经办或复核主管。" if kind == "not acting" else "本行没有这位同事，请重新选择。"
    text, _ = planned(clerk, who, case, status=422)
    assert words in text
    answer = clerk.send("/owner", {**clerk.form("", "owner"), "owner": who})
    assert (answer.status_code, words in unescape(answer.get_data(as_text=True))) == (422, True)
    _, fields = planned(clerk, account(hub, Role.REVIEWER), case)
    answer = clerk.web.post("/portal/assign", data={**fields, "turn": f"{case.id}::{who}"})
    assert (answer.status_code, words in unescape(answer.get_data(as_text=True))) == (422, True)
    assert owner(case) is None


def test_another_banks_case_in_a_form_is_as_unknown_as_none(app: Flask, clerk: Clerk, open_case: OpenCase) -> None:
    theirs = open_case(CMB)
    me = account(theirs.hub, Role.REVIEWER)
    texts = []
    for negotiation_id in (theirs.id, "0" * 32):
        answer = clerk.get("/portal/assign", query_string={"case": negotiation_id, "to": me})
        texts.append((answer.status_code, answer.get_data(as_text=True).count("没有找到，或者不属于本行")))
        assert theirs.reference not in answer.get_data(as_text=True)
        assert clerk.get(f"/portal/next?after={negotiation_id}").status_code == 404
    assert texts == [(200, 1)] * 2
    _, fields = planned(clerk, me, clerk.case)
    done = clerk.web.post("/portal/assign", data={**fields, "turn": f"{theirs.id}::{me}"})
    assert "没有找到，或者不属于本行" in clerk.page(done.location)
    assert Clerk(app, "reviewer", theirs).get(done.location).status_code == 404
    assert owner(theirs) is None


def test_who_only_looks_gives_no_case_to_anybody(app: Flask, clerk: Clerk) -> None:
    auditor = Clerk(app, "auditor", clerk.case)
    assert auditor.get(f"/portal/assign?case={clerk.case.id}").status_code == 403
    assert "我来经办" not in auditor.read()
    assert 'name="case"' not in auditor.page("/portal/")
    assert 'name="case"' in clerk.page("/portal/")


def test_the_next_case_is_that_of_the_queue_one_came_from(clerk: Clerk, open_case: OpenCase) -> None:
    first, second, third = clerk.case, open_case(), open_case()
    me = account(first.hub, Role.REVIEWER)
    clerk.web.post("/portal/assign", data=planned(clerk, me, first, third)[1])
    mine = {"from": "tab=mine"}

    def led(after: Case, **more: str) -> str:
        answer = clerk.get("/portal/next", query_string={"after": after.id, **more})
        assert answer.status_code == 303
        return answer.location

    assert led(first) == f"/portal/negotiations/{second.id}"
    assert led(first, **mine) == f"/portal/negotiations/{third.id}?from=tab%3Dmine"
    assert led(third, way="previous", **mine) == f"/portal/negotiations/{first.id}?from=tab%3Dmine"
    assert led(third) == f"/portal/negotiations/{third.id}?done=last_case"
    assert "这是列表里的最后一件。" in clerk.page(led(third))
    page = unescape(clerk.page(f"/portal/negotiations/{first.id}?from=tab%3Dmine"))
    assert f'href="/portal/?tab=mine#row-{first.id}"' in page
    assert f"/portal/next?after={first.id}&from=tab%3Dmine" in page


def test_the_place_in_the_list_goes_on_with_the_one_who_works_through_it(clerk: Clerk, open_case: OpenCase) -> None:
    first, second = clerk.case, open_case()

    def words(address: str) -> str:
        page = unescape(clerk.page(clerk.get(address).location))
        return str(re.findall(r"/ (第 \d+ 件.*?)</span>", page)[0])

    listed = "from=total%3D3%26at%3D"
    assert words(f"/portal/next?after={first.id}&{listed}1") == "第 2 件，共 3 件"
    assert words(f"/portal/next?after={second.id}&way=previous&{listed}2") == "第 1 件，共 3 件"
    # A message leaves the case where it is; one that is over makes room for the next.
    assert words(f"/portal/next?after={first.id}&done=sent&{listed}1") == "第 2 件，共 3 件"
    first.reject()
    assert words(f"/portal/next?after={first.id}&done=rejected&{listed}1") == "第 1 件，共 2 件"


def test_after_a_decision_the_next_case_opens_where_one_asked_for_it(clerk: Clerk, open_case: OpenCase) -> None:
    case, second = clerk.case, open_case()
    fields = {**clerk.form("/reject?from=tab%3Dall"), "reason_code": "other", "text": "这次没有达成一致。"}
    preview = clerk.send("/reject", fields, step="preview")
    form = forms_of(preview)["reject"]
    assert form["from"] == ["tab=all"]
    sent = clerk.send("/reject", {**form, "then": "next"})
    assert sent.location == f"/portal/next?after={case.id}&done=rejected&from=tab%3Dall"
    following = clerk.get(sent.location).location
    assert following.startswith(f"/portal/negotiations/{second.id}?done=rejected&of=XS-")
    assert f"上一件 {case.reference}：已答复客户。" in unescape(clerk.page(following))
    assert case.status == "rejected"


@pytest.mark.parametrize("given", ["//evil.example", "tab=mine\nX: y", '"><script>', "a" * 900])
def test_what_no_browser_would_have_written_into_the_way_back_is_left_out(clerk: Clerk, given: str) -> None:
    answer = clerk.get(f"/portal/negotiations/{clerk.case.id}", query_string={"from": given})
    assert f'href="/portal/#row-{clerk.case.id}"' in answer.get_data(as_text=True)
