"""An application written at the pages, step by step, without scripts; and everything that is refused on the way."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from hub.domain.actor import HUB
from hub.domain.clock import FixedClock
from hub.services.applications import drafts
from hub.wiring import Hub
from storage.records import ClientRecord, DraftRecord, EvidenceRecord
from tests.applications import CMB, ICBC, card, id_number, pdf
from tests.web.caller import Caller, made
from tests.web.pages.apply.rows import count
from tests.web.pages.cardholders import (
    STEPS,
    fill_cards,
    fill_month,
    fill_reason,
    filled_in,
    launched,
)
from tests.web.pages.reader import Reader


def test_a_person_whom_a_host_app_sent_applies_to_two_banks(
    reader: Reader, hub: Hub, bank_app: Callable[[str], Caller], work_off: Callable[[], int]
) -> None:
    done = filled_in(reader).press("提交给 2 家银行")
    assert done.address.startswith("/apply/done/")
    assert done.text.count("XS-20261121-") == 2
    # A Saturday: the seventh working day is a Tuesday.
    assert "2026 年 12 月 1 日（周二）" in done.text
    assert count(hub, DraftRecord) == 0
    work_off()
    cmb = bank_app(CMB)
    [listed] = made(cmb.get("/bank/negotiations"), 200)["items"]
    packet = made(cmb.get(f"/bank/negotiations/{listed['id']}"), 200)
    assert packet["applicant"]["name"] == "王小明"
    assert packet["accounts"][0]["principal_fen"] == 1850000
    assert packet["finances"]["monthly_income_fen"] == 650000
    assert packet["proposal"]["instalments"] == 36
    assert {each["purpose"] for each in packet["consents"]} == {"share_with_bank", "sensitive_data", "truthful"}
    assert reader.open(done.address).text.count("银行已收到") == 2


def test_what_was_typed_stays_and_every_fault_is_named_at_its_field(reader: Reader) -> None:
    page = reader.open("/apply/cards")
    refused = page.press(
        "保存并继续",
        {
            "accounts.0.take": ["1"],
            "accounts.0.principal_fen": "很多",
            "accounts.1.take": ["1"],
            "accounts.1.overdue_since": "2027-01-01",
        },
    )
    assert refused.status == 422
    assert "<title>需要修改：" in refused.html
    assert "有 3 处需要您看一下" in refused.text
    for field in ("accounts-0-principal_fen", "accounts-1-principal_fen", "accounts-1-overdue_since"):
        assert f"f-{field}-error" in refused.ids
        assert f"#f-{field}" in refused.links
        assert f"f-{field}" in refused.ids
    assert 'value="很多"' in refused.html
    # Asked for once more, it is all still there, and nobody is blamed a second time.
    again = reader.open("/apply/cards")
    assert (again.status, again.form("保存并继续").fields[1:]) == (200, refused.form("保存并继续").fields[1:])


def test_the_draft_waits_on_the_server_and_is_forgotten_after_thirty_days(
    app: Flask, host_app: Caller, hub: Hub, clock: FixedClock
) -> None:
    body = {"id_number": id_number(5), "mobile": "13900000005"}
    fill_month(fill_reason(fill_cards(launched(app, host_app, **body))))
    later = launched(app, host_app, **body)
    later.open("/apply/evidence").press("上传", files={"files.income": ("工资单.pdf", pdf())})
    page = later.open("/apply/")
    assert "继续填写" in page.text
    tasks = later.open("/apply/steps")
    assert tasks.text.count("已完成") == 4
    with hub.reading(HUB) as tx:
        [sealed] = [each.body_sealed for each in tx.session.query(DraftRecord)]
    assert card(ICBC).encode() not in sealed
    clock.at += timedelta(days=31)
    assert "继续填写" not in later.open("/apply/").text
    assert drafts.forget_old(hub, hub.store) == 1
    assert count(hub, DraftRecord) == count(hub, EvidenceRecord) == 0
    assert drafts.forget_old(hub, hub.store) == 0


def test_nobody_sees_or_removes_what_is_in_anothers_draft(app: Flask, host_app: Caller, hub: Hub) -> None:
    mine, other = launched(app, host_app), launched(app, host_app)
    page = fill_month(fill_reason(fill_cards(mine)))
    page.press("上传", files={"files.income": ("工资单.pdf", pdf())})
    with hub.reading(HUB) as tx:
        [file] = [each.id for each in tx.session.query(EvidenceRecord)]
    assert "开始" in other.open("/apply/").text
    form = dict(other.open("/apply/cards").form("保存并继续").fields)
    other.web.post("/apply/evidence/remove", data={"csrf_token": form["csrf_token"], "id": file})
    assert count(hub, EvidenceRecord) == 1


def test_the_form_client_is_no_caller(reader: Reader, hub: Hub, host_app: Caller) -> None:
    done = filled_in(reader).press("提交给 2 家银行")
    with hub.reading(HUB) as tx:
        client = tx.session.get_one(ClientRecord, drafts.FORM_CLIENT)
        assert client.disabled_at is not None
        assert client.scopes == []
    application = done.address.rpartition("/")[2]
    assert host_app.get(f"/applications/{application}").status_code == 404


def test_every_step_speaks_english_by_choice(reader: Reader) -> None:
    filled_in(reader)
    for step in ("", "steps", *STEPS, "left", "check"):
        page = reader.open(f"/apply/{step}?lang=en")
        assert '<html lang="en">' in page.html
        main = page.html.partition("<main")[2].partition("</main>")[0]
        assert not re.findall(r"[\u4e00-\u9fff]+", re.sub(r"工资单\.pdf|住院三个月|王\*明", "", main)), step


def test_the_title_is_the_heading_with_its_step_and_the_service(reader: Reader) -> None:
    fill_cards(reader)
    for number, step in enumerate((*STEPS, "check"), start=1):
        page = reader.open(f"/apply/{step}")
        [title] = re.findall("<title>(.*?)</title>", page.html)
        [heading] = re.findall("<h1>(.*?)</h1>", page.html)
        assert title == f"{heading} · 第 {number} 步 · 还款协商"
        assert f"第 {number} 步，共 7 步" in page.text


@pytest.mark.parametrize("step", [*STEPS, "steps", "left", "check"])
def test_every_step_asks_for_a_sign_in(web: object, app: Flask, step: str) -> None:
    answer = app.test_client().get(f"/apply/{step}")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/sign-in/?next=/apply/{step}")
