"""The lights at the operator's pages."""

from __future__ import annotations

from hub.settings import Settings
from tests.web.pages.operator import Operator


def test_a_part_that_fails_is_a_red_light_and_the_others_are_looked_at(operator: Operator, settings: Settings) -> None:
    operator.read("/ops/")
    (settings.home / "evidence").chmod(0o755)
    page = operator.read("/ops/")
    assert page.count("tag-bad") == 1
    assert "原因请看 hub doctor" in page
