"""A bank's own words and plans: changed by its leads in versions, inserted by its clerks, another bank's never seen."""

from __future__ import annotations

from html import unescape
from typing import Any

import pytest
from flask import Flask

from hub.domain.actor import HUB
from hub.services.operating import audit
from hub.wiring import Hub
from storage.records import DeskTemplateRecord, LogEntryRecord
from tests.applications import CMB
from tests.services.case import Case
from tests.services.conftest import OpenCase
from tests.web.pages.apply.rows import count
from tests.web.pages.clerk import Clerk, Fields, forms_of

REPLY = {
    "name": "问候",
    "use": "message",
    "text": "{客户称呼}，您好。{编号} 由 {经办人} 办理。",
    "text_en": "",
    "is_on": "1",
}
OFFER = {
    "name": "三年期",
    "kind": "instalments",
    "instalments": "36",
    "annual_rate_percent": "3.6",
    "method": "equal_instalment",
    "waived_interest": "50",
    "waived_penalty": "100",
    "note": "",
    "is_on": "1",
}


def save(clerk: Clerk, address: str, fields: dict[str, Any], status: int = 303) -> str:
    """The page or address that answers the form there."""
    answer = clerk.web.post(address, data={"csrf_token": clerk.token(), **fields})
    assert answer.status_code == status, unescape(answer.get_data(as_text=True))
    return answer.location or unescape(answer.get_data(as_text=True))


def added(clerk: Clerk, hub: Hub, sort: str, fields: dict[str, Any]) -> str:
    """The address of a template that was just added."""
    root = "/portal/replies" if sort == "reply" else "/portal/offer-templates"
    assert save(clerk, f"{root}/new", fields) == f"{root}?done=1"
    with hub.reading(HUB) as tx:
        [template_id] = {each.template_id for each in tx.session.query(DeskTemplateRecord) if each.sort == sort}
    return f"{root}/{template_id}"


def test_a_reply_is_inserted_with_its_gaps_filled_and_nothing_is_sent(
    hub: Hub, case: Case, clerk: Clerk, chief: Clerk
) -> None:
    address = added(chief, hub, "reply", REPLY)
    before = count(hub, LogEntryRecord)
    form = {**clerk.form("/messages"), "text": "先说一句。", "reply": address.rpartition("/")[2]}
    with case.row() as (_, row):
        said = f"您好。{row.reference} 由 {clerk.name} 办理。"
    answer = clerk.send("/messages", form, step="insert")
    inserted: Fields = forms_of(answer)["messages"]
    [text] = inserted["text"]
    assert (text.startswith(("先说一句。\n王女士，", "先说一句。\n王先生，")), text.endswith(said)) == (True, True)
    assert count(hub, LogEntryRecord) == before
    assert clerk.done("/messages", inserted) == "written"
    # Without a choice, or with another's id, the words stay as they were.
    again = clerk.send("/messages", {**form, "reply": "none"}, step="insert")
    assert forms_of(again)["messages"]["text"] == ["先说一句。"]


@pytest.mark.parametrize(
    ("path", "reply", "words"),
    [("/request-evidence", "收入流水", "工资卡流水"), ("/reject", "材料不齐", "没有达成一致")],
)
def test_requests_and_refusals_have_replies_of_their_own(clerk: Clerk, path: str, reply: str, words: str) -> None:
    text = clerk.read(path)
    assert f">{reply}</option>" in text
    assert "已收到" not in text
    number = {"收入流水": "default-income", "材料不齐": "default-incomplete"}[reply]
    answer = clerk.send(path, {**clerk.form(path), "reply": number}, step="insert")
    assert words in forms_of(answer)[path[1:]]["text"][0]
    assert "{" not in forms_of(answer)[path[1:]]["text"][0]


def test_a_change_is_a_version_with_who_and_when_and_stands_in_the_audit(hub: Hub, clerk: Clerk, chief: Clerk) -> None:
    address = added(chief, hub, "reply", REPLY)
    save(chief, address, {**REPLY, "text": "您好。", "seen": "1"})
    text = clerk.page(address)
    for words in ("第 1 版", "第 2 版", chief.name, "{客户称呼}，您好。"):
        assert words in unescape(text)
    assert 'name="text"' not in text
    with hub.reading(HUB) as tx:
        lines = [each for each in audit.newest(tx) if each.kind == "reply_changed"]
    assert (lines[0].about, lines[0].details["before"], lines[0].details["after"]) == (
        "问候",
        f"text: {REPLY['text']}",
        "text: 您好。",
    )
    assert lines[0].details["bank"] == chief.case.bank_code
    # Switched off it is offered to nobody.
    save(chief, address, {**REPLY, "is_on": "", "seen": "2"})
    assert ">问候</option>" not in clerk.read("/messages")


def test_a_version_that_a_colleague_was_faster_with_is_refused_with_who_and_when(
    app: Flask, hub: Hub, case: Case, chief: Clerk
) -> None:
    admin = Clerk(app, "bank-admin", case)
    address = added(admin, hub, "reply", REPLY)
    save(admin, address, {**REPLY, "text": "别人的话", "seen": "1"})
    text = save(chief, address, {**REPLY, "text": "我的话", "seen": "1"}, 409)
    assert "这里刚刚有变化，所以没有保存。" in text
    assert admin.name in text.partition("trouble")[2].partition("</div>")[0]
    assert "我的话" in text
    assert count(hub, DeskTemplateRecord) == 2


def test_what_the_hub_begins_with_becomes_the_banks_own_when_it_is_changed(
    app: Flask, open_case: OpenCase, hub: Hub, clerk: Clerk, chief: Clerk
) -> None:
    save(chief, "/portal/replies/default-received", {**REPLY, "name": "已收到", "text": "收到了。", "seen": "0"})
    assert "收到了。" in unescape(clerk.page("/portal/replies"))
    stranger = Clerk(app, "reviewer", open_case(bank_code=CMB))
    assert "收到了。" not in unescape(stranger.page("/portal/replies"))
    assert "收到了。" not in stranger.read("/messages")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"text": "{客户姓名}，您好"}, "text"),
        ({"text": " "}, "text"),
        ({"name": "已收到"}, "name"),
        ({"name": "a b"}, "name"),
    ],
)
def test_a_reply_that_cannot_be_is_refused_at_its_field_and_not_kept(
    hub: Hub, chief: Clerk, changes: dict[str, str], field: str
) -> None:
    text = save(chief, "/portal/replies/new", {**REPLY, **changes}, 422)
    assert f'href="#f-{field}"' in text
    assert count(hub, DeskTemplateRecord) == 0


@pytest.mark.parametrize(("root", "fields"), [("/portal/replies", REPLY), ("/portal/offer-templates", OFFER)])
def test_clerks_and_auditors_change_nothing_and_another_bank_finds_nothing(
    app: Flask, open_case: OpenCase, hub: Hub, case: Case, clerk: Clerk, chief: Clerk, root: str, fields: dict[str, str]
) -> None:
    address = added(chief, hub, "reply" if root == "/portal/replies" else "offer", fields)
    for reader in (clerk, Clerk(app, "auditor", case)):
        assert reader.get(address).status_code == 200
        assert reader.get(f"{root}/new").status_code == 403
        save(reader, address, fields, 403)
    strange = Clerk(app, "supervisor", open_case(bank_code=CMB))
    assert strange.get(address).status_code == 404
    save(strange, address, {**fields, "seen": "1"}, 404)
    assert fields["name"] not in unescape(strange.page(root))
    assert count(hub, DeskTemplateRecord) == 1


def test_a_template_fills_the_form_of_an_offer(hub: Hub, clerk: Clerk, chief: Clerk) -> None:
    address = added(chief, hub, "offer", OFFER)
    assert "三年期" in clerk.read("/offer")
    form = clerk.form(f"/offer?template={address.rpartition('/')[2]}", "offer")
    filled = {name: form[f"terms.{name}"][0] for name in ("instalments", "annual_rate_percent", "waived.interest_fen")}
    assert filled == {"instalments": "36", "annual_rate_percent": "3.60", "waived.interest_fen": "231.00"}
    assert form["terms.waived.penalty_fen"] == ["120.00"]
    assert clerk.done("/offer", form) == "offer_open"


def test_a_template_for_smaller_debts_is_not_offered_and_does_nothing(hub: Hub, clerk: Clerk, chief: Clerk) -> None:
    address = added(chief, hub, "offer", {**OFFER, "most_owed_fen": "10,000", "instalments": "12"})
    assert "三年期" not in clerk.read("/offer")
    form = clerk.form(f"/offer?template={address.rpartition('/')[2]}", "offer")
    assert form["terms.instalments"] == ["36"]


def test_what_no_plan_could_be_is_refused_at_its_field(hub: Hub, chief: Clerk) -> None:
    text = save(chief, "/portal/offer-templates/new", {**OFFER, "instalments": "61", "waived_fees": "101"}, 422)
    assert 'href="#f-instalments"' in text
    assert 'href="#f-waived_fees"' in text
    assert count(hub, DeskTemplateRecord) == 0
