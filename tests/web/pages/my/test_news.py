"""What is new since the person last looked: on the list, in the tab's title, and at the entry itself."""

from __future__ import annotations

import pytest

from tests.applications import terms
from tests.web.caller import Caller, made
from tests.web.pages.my.ways import bank_path
from tests.web.pages.reader import Page


def title_of(page: Page) -> str:
    return page.html.partition("<title>")[2].partition("</title>")[0]


def is_new_at(page: Page, words: str) -> bool:
    return "data-new" in next(part for part in page.html.split('<li class="chat-entry') if words in part)


def test_what_the_bank_writes_is_marked_until_it_was_seen(sent: Page, icbc: Caller) -> None:
    home = sent.reader.open("/my/")
    assert title_of(home).startswith("我的协商")
    assert "tag-new" not in home.html
    made(icbc.post(f"{bank_path(sent)}/messages", {"text": "请问您现在方便吗"}))
    home = sent.reader.open("/my/")
    assert title_of(home).startswith("(1) 我的协商")
    assert "新的留言" in home.text
    case = sent.reader.open(sent.address)
    assert is_new_at(case, "请问您现在方便吗")
    assert not is_new_at(sent.reader.open(sent.address), "请问您现在方便吗")
    assert title_of(sent.reader.open("/my/")).startswith("我的协商")


def test_each_kind_is_named_and_all_of_it_counted(sent: Page, icbc: Caller) -> None:
    sent.reader.open(sent.address)
    made(icbc.post(f"{bank_path(sent)}/messages", {"text": "您好"}))
    made(icbc.post(f"{bank_path(sent)}/offers", {"terms": terms()}))
    home = sent.reader.open("/my/?lang=en")
    assert title_of(home).startswith("(2) My negotiations")
    assert ("New offer" in home.text, "New message" in home.text) == (True, True)


@pytest.mark.parametrize("header", ["Sec-Purpose", "Purpose", "X-Moz"])
def test_a_page_that_is_only_fetched_ahead_was_not_seen(sent: Page, icbc: Caller, header: str) -> None:
    made(icbc.post(f"{bank_path(sent)}/messages", {"text": "您好"}))
    web = sent.reader.web
    assert web.get(sent.address, headers={header: "prefetch;prerender"}).status_code == 200
    assert web.head(sent.address).status_code == 200
    assert web.get(f"{sent.address}/message").status_code == 200
    assert title_of(sent.reader.open("/my/")).startswith("(1)")


def test_own_words_are_never_new_and_the_page_that_follows_them_is_a_look(sent: Page, icbc: Caller) -> None:
    made(icbc.post(f"{bank_path(sent)}/messages", {"text": "您好"}))
    sent.reader.open(f"{sent.address}/message").press("发送", {"text": "收到"})
    assert title_of(sent.reader.open("/my/")).startswith("我的协商")
