"""What can happen next, drawn by chance; mostly something that the contract allows just now."""

import shutil
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from tests.applications import CITIC, CMB, ICBC
from tests.services.machine import agreeing, intake, mishaps
from tests.services.machine.chance import Chance
from tests.services.machine.happenings import HAPPENINGS
from tests.services.machine.world import World

Drawn = TypeVar("Drawn")

STARTS = [
    datetime(2026, 11, 21, 2, tzinfo=UTC),
    datetime(2026, 12, 22, 9, tzinfo=UTC),
    datetime(2027, 1, 27, tzinfo=UTC),
]
BANKS = [(ICBC, CMB), (CITIC, CMB), (CMB,)]
# What a bank's system does with what it is sent.
ANSWERS = ["takes", "takes", "busy", "refuses"]
# One in so many is something that nobody expects to be possible.
ODD = 6


class NegotiationMachine(RuleBasedStateMachine):
    """Does one thing after the other. `template` is a migrated database, `folder` where hubs can live."""

    def __init__(self, template: Path, folder: Path | None) -> None:
        super().__init__()
        self.template = template
        self.home = Path(tempfile.mkdtemp(prefix="hub-machine-", dir=folder))
        # Whether nothing has failed so far; what failed is looked at as it stood then.
        self.whole = False
        self.checked: object = None

    @initialize(start=st.sampled_from(STARTS), banks=st.sampled_from(BANKS), answers=st.sampled_from(ANSWERS))
    def begins(self, start: datetime, banks: tuple[str, ...], answers: str) -> None:
        self.world = World(self.template, self.home, start)
        self.world.answers = answers
        intake.submit(self.world, 0, 0, banks, [], contradicts=False)
        self.world.rest()

    @rule(data=st.data())
    def something_happens(self, data: Any) -> None:
        """One of the happenings; its name stands first among what is drawn."""
        self.whole = False

        def draw(name: str, among: Sequence[Drawn]) -> Drawn:
            drawn: Drawn = data.draw(st.sampled_from(among), label=name)
            return drawn

        chance = Chance(world=self.world, draw=draw, odd=draw("odd", range(ODD)) == 0)
        named = [each for each in HAPPENINGS if chance.odd or each.fits(self.world)]
        weighted = [each.name for each in named for _ in range(each.weight)]
        name = draw("happens", weighted)
        next(each for each in named if each.name == name).happen(chance)
        self.world.rest()

    def teardown(self) -> None:
        try:
            if self.whole:
                mishaps.calm(self.world)
                agreeing.check(self.world)
                agreeing.check_nothing_waits(self.world)
        finally:
            if hasattr(self, "world"):
                self.world.close()
            shutil.rmtree(self.home, ignore_errors=True)

    @invariant()
    def nothing_is_broken(self) -> None:
        # What changed neither the hub nor the time is not looked at a second time.
        moment = (self.world.written, self.world.clock.at)
        if moment != self.checked:
            agreeing.check(self.world)
        self.checked = moment
        self.whole = True
