"""The operator's first page."""

from __future__ import annotations

from tests.web.pages.operator import Operator


def test_an_empty_hub_has_nothing_to_do(operator: Operator) -> None:
    page = operator.read("/ops/")
    assert "现在没有要处理的事。" in page
    assert page.count("tag-good") == 4
    # 2027 has no notice yet.
    assert page.count("tag-warn") == 1
    assert "2027 年还没有正式放假安排" in page
