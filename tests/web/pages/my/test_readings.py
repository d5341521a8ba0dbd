"""Who saw what of a negotiation, as its person reads it."""

from __future__ import annotations

from hub.domain.actor import HUB, Actor, Channel, Party
from hub.wiring import Hub
from storage import access_log
from storage.records import NegotiationRecord
from tests.web.pages.reader import Page


def note(hub: Hub, page: Page, actor: Actor, what: str) -> None:
    with hub.writing(HUB) as tx:
        row = tx.session.get_one(NegotiationRecord, page.address.rpartition("/")[2])
        access_log.note_reading(tx, row, actor, what)


def test_each_reader_stands_there_by_role_with_what_and_why_in_words(sent: Page, hub: Hub) -> None:
    note(hub, sent, Actor(party=Party.BANK, id="client/a-bank", channel=Channel.API), "in_full/identity/客户来电核对")
    note(hub, sent, HUB, "in_full/contact+mobile/约回电时间")
    note(hub, sent, HUB, "export/法院要求提供")
    page = sent.reader.open(f"{sent.address}/readings")
    assert "银行系统 中国工商银行" in page.text
    assert "查看了完整的姓名和号码（原因：核对身份） 写明的原因： 客户来电核对" in page.text
    assert "查看了完整的手机号（原因：联系客户） 写明的原因： 约回电时间" in page.text
    assert "导出了完整记录 写明的原因： 法院要求提供" in page.text
    # Their own look at the page before.
    assert "您本人" in page.text


def test_whom_to_ask_of_a_look_is_somebody_who_can_be_asked(sent: Page) -> None:
    asked = sent.reader.open(f"{sent.address}/readings").text.partition("觉得不对？")[2]
    reference = next(each for each in sent.text.split() if each.startswith("XS-"))
    assert f"可以告诉介绍您来的 App 或银行，说明编号 {reference}。" in asked
    assert "电话" not in asked
