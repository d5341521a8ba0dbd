"""A person withdraws."""

from __future__ import annotations

from tests.web.pages.reader import Page


def test_withdrawing_asks_first(sent: Page) -> None:
    form = sent.reader.open(f"{sent.address}/withdraw")
    unsure = form.press("撤回", {"text": "家里帮忙"})
    assert unsure.status == 422
    assert "家里帮忙" in unsure.html
    ended = unsure.press("撤回", {"sure": ["1"]})
    assert "您已撤回" in ended.text
