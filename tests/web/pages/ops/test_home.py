"""The operator's first page."""

from __future__ import annotations

from tests.web.pages.operator import Operator


def test_an_empty_hub_has_nothing_to_do(operator: Operator) -> None:
    page = operator.read("/ops/")
    assert "现在没有要处理的事。" in page
    # There is no backup yet, which is neither good nor bad.
    assert page.count("tag-good") == 5
    # 2027 has no notice yet, and nobody scans for viruses.
    assert page.count("tag-warn") == 2
    assert "怎么设置见 hub doctor" in page
    assert "2027 年还没有正式放假安排" in page
