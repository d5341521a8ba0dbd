"""A hub that dies at a step, comes back, and has lost nothing and done nothing twice.

In the suite each phase dies at chosen steps; `TEST_KILLS=all` has it die at every one there is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.kills.conftest import EVERY_STEP, Begin, Snapshots, Visit
from tests.kills.findings import faults_of

pytestmark = pytest.mark.slow

# More steps than any phase has: a loop that goes on so long does not come to an end.
_MANY = 200


def _nothing(_visit: Visit) -> None:
    pass


PHASES: dict[str, Callable[[Visit], None]] = {
    "upload": lambda visit: visit.story.upload(),
    "submit": lambda visit: visit.story.submit(),
    "screen": _nothing,
    "decide": lambda visit: visit.story.decide(),
    "agree": lambda visit: visit.story.agree(visit.read_code),
    "print": _nothing,
}

CHOSEN = {
    "upload": ("store.written", "store.synced", "store.kept", "commit.before", "commit.after", "job.taken", "job.done"),
    "submit": ("commit.before", "commit.after", "job.taken"),
    "screen": ("printing.printed", "printing.stored:2", "commit.before:2", "commit.after:4", "job.done"),
    "decide": ("commit.before:2", "commit.after:3", "commit.before:4"),
    "agree": ("commit.before", "commit.after", "commit.before:2", "commit.after:2"),
    "print": ("job.taken", "printing.printed", "store.synced", "printing.stored", "commit.before:2", "commit.after:2"),
}


def _steps(phase: str) -> Iterator[str]:
    return (f"*:{n}" for n in range(1, _MANY)) if EVERY_STEP else iter(CHOSEN[phase])


def _told_to_a_dying_hub(visit: Visit, phase: str, step: str) -> bool:
    """The phase was told to a hub that dies at the step; whether it came to that."""
    visit.house.start("up", "up", "--port", str(visit.house.port), crash=step)
    PHASES[phase](visit)
    visit.house.wait_for_work()
    assert faults_of(visit.house, visit.story) == []
    _as_it_should_be(visit, phase)
    return bool(visit.house.deaths)


def _as_it_should_be(visit: Visit, phase: str) -> None:
    pass


@pytest.mark.parametrize("phase", PHASES)
def test_a_hub_that_dies_at_any_step_loses_nothing_and_does_nothing_twice(
    snapshots: Snapshots, begin: Begin, phase: str
) -> None:
    for step in _steps(phase):
        died = _told_to_a_dying_hub(begin(snapshots[phase]), phase, step)
        if EVERY_STEP and not died:
            break
        assert died, f"nobody came to the step {step}"
