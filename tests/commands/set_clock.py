"""The time it is for hubs that run by themselves: one Monday morning, whenever the tests are run.

Applications and terms of the tests name days after it, and by day cardholders are written to.
"""

from datetime import datetime
from pathlib import Path

from hub.clocks import MovableClock
from hub.domain.china import CHINA

MORNING = datetime(2026, 11, 23, 10, 0, tzinfo=CHINA)


def set_to_morning(home: Path) -> None:
    """Every process of the embedded hub of that home takes it to be `MORNING`, and time goes on from there."""
    clock = MovableClock(home / "clock.json")
    clock.reset()
    clock.advance(MORNING - clock.now())
