"""Clocks at the operator's pages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from hub.domain.actor import HUB
from hub.domain.clock import FixedClock
from hub.services.operating import sweeps
from hub.services.reading.operator.clocks import clock_page
from hub.wiring import Hub
from tests.applications import ICBC
from tests.conftest import Submit
from tests.web.pages.operator import Operator
from tests.web.pages.ops.stuck import reference_of


def test_late_clocks_are_told_from_the_others(
    operator: Operator, hub: Hub, clock: FixedClock, submitted: Submit, work_off: Callable[[], int]
) -> None:
    first = submitted(ICBC)
    work_off()
    clock.at += timedelta(days=20)
    sweeps.run_due(hub)
    second = submitted(ICBC)
    work_off()
    late, everything = operator.read("/ops/clocks?show=late"), operator.read("/ops/clocks")
    assert reference_of(hub, first) in late
    assert reference_of(hub, second) not in late
    assert reference_of(hub, second) in everything
    assert "1 宗协商银行超时未答复" in operator.read("/ops/")


def test_clocks_come_page_by_page(hub: Hub, submitted: Submit, work_off: Callable[[], int], banks: object) -> None:
    there = [submitted(ICBC, files=0, evidence=[]) for _ in range(3)]
    work_off()
    seen, place = [], None
    with hub.reading(HUB) as tx:
        for _ in range(3):
            found = clock_page(tx, late_only=False, after=place, limit=1)
            seen += [each.reference for each in found.items]
            place = found.next_place
    assert place is None
    assert sorted(seen) == sorted(reference_of(hub, each) for each in there)


def test_a_cursor_of_somebody_else_shows_the_first_page(operator: Operator) -> None:
    assert "现在没有在走的计时。" in operator.read("/ops/clocks?cursor=W10.forged")
