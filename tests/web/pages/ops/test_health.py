"""The lights at the operator's pages."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hub.domain.actor import HUB
from hub.services.operating import operator_tasks
from hub.settings import Settings
from hub.wiring import Hub
from tests.web.pages.operator import Operator


def test_a_part_that_fails_is_a_red_light_and_the_others_are_looked_at(operator: Operator, settings: Settings) -> None:
    operator.read("/ops/")
    (settings.home / "evidence").chmod(0o755)
    page = operator.read("/ops/")
    assert page.count("tag-bad") == 1
    assert "原因请看 hub doctor" in page


def test_a_scanner_that_is_away_is_a_red_light_that_says_since_when(
    operator: Operator, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Nobody listens on the first port.
    monkeypatch.setattr(hub, "settings", replace(hub.settings, scanner_url="tcp://127.0.0.1:1"))
    page = operator.read("/ops/")
    assert page.count("tag-bad") == 1
    assert "原因请看 hub doctor" in page
    with hub.writing(HUB) as tx:
        operator_tasks.scanner_away(tx, since="11 月 29 日 09:05")
    assert "从 11 月 29 日 09:05 起没有应答" in operator.read("/ops/")
