"""A hub that dies at a step, comes back, and has lost nothing and done nothing twice.

In the suite each phase dies at chosen steps; `TEST_KILLS=all` has it die at every one there is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.kills.conftest import EVERY_STEP, Begin, Snapshots, Visit
from tests.kills.far_bank import FarBank
from tests.kills.findings import faults_of
from tests.kills.story import APP, BANKS, Story

pytestmark = pytest.mark.slow

# More steps than any phase has: a loop that goes on so long does not come to an end.
_MANY = 200


def _nothing(_visit: Visit) -> None:
    pass


def _mails_go_out(visit: Visit) -> None:
    house = visit.house
    house.wait_until(lambda: house.deaths or not house.mails_due(), what="the mails or a death")
    # A worker that died holds its mails for ten minutes, which are over now.
    house.let_go_of_mails()
    house.wait_until(lambda: not house.mails_due(), what="the mails")


PHASES: dict[str, Callable[[Visit], None]] = {
    "upload": lambda visit: visit.story.upload(),
    "submit": lambda visit: visit.story.submit(),
    "screen": _nothing,
    "decide": lambda visit: visit.story.decide(),
    "agree": lambda visit: visit.story.agree(visit.read_code),
    "print": _nothing,
    "mail": _mails_go_out,
}

# Where the negotiation with either bank stands after the phase.
STATUSES = {
    "submit": ("awaiting_bank", "awaiting_bank"),
    "screen": ("awaiting_bank", "awaiting_bank"),
    "decide": ("offered", "in_review"),
    "agree": ("agreed", "in_review"),
    "print": ("agreed", "in_review"),
    "mail": ("agreed", "in_review"),
}

# A phase that begins where another does.
BEGINS = {"mail": "print"}

CHOSEN = {
    "upload": (
        "store.written",
        "store.kept",
        "commit.before",
        "commit.after",
        "judge.taken",
        "judge.done",
        "draw.stored",
    ),
    "submit": ("commit.before", "commit.after"),
    "screen": ("printing.stored:2", "delivery.before_send", "delivery.after_send"),
    "decide": ("commit.before:2", "commit.after:3", "delivery.after_send"),
    "agree": ("commit.after", "commit.before:3"),
    "print": ("printing.stored", "commit.after:2"),
    # The first message: a cardholder has none at night, and a desk has what it is told at one moment in one.
    "mail": ("mail.before_send", "mail.after_send"),
}


def _steps(phase: str) -> Iterator[str]:
    return (f"*:{n}" for n in range(1, _MANY)) if EVERY_STEP else iter(CHOSEN[phase])


def _told_to_a_dying_hub(visit: Visit, bank: FarBank, phase: str, step: str) -> bool:
    """The phase was told to a hub that dies at the step; whether it came to that."""
    visit.house.start("up", "up", "--port", str(visit.house.port), crash=step)
    PHASES[phase](visit)
    visit.house.wait_for_work()
    # A delivery that was slow to be answered is made again a few seconds later.
    visit.house.wait_until(lambda: not _unfinished(visit.story, phase), what=f"the end of {phase} after {step}")
    # Pages are drawn once there is a verdict.
    visit.house.wait_for_work()
    faults = faults_of(visit.house, visit.story)
    faults += bank.faults_of(1 if phase in ("submit", "screen") else None)
    assert faults == [], step
    return bool(visit.house.deaths)


def _unfinished(story: Story, phase: str) -> list[str]:
    """What the phase should have led to and did not."""
    if phase == "upload":
        verdicts = [story.show(APP, f"/evidence/{id_}")[1]["status"] for id_ in story.evidence]
        return [] if verdicts == ["clean", "clean"] else [f"files are {verdicts}"]
    icbc, cmb = (story.negotiation(code) for code in BANKS)
    stands = icbc["status"], cmb["status"]
    faults = [] if stands == STATUSES[phase] else [f"stands at {stands}"]
    if stands[0] == "agreed" and icbc["agreement"]["document"] is None:
        faults.append("the agreement is not printed")
    return faults


@pytest.mark.parametrize("phase", PHASES)
def test_a_hub_that_dies_at_a_step_loses_nothing_and_does_nothing_twice(
    snapshots: Snapshots, begin: Begin, far_bank: FarBank, phase: str
) -> None:
    for step in _steps(phase):
        far_bank.forget()
        died = _told_to_a_dying_hub(begin(snapshots[BEGINS.get(phase, phase)]), far_bank, phase, step)
        if EVERY_STEP and not died:
            break
        assert died, f"nobody came to the step {step}"
