"""What a bank changes of its own settings, by the page."""

from __future__ import annotations

from html import unescape
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from hub.domain.actor import HUB
from hub.domain.bank import Bank, BankRules
from hub.domain.clock import FixedClock
from hub.mail.samples import KINDS
from hub.services.operating import audit, banks
from hub.wiring import Hub
from storage import banks as bank_rows
from storage.records import BankChangeRecord, MailRecord, UnfinishedFormRecord
from tests.applications import CMB, ICBC
from tests.services.posting import Posting
from tests.web.pages.apply.rows import count
from tests.web.pages.portal import test_people as people
from tests.web.pages.test_unfinished import SCRIPT
from tests.web.pages.visitor import Visitor

HERE = "/portal/bank"
RAISED = {"do": "limits", "four_eyes_above_fen": "90,000"}


@pytest.fixture
def admin(app: Flask, banks: dict[str, Bank]) -> Visitor:
    return Visitor(app, f"bank-admin-{ICBC}")


@pytest.fixture
def lead(app: Flask, banks: dict[str, Bank]) -> Visitor:
    return Visitor(app, f"supervisor-{ICBC}")


def send(browser: Visitor, path: str, **form: Any) -> TestResponse:
    """The answer to a form; on the page itself `do` names the section, each with an address of its own."""
    if path == HERE:
        section = form.pop("do")
        path = f"{HERE}/{section}"
    return people.send(browser, path, **form)


def rules(hub: Hub, code: str = ICBC) -> BankRules:
    with hub.reading(HUB) as tx:
        return banks.get(tx, code).rules


def stored(hub: Hub) -> list[Any]:
    with hub.reading(HUB) as tx:
        changes = [(each.status, each.words) for each in tx.session.query(BankChangeRecord)]
        return [*changes, tx.session.query(MailRecord).count(), banks.get(tx, ICBC).settings]


def waiting(hub: Hub) -> str:
    with hub.reading(HUB) as tx:
        [found] = tx.session.query(BankChangeRecord).filter_by(status="asked")
        return found.id


def test_a_change_is_in_force_at_once_kept_with_before_and_after_and_told(
    hub: Hub, clock: FixedClock, admin: Visitor
) -> None:
    words = {"hotline": "95588 转 2", "payment_instructions": "请还到原卡。", "do": "contact"}
    assert send(admin, HERE, **words).location == f"{HERE}?done=in_force"
    # One form is one part: the text of another is not among it.
    assert (rules(hub).hotline, rules(hub).payment_instructions == "请还到原卡。") == ("95588 转 2", False)
    shown = unescape(admin.page(f"{HERE}?done=in_force"))
    assert all(each in shown for each in ("95588 转 2", "修改记录", "已保存"))
    with hub.reading(HUB) as tx:
        [line] = [each for each in audit.newest(tx) if each.kind == "bank_setting_changed"]
        assert (line.about, line.details["before"], line.details["after"]) == ("hotline", "95588", "95588 转 2")
    told = Posting(hub=hub, clock=clock).send()
    assert told == [(f"bank-admin-{ICBC}@demo.example", "【本行设置】1 项已修改")]
    assert rules(hub, CMB).hotline == "95588"


def test_what_loosens_a_control_waits_for_another_person(
    hub: Hub, clock: FixedClock, admin: Visitor, lead: Visitor
) -> None:
    assert send(admin, HERE, **RAISED, offer_days="10").location == f"{HERE}?done=asked"
    assert (rules(hub).four_eyes_above_fen, rules(hub).offer_days) == (5_000_000, 10)
    told = dict(Posting(hub=hub, clock=clock).send())
    assert told[f"supervisor-{ICBC}@demo.example"] == "【待您确认】1 项本行设置"
    there = f"{HERE}/changes/{waiting(hub)}"
    before = stored(hub)
    own = send(admin, there, do="confirm")
    assert (own.status_code, "要由另一位管理员或主管确认" in own.get_data(as_text=True)) == (422, True)
    assert stored(hub) == before
    assert send(lead, there, do="confirm").location == f"{HERE}?done=in_force"
    assert rules(hub).four_eyes_above_fen == 9_000_000
    assert send(lead, there, do="confirm").status_code == 422


def test_a_control_can_be_made_stricter_alone_and_levels_are_typed_as_sums_and_roles(hub: Hub, admin: Visitor) -> None:
    levels = {"level_0_above": "3万", "level_0_role": "supervisor", "level_1_above": "", "level_1_role": ""}
    assert send(admin, HERE, do="limits", **levels).location == f"{HERE}?done=in_force"
    assert str(rules(hub).approval_levels) == "3000000:supervisor"
    assert "超过 30,000.00 元：复核主管" in unescape(admin.page(HERE))


def test_one_that_was_refused_taken_back_or_overtaken_is_not_done(hub: Hub, admin: Visitor, lead: Visitor) -> None:
    send(admin, HERE, **RAISED)
    assert send(lead, f"{HERE}/changes/{waiting(hub)}", do="refuse").status_code == 303
    send(admin, HERE, **RAISED)
    assert send(admin, f"{HERE}/changes/{waiting(hub)}", do="refuse").status_code == 303
    send(admin, HERE, **RAISED)
    with hub.writing(HUB) as tx:
        banks.change(tx, ICBC, {"four_eyes_above_fen": "4000000"})
    assert send(lead, f"{HERE}/changes/{waiting(hub)}", do="confirm").status_code == 422
    assert rules(hub).four_eyes_above_fen == 4_000_000


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"do": "limits", "offer_days": "2"}, "请填写 3 到 30 之间的整数"),
        ({"do": "limits", "four_eyes_above_fen": "很多"}, "f-four_eyes_above_fen-error"),
        ({"do": "mails", "desk_email": "nobody"}, "f-desk_email-error"),
        ({"do": "mails", "mail_brackets": "<>"}, "请写 【】 或 []"),
        ({"do": "texts", "default_clause": "连续三期未还，本协议自动终止。"}, "书面通知"),
        ({"do": "contact", "hotline": "95588"}, "没有改动"),
        ({"do": "contact", "hotline": "95588\r\nBcc: x@y.example"}, "含有无法显示的字符"),
        ({"do": "contact", "hotline": "\u202e88559"}, "含有无法显示的字符"),
        ({"do": "contact", "hotline": "9" * 201}, "200"),
        ({"do": "contact", "hotline": "abc"}, "电话号码请写成 95588"),
        ({"do": "mails", "desk_email": "desk@bank.example\x00"}, "含有无法显示的字符"),
    ],
    ids=str,
)
def test_what_cannot_be_is_refused_with_its_reason_and_nothing_is_written(
    hub: Hub, admin: Visitor, form: dict[str, str], words: str
) -> None:
    before = stored(hub)
    answer = send(admin, HERE, **form)
    assert (answer.status_code, words in unescape(answer.get_data(as_text=True))) == (422, True)
    assert stored(hub) == before


@pytest.mark.parametrize("form", [{"do": "keys"}, {"do": "adapter", "adapter": "email"}], ids=str)
def test_what_is_the_operators_is_shown_and_cannot_be_sent(hub: Hub, admin: Visitor, form: dict[str, str]) -> None:
    assert "由平台运营设置" in admin.page(HERE)
    before = stored(hub)
    assert send(admin, HERE, **form).status_code == 404
    assert send(admin, HERE, do="limits", response_days="60", adapter="email").status_code == 422
    assert stored(hub) == before


def test_the_operators_settings_and_the_banks_own_sign_on_are_in_words(hub: Hub, admin: Visitor, lead: Visitor) -> None:
    shown = admin.page(HERE).partition("由平台运营设置")[2].partition("</section>")[0]
    assert ("None" in shown, ":00:00" in shown, "18:00" in shown) == (False, False, True)
    with hub.writing(HUB) as tx:
        bank_rows.set_settings(
            tx,
            ICBC,
            {
                "sign_on_issuer": "https://id.icbc.example",
                "sign_on_client_id": "hub",
                "sign_on_secret": "s3cret",
                "sign_on_domains": "icbc.example",
                "sign_on_second_factor": "asserted",
            },
        )
    shown = lead.page(HERE).partition("<h2>统一登录</h2>")[2].partition("</section>")[0]
    for words in ("https://id.icbc.example", "icbc.example", "本行登录时验证过的，不再验证"):
        assert words in shown
    assert "s3cret" not in admin.page(HERE)


@pytest.mark.parametrize("role", ["reviewer", "supervisor", "auditor"])
def test_others_see_the_settings_and_change_none(app: Flask, hub: Hub, admin: Visitor, role: str) -> None:
    send(admin, HERE, **RAISED)
    other, before = Visitor(app, f"{role}-{ICBC}"), stored(hub)
    assert f'action="{HERE}/' not in other.page(HERE).replace(f'action="{HERE}/changes', "")
    assert send(other, HERE, **RAISED).status_code == 403
    if role != "supervisor":
        assert send(other, f"{HERE}/changes/{waiting(hub)}", do="confirm").status_code == 403
    assert stored(hub) == before


def test_another_banks_change_is_unknown(app: Flask, hub: Hub, admin: Visitor) -> None:
    send(admin, HERE, **RAISED)
    stranger, before = Visitor(app, f"bank-admin-{CMB}"), stored(hub)
    assert send(stranger, f"{HERE}/changes/{waiting(hub)}", do="confirm").status_code == 404
    assert send(stranger, f"{HERE}/changes/{'0' * 32}", do="confirm").status_code == 404
    assert stored(hub) == before


def test_the_banks_mails_can_be_looked_at_in_its_own_style(admin: Visitor) -> None:
    send(admin, HERE, do="mails", mail_brackets="[]")
    shown = admin.page(HERE)
    for kind in KINDS:
        assert f"{HERE}/mails/{kind}" in shown
        answer = admin.get(f"{HERE}/mails/{kind}")
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert "<title>[" in answer.get_data(as_text=True)
    assert admin.get(f"{HERE}/mails/enrolment").status_code == 404


def test_each_form_has_a_draft_of_its_own(app: Flask, hub: Hub, admin: Visitor) -> None:
    def keep(section: str, **fields: str) -> None:
        data = {"csrf_token": admin.token(), "do": "draft", **fields}
        kept = admin.web.post(f"{HERE}/{section}", data=data, headers=SCRIPT)
        assert (kept.status_code, kept.headers["Draft-Saved"].count(":")) == (204, 1)

    before = stored(hub)
    keep("contact", hotline="95588 转 3")
    keep("limits", offer_days="12", level_0_above="70,000", level_0_role="supervisor")
    assert (stored(hub), count(hub, UnfinishedFormRecord)) == (before, 2)
    shown = admin.page(HERE)
    assert all(words in shown for words in ('value="95588 转 3"', 'value="12"', 'value="70,000"'))
    assert shown.count("notice left-here") == 2
    assert "草稿已保存" not in Visitor(app, f"supervisor-{ICBC}").page(HERE)
    # A form that is refused stays as it was sent, and the others as they were left.
    answer = send(admin, HERE, do="limits", offer_days="2")
    refused = answer.get_data(as_text=True)
    assert (answer.status_code, 'value="95588 转 3"' in refused, 'value="2"' in refused) == (422, True, True)
    assert send(admin, HERE, do="contact", hotline="95588 转 4").status_code == 303
    assert (rules(hub).hotline, rules(hub).offer_days) == ("95588 转 4", BankRules().offer_days)
    shown = admin.page(HERE)
    assert ('value="95588 转 4"' in shown, 'value="2"' in shown, shown.count("notice left-here")) == (True, True, 1)
    people.send(admin, f"{HERE}/limits", do="afresh")
    assert count(hub, UnfinishedFormRecord) == 0
