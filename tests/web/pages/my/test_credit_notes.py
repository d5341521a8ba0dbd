"""A person asks their bank to check the credit register, and reads what they can write themselves."""

from collections.abc import Callable

from tests.applications import ICBC
from tests.web.caller import Caller, made
from tests.web.pages.reader import Page


def test_the_page_says_that_it_is_free_and_promises_nothing(waiting: Page) -> None:
    text = waiting.reader.open(f"{waiting.address}/credit-note").text
    for words in ("全部免费", "不需要任何人代办", "不会被删除", "保存五年", "本人声明", "20 天内书面答复"):
        assert words in text, words
    assert "修复" not in text.partition("保存五年")[2].partition("本服务")[0]


def test_what_is_asked_and_answered_stands_on_the_page(waiting: Page, bank_app: Callable[[str], Caller]) -> None:
    icbc = bank_app(ICBC)
    form = waiting.reader.open(f"{waiting.address}/credit-note")
    blank = form.press("请银行核对")
    assert blank.status == 422
    assert blank.text.index("请选择是什么情况。") < blank.text.index("请填写想请银行核对的内容。")
    asked = {"kind": ["settled"], "text": "已于十月结清，请核对。"}
    done = form.press("请银行核对", asked, files={"file": ("结清证明.pdf", b"%PDF-1.4 not whole")})
    assert "已经请银行核对" in done.text
    there = waiting.address.split("/")[3].partition("#")[0]
    path = f"/bank/negotiations/{there}"
    [note] = made(icbc.get(path), 200)["credit_notes"]
    text = waiting.reader.open(waiting.address).text
    assert ("已于十月结清，请核对。" in text, "银行应在 2026 年 12 月 11 日" in text) == (True, True)
    made(icbc.post(f"{path}/credit-notes/{note['id']}/answer", {"text": "已更新为结清。"}))
    assert "已更新为结清。" in waiting.reader.open(waiting.address).text
