"""A person revokes what they allowed, on pages: the code, who was told, the notice on paper, a deduction reported."""

from __future__ import annotations

import io
import re

import pytest
from flask import Flask
from pypdf import PdfReader

from hub.documents.printing import print_pdf
from hub.domain.actor import HUB
from hub.services.operating import banks as bank_settings
from hub.wiring import Hub
from storage.records import DeductionRecord, MandateRecord, ServiceRequestRecord
from tests.applications import CITIC, ICBC
from tests.conftest import SentMessages
from tests.web.pages.cardholders import texted
from tests.web.pages.my.test_mandates import MOBILE, added
from tests.web.pages.reader import Page, Reader


@pytest.fixture
def holder(app: Flask, sms: SentMessages, hub: Hub, icbc: object) -> Reader:
    """A person with a mandate of a bank that takes revocations here, from an account at one that does not."""
    with hub.writing(HUB) as tx:
        bank_settings.change(tx, ICBC, {"services": "mandates", "complaint_channel": "95588 转投诉"})
    reader = texted(app, sms, MOBILE)
    added(reader, payee_code=[ICBC])
    return reader


def here(hub: Hub) -> str:
    with hub.reading(HUB) as tx:
        return f"/my/mandates/{tx.session.query(MandateRecord).one().id}"


def revoked(holder: Reader, hub: Hub, sms: SentMessages) -> Page:
    holder.open(f"{here(hub)}/revoke").press("发送确认码")
    form = holder.open(f"{here(hub)}/revoke?sent=1")
    return form.press("撤回这项授权", {"holder_name": "张三", "confirmation_code": sms.sent[-1][1][:6]})


def test_the_page_says_who_will_be_told_and_what_in_it(holder: Reader, hub: Hub) -> None:
    said = holder.open(f"{here(hub)}/revoke").text
    for words in (
        "中国工商银行：由本平台立即发出，收到后应在三个工作日内答复",
        "中国农业银行：本平台不能直接送到",
        "没有完整账号",
        "撤回扣款不等于不用还款",
    ):
        assert words in said.replace("\u00a0", " "), words


def test_it_is_revoked_with_the_code(holder: Reader, hub: Hub, sms: SentMessages) -> None:
    done = revoked(holder, hub, sms)
    for words in ("撤回通知已经发出", "已送达，等答复", "请您寄送", "用挂号信或快递"):
        assert words in done.text, words
    assert sms.sent[-1][0] == MOBILE
    assert re.search(r"[0-9]{6} 是您撤回一项授权的确认码", sms.sent[-1][1])
    assert "现在不能撤回" in holder.open(f"{here(hub)}/revoke").text


def test_what_was_sent_to_the_bank_is_named_before_it_goes_with_its_person(
    holder: Reader, hub: Hub, sms: SentMessages
) -> None:
    named = "停止扣款、反映扣款时和银行的往来"
    assert named not in holder.open("/my/erasure").text
    revoked(holder, hub, sms)
    page = holder.open("/my/erasure")
    assert (named in page.text, "扣款授权和反映过的扣款" in page.text) == (True, True)
    page.press("删除我的资料", {"erase": ["1"]})
    with hub.reading(HUB) as tx:
        assert {each.contents_sealed for each in tx.session.query(ServiceRequestRecord)} == {b""}


def test_a_wrong_code_comes_back(holder: Reader, hub: Hub, sms: SentMessages) -> None:
    holder.open(f"{here(hub)}/revoke").press("发送确认码")
    wrong = "000000" if sms.sent[-1][1][:6] != "000000" else "111111"
    again = holder.open(f"{here(hub)}/revoke").press(
        "撤回这项授权", {"holder_name": "张三", "confirmation_code": wrong}
    )
    assert again.status == 422
    assert "确认码不对" in again.text


def test_the_notice_is_printed_with_mandate_day_and_acknowledgement(
    holder: Reader, hub: Hub, sms: SentMessages, printed: list[str]
) -> None:
    assert holder.open(f"{here(hub)}/notice.pdf").status == 404
    revoked(holder, hub, sms)
    file = holder.web.get(f"{here(hub)}/notice.pdf")
    assert file.mimetype == "application/pdf"
    for words in ("授权撤回通知书", "张三", "中国工商银行", "尾号 4401", "5,000.00 元", "送达时间", "本平台不能送达"):
        assert words in printed[-1], words
    assert re.search(r"[0-9a-f]{64}", printed[-1])


def test_the_printed_notice_is_one_page_that_can_be_read(holder: Reader, hub: Hub, sms: SentMessages) -> None:
    hub.print_pdf = print_pdf
    revoked(holder, hub, sms)
    [page] = PdfReader(io.BytesIO(holder.web.get(f"{here(hub)}/notice.pdf").get_data())).pages
    said = "".join(page.extract_text().split())
    for words in ("授权撤回通知书", "张三", "尾号4401", "5,000.00元", "送达时间"):
        assert words in said, words


def test_a_deduction_is_reported_and_its_statement_printed_for_its_person_alone(
    holder: Reader, hub: Hub, app: Flask, sms: SentMessages, printed: list[str]
) -> None:
    form = holder.open(f"/my/deductions/new?mandate={here(hub).rpartition('/')[2]}")
    done = form.press("提交", {"at": "2026-11-20 10:00", "amount_fen": "1,000", "text": "没有约定"})
    for words in ("已经记下", "中国工商银行", "1,000.00 元", "已经送到"):
        assert words in done.text.replace("\u00a0", " "), words
    with hub.reading(HUB) as tx:
        [row] = tx.session.query(DeductionRecord)
        assert not row.during_hold
    holder.web.get(f"/my/deductions/{row.id}/statement.pdf")
    for words in ("扣款情况说明", "1,000.00 元", "尾号 4401", "没有约定"):
        assert words in printed[-1], words
    papers = len(printed)
    stranger = texted(app, sms, "13922223333")
    assert stranger.web.get(f"/my/deductions/{row.id}/statement.pdf").status_code == 404
    assert len(printed) == papers


def test_nobody_else_sees_it(holder: Reader, hub: Hub, app: Flask, sms: SentMessages) -> None:
    stranger = texted(app, sms, "13922223333")
    for end in ("", "/revoke", "/change", "/notice.pdf"):
        assert stranger.open(f"{here(hub)}{end}").status == 404


def test_a_matter_with_two_banks_is_listed_once_and_leads_to_its_papers(
    holder: Reader, hub: Hub, sms: SentMessages
) -> None:
    with hub.writing(HUB) as tx:
        bank_settings.change(tx, CITIC, {"services": "mandates"})
    first = here(hub)
    added(holder, payee_code=[ICBC], account_bank=[CITIC])
    with hub.reading(HUB) as tx:
        both = next(each.id for each in tx.session.query(MandateRecord) if not first.endswith(each.id))
    holder.open(f"/my/mandates/{both}/revoke").press("发送确认码")
    form = holder.open(f"/my/mandates/{both}/revoke?sent=1")
    form.press("撤回这项授权", {"holder_name": "张三", "confirmation_code": sms.sent[-1][1][:6]})
    home = holder.open("/my/")
    (link,) = [each for each in home.links if each.startswith("/my/requests/")]
    for bank in ("中国工商银行", "中信银行"):
        assert bank in home.text, bank
    assert "/my/mandates" in holder.open(link).links
