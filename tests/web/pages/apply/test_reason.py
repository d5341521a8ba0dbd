"""The step of the reason."""

from __future__ import annotations

from tests.web.pages.cardholders import fill_cards
from tests.web.pages.reader import Reader


def test_another_reason_needs_words(reader: Reader) -> None:
    page = fill_cards(reader)
    refused = page.press("保存并继续", {"hardship.reasons": ["other"], "hardship.since": "上个月"})
    assert {"f-hardship-description-error", "f-hardship-since-error"} <= refused.ids
    assert "请填写开始的时间，例如 2026年6月 或 2026-06-15。" in refused.text
    assert refused.form("保存并继续").fields.count(("hardship.reasons", "other")) == 1
    kept = refused.press("保存并继续", {"hardship.description": "房子被淹", "hardship.since": "6月1日"})
    assert kept.address == "/apply/money"
    assert 'value="2026-06-01"' in reader.open("/apply/reason").html
