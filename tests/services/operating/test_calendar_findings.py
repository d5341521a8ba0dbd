"""A year without a notice: known weeks ahead, and never guessed in silence."""

from __future__ import annotations

import pytest

from hub import health
from hub.domain.clock import FixedClock
from hub.findings import Part, State
from hub.wiring import Hub
from tests.services.case import china


@pytest.mark.parametrize(
    ("now", "state", "year"),
    [
        ("2026-11-01 10:00", State.WARNING, "2027"),
        ("2026-12-31 23:59", State.WARNING, "2027"),
        ("2027-01-01 00:00", State.WRONG, "2027"),
    ],
)
def test_a_year_without_a_notice_is_told_sixty_days_ahead_and_a_fault_once_it_is_there(
    hub: Hub, clock: FixedClock, now: str, state: State, year: str
) -> None:
    clock.at = china(now)
    found = health.look(hub, Part.CALENDAR)
    assert found.state == state
    assert f"no notice for {year}" in found.detail
