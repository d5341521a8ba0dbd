"""A person writes to the bank."""

from __future__ import annotations

from tests.applications import pdf
from tests.web.caller import Caller, made
from tests.web.pages.my.ways import WorkOff, bank_path
from tests.web.pages.reader import Page


def test_the_banks_question_is_answered_with_words_and_a_file(sent: Page, icbc: Caller, work_off: WorkOff) -> None:
    asked = {"kinds": ["bank_statement"], "text": "请补充三个月流水"}
    made(icbc.post(f"{bank_path(sent)}/request-evidence", asked), 200)
    page = sent.reader.open(sent.address)
    assert "请补充三个月流水" in page.text
    form = page.reader.open(f"{sent.address}/message")
    sending = form.sent("答复银行", {"text": "这是流水"}, files={"file": ("流水.pdf", pdf())})
    answered = form.reader.send(*sending)
    assert "这是流水" in answered.text
    work_off()
    assert "银行审核中" in answered.reader.open(sent.address).text
    assert len(made(icbc.get(bank_path(sent)), 200)["evidence"]) == 2


def test_more_time_can_be_asked_for_without_answering(sent: Page, icbc: Caller) -> None:
    made(icbc.post(f"{bank_path(sent)}/request-evidence", {"kinds": ["payslip"], "text": ""}), 200)
    form = sent.reader.open(f"{sent.address}/message")
    waiting = form.press("先留言，需要更多时间", {"text": "下周才能拿到"})
    assert "等您答复" in waiting.text
    assert "下周才能拿到" in waiting.text


def test_a_file_that_is_not_taken_is_refused_at_its_field_with_the_words_kept(sent: Page) -> None:
    form = sent.reader.open(f"{sent.address}/message")
    refused = form.press("发送", {"text": "见附件"}, files={"file": ("表.docx", b"PK\x03\x04" + b"0" * 100)})
    assert refused.status == 422
    assert "f-file-error" in refused.ids
    assert "见附件" in refused.html
    assert "PDF" in refused.text


def test_a_message_that_is_sent_twice_stands_in_the_log_once(sent: Page) -> None:
    form = sent.reader.open(f"{sent.address}/message")
    address, data = form.sent("发送", {"text": "只说一次"})
    first = form.reader.send(address, data)
    _, again = form.sent("发送", {"text": "只说一次"})
    second = form.reader.send(address, again)
    assert first.text.count("只说一次") == second.text.count("只说一次") == 1


def test_a_call_is_put_into_the_record(sent: Page) -> None:
    form = sent.reader.open(f"{sent.address}/call")
    kept = form.press("保存到记录", {"at": "2026-11-20 9:30", "text": "客服说可以分期"})
    assert "客服说可以分期" in kept.text
    assert "通话时间：2026 年 11 月 20 日（周五）09:30" in kept.text
