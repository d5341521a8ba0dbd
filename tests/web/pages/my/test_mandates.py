"""A person's register of authorisations to deduct: put down, changed, taken away."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask

from hub.domain.actor import HUB
from hub.wiring import Hub
from storage import mandates
from storage.records import MandateRecord
from tests.applications import ICBC
from tests.conftest import SentMessages
from tests.web.pages.cardholders import texted
from tests.web.pages.reader import Page, Reader

MOBILE = "13911112222"
MANDATE = {
    "payee_kind": "creditor",
    "payee_code": ["01050000"],
    "use": "还贷款",
    "account_bank": ["01030000"],
    "account_last4": "4401",
    "is_own_account": "1",
    "cap_fen": "5,000.00",
    "frequency": "monthly",
    "valid_from": "2026-01-01",
    "valid_to": "2027-12-31",
    "next_on": "2026-12-15",
    "source_doc": "借款合同第八条",
}


def added(reader: Reader, **changes: object) -> Page:
    return reader.open("/my/mandates/new").press("保存", {**MANDATE, **changes})


def rows(hub: Hub) -> list[MandateRecord]:
    with hub.reading(HUB) as tx:
        return list(tx.session.scalars(sa.select(MandateRecord)))


def test_a_mandate_is_put_down_and_says_by_when_to_revoke_it(reader: Reader, hub: Hub) -> None:
    assert "还没有登记扣款授权" in reader.open("/my/mandates").text
    done = added(reader)
    said = done.text.replace("\u00a0", " ")
    for words in (
        "已经记下",
        "中国建设银行",
        "尾号 4401",
        "5,000.00 元",
        "每月",
        "已登记",
        "12 月 14 日",
        "借款合同第八条",
    ):
        assert words in said, words
    assert "12 月 14 日" in said
    assert "中国建设银行" in reader.open("/my/mandates").text
    [row] = rows(hub)
    assert b"4401" not in row.contents_sealed


def test_the_code_will_go_to_the_mobile_that_the_person_holds(app: Flask, sms: SentMessages, hub: Hub) -> None:
    added(texted(app, sms, MOBILE))
    with hub.reading(HUB) as tx:
        assert mandates.contents_of(tx, tx.session.scalars(sa.select(MandateRecord)).one()).mobile == MOBILE


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"account_last4": "6222020000000007"}, "后四位就够了"),
        ({"is_own_account": ""}, "这里只登记您本人账户的授权"),
        ({"cap_fen": "0"}, "每次最多扣多少"),
        ({"source_doc": "卡号 6222 0200 0000 0000 007"}, "请删去完整的卡号或账号"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_kept(
    reader: Reader, hub: Hub, changes: dict[str, object], words: str
) -> None:
    again = added(reader, **changes)
    assert again.status == 422
    assert words in again.text
    assert rows(hub) == []


def test_a_change_is_the_next_version_and_the_one_before_is_shown(reader: Reader, hub: Hub) -> None:
    added(reader)
    [row] = rows(hub)
    changed = reader.open(f"/my/mandates/{row.id}/change").press("保存", {"cap_fen": "3,000"})
    for words in ("第 2 版", "3,000.00 元", "以前的版本", "5,000.00 元"):
        assert words in changed.text.replace("\u00a0", " "), words


def test_a_mandate_is_taken_out_of_the_register(reader: Reader, hub: Hub) -> None:
    added(reader)
    [row] = rows(hub)
    gone = reader.open(f"/my/mandates/{row.id}").press("从登记里删掉")
    assert "已经从登记里删掉" in gone.text
    assert rows(hub) == []
    assert reader.open(f"/my/mandates/{row.id}").status == 404


def test_a_mandate_above_the_row_is_told_before_an_agreement_is_signed(reader: Reader, offered: Page) -> None:
    assert "免得多扣" not in reader.open(f"{offered.address}/accept").text
    added(reader, payee_code=[ICBC])
    shown = reader.open(f"{offered.address}/accept").text
    assert "免得多扣" in shown
    assert "查看这项授权 还贷款" in shown


def test_no_more_is_asked_of_who_revoked_it(app: Flask, sms: SentMessages, hub: Hub) -> None:
    reader = texted(app, sms, MOBILE)
    added(reader)
    [row] = rows(hub)
    here = f"/my/mandates/{row.id}"
    assert "不想让它扣" in reader.open(here).text
    sent = reader.open(f"{here}/revoke").press("发送确认码")
    assert "139****2222" in sent.text
    code = sms.sent[-1][1][:6]
    done = sent.press("撤回这项授权", {"holder_name": "张三", "confirmation_code": code})
    assert "撤回通知已经发出" in done.text
    assert "不想让它扣" not in done.text
