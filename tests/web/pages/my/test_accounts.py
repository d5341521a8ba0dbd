"""A person answers the bank's question about a further card."""

from __future__ import annotations

import pytest

from tests.web.api.test_further_accounts import FURTHER
from tests.web.caller import Caller, made
from tests.web.pages.my.ways import bank_path
from tests.web.pages.reader import Page


@pytest.fixture
def asked(sent: Page, icbc: Caller) -> Page:
    """The negotiation's page, where the bank asks about a further card."""
    made(icbc.post(f"{bank_path(sent)}/accounts", FURTHER))
    return sent.reader.open(sent.address)


def test_the_question_names_the_card_what_is_owed_and_the_banks_words(asked: Page) -> None:
    for words in ("622210******8003", "4,200.00", "86.00", "您在我行还有这张卡。", "要和其他卡一起协商吗"):
        assert words in asked.text


@pytest.mark.parametrize(
    ("button", "said", "status"),
    [
        ("一起协商", "已经告诉银行：这张卡一起协商。", "included"),
        ("不列入", "已经告诉银行：这张卡不列入。", "left_out"),
    ],
)
def test_one_press_is_the_answer(asked: Page, icbc: Caller, button: str, said: str, status: str) -> None:
    answered = asked.press(button)
    assert said in answered.text
    assert "要和其他卡一起协商吗" not in answered.text
    [account] = made(icbc.get(bank_path(asked)), 200)["proposed_accounts"]
    assert account["status"] == status
    assert ("尾号 8003" in asked.reader.open("/my/").text) is (status == "included")


def test_a_second_answer_changes_nothing_and_says_so(asked: Page, icbc: Caller) -> None:
    asked.press("一起协商")
    late = asked.press("不列入")
    assert late.status == 409
    assert "已经答复过" in late.text
    [account] = made(icbc.get(bank_path(asked)), 200)["proposed_accounts"]
    assert account["status"] == "included"


def test_nobody_is_asked_once_it_is_over(asked: Page) -> None:
    here = asked.address.partition("?")[0]
    asked.reader.open(f"{here}/withdraw").press("撤回", {"sure": ["1"]})
    over = asked.reader.open(here)
    assert "不用再答复" in over.text
    assert "要和其他卡一起协商吗" not in over.text
