"""What was written and done, as a conversation: in time order, with files to open, and what the bank has seen."""

from __future__ import annotations

from flask import Flask

from tests.applications import pdf
from tests.conftest import SentMessages
from tests.web.caller import Caller, made
from tests.web.pages.cardholders import texted
from tests.web.pages.my.ways import bank_path
from tests.web.pages.reader import Page


def entry_of(page: Page, words: str) -> str:
    return next(part for part in page.html.split('<li class="chat-entry') if words in part)


def test_it_stands_in_the_order_in_which_it_was_said(sent: Page, icbc: Caller) -> None:
    made(icbc.post(f"{bank_path(sent)}/messages", {"text": "第一句"}))
    sent.reader.open(f"{sent.address}/message").press("发送", {"text": "第二句"})
    made(icbc.post(f"{bank_path(sent)}/messages", {"text": "第三句"}))
    log = sent.reader.open(sent.address).html.partition('id="log"')[2]
    assert log.index("第一句") < log.index("第二句") < log.index("第三句")
    assert "今天 10:00" in log


def test_the_bank_has_seen_what_was_written_before_it_looked(sent: Page, icbc: Caller) -> None:
    sent.reader.open(f"{sent.address}/message").press("发送", {"text": "请看这里"})
    assert "银行已看过" not in entry_of(sent.reader.open(sent.address), "请看这里")
    made(icbc.get(bank_path(sent)), 200)
    assert "银行已看过" in entry_of(sent.reader.open(sent.address), "请看这里")


def test_an_own_file_opens_from_it_and_for_nobody_else(sent: Page, app: Flask, sms: SentMessages) -> None:
    page = sent.reader.open(f"{sent.address}/message").press(
        "发送", {"text": "补充流水", "kind": "bank_statement"}, files={"file": ("流水.pdf", pdf("again"))}
    )
    [address] = {each for each in page.links if f"{sent.address}/files/" in each} - {
        each for each in sent.links if f"{sent.address}/files/" in each
    }
    opened = sent.reader.web.get(address)
    assert (opened.status_code, opened.data) == (200, pdf("again"))
    assert opened.headers["Content-Disposition"].startswith("attachment")
    assert texted(app, sms, "13911112222").web.get(address).status_code == 404
    assert sent.reader.web.get(f"{sent.address}/files/{'0' * 32}").status_code == 404
