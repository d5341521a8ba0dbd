"""The dice, and which negotiation or offer they fall on."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from tests.services.machine.counting import day_of
from tests.services.machine.facts import Negotiation
from tests.services.machine.model import Model
from tests.services.machine.world import World


@dataclass(frozen=True, kw_only=True)
class Chance:
    """The dice: `draw` names what it throws for; `odd` says that nobody expects this to be possible."""

    world: World
    draw: Callable[..., Any]
    odd: bool

    def negotiation(self, *statuses: str) -> Negotiation:
        """One that stands there, or any."""
        known = self.world.model.negotiations
        fitting = [n for n, it in enumerate(known) if it.status in statuses]
        chosen: int = self.draw("which", fitting if fitting and not self.odd else range(len(known)))
        return known[chosen]

    def offer(self, status: str) -> tuple[Negotiation, int, str] | None:
        """(negotiation, place, id) of an offer that stands there, or of any."""
        every = [(n, place) for n, it in enumerate(self.world.model.negotiations) for place in range(len(it.offers))]
        known = self.world.model.negotiations
        fitting = [(n, place) for n, place in every if known[n].offers[place].status == status]
        among = fitting if fitting and not self.odd else every
        if not among:
            return None
        n, place = self.draw("which offer", among)
        return known[n], place, self.world.offer_ids(self.world.case(known[n]).id)[place]

    def yes(self, name: str) -> bool:
        answer: bool = self.draw(name, [False, True])
        return answer

    def do(self, it: Negotiation, deed: Callable[..., None], act: Callable[[], Any], *args: Any, **more: Any) -> Any:
        """The deed is done to the hub and to the model's negotiation."""
        place = self.world.place(it)

        def predict(model: Model) -> None:
            deed(model, model.negotiations[place], *args, **more)

        return self.world.do(predict, act)

    @property
    def first_due(self) -> date:
        return day_of(self.world.clock.at) + timedelta(days=28)

    @property
    def today(self) -> date:
        return day_of(self.world.clock.at)
