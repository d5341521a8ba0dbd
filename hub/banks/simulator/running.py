"""A simulated bank at work: its far side listens, and what its desk decides is said until the hub has heard it."""

import threading
from importlib import import_module
from pkgutil import iter_modules
from queue import Empty
from types import ModuleType, TracebackType
from typing import Self

from hub.banks import adapters, simulator
from hub.banks.simulator.conduct import WAYS, Conduct
from hub.banks.simulator.desk import SimulatedDesk
from hub.banks.simulator.journal import Journal
from hub.banks.simulator.port import Does, Event, FarSide, Heard, Place
from hub.domain.errors import Unusable

# What nobody listened to is said again after these waits, the last of them again and again.
_WAITS_S = (0.5, 1.0, 2.0, 5.0, 10.0, 30.0)
_MOST_TRIES = 30
_LOOK_S = 0.1


def make_far_side(kind: str, place: Place) -> FarSide:
    """The simulated bank of that kind, not yet listening; raises `Unusable` where there is nothing to simulate."""
    if kind == "portal":
        raise Unusable(
            "a bank of kind portal has no system: its staff sign in to the hub at /portal/, nothing to simulate"
        )
    kinds = sorted(_names_in(simulator) & _names_in(adapters))
    if kind not in kinds:
        raise Unusable(f"there is no simulated bank of kind {kind!r}; there are: {', '.join(kinds)}")
    # By name, so that no process loads the libraries of a kind that it does not simulate.
    made: FarSide = import_module(f"{simulator.__name__}.{kind}").make(place)
    return made


def _names_in(package: ModuleType) -> set[str]:
    return {module.name for module in iter_modules(package.__path__)}


def check_conduct(far_side: FarSide, conduct: Conduct) -> None:
    """Nothing, or `Unusable` naming what the kind's wire cannot show."""
    wrong = [f"{way}" for way in sorted(conduct.telling & WAYS.keys()) if WAYS[way] not in far_side.ways]
    if conduct.does is not Does.TAKE and conduct.does not in far_side.does:
        wrong.append(conduct.does)
    if conduct.telling and not far_side.speaks:
        wrong.extend(sorted(conduct.telling))
    if wrong:
        raise Unusable(f"a simulated bank of kind {far_side.kind} cannot show {', '.join(dict.fromkeys(wrong))}")


class Simulation:
    """A simulated bank from `with` to the end of its block; between two events it waits `pause_s`."""

    def __init__(self, far_side: FarSide, desk: SimulatedDesk, journal: Journal, *, pause_s: float) -> None:
        self._far_side = far_side
        self._desk = desk
        self._journal = journal
        self._pause_s = pause_s
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._speak, daemon=True)

    def __enter__(self) -> Self:
        """It listens and speaks; raises `Unusable` where its port is taken."""
        try:
            self._far_side.start(self._desk)
        except OSError as error:
            self._far_side.stop()
            raise Unusable(f"it cannot listen there ({error.strerror}): choose another --port") from error
        if self._far_side.speaks:
            self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """It neither listens nor speaks any more."""
        self._ended.set()
        if self._thread.ident is not None:
            self._thread.join(30)
        self._far_side.stop()

    def _speak(self) -> None:
        while not self._ended.is_set():
            try:
                event = self._desk.events.get(timeout=_LOOK_S)
            except Empty:
                continue
            try:
                if not self._ended.wait(self._pause_s):
                    self._say(event)
            finally:
                self._desk.events.task_done()

    def _say(self, event: Event) -> None:
        for tries in range(_MOST_TRIES):
            heard = self._heard(event, tries + 1)
            if not heard.again or self._ended.wait(_WAITS_S[min(tries, len(_WAITS_S) - 1)]):
                return

    def _heard(self, event: Event, attempt: int) -> Heard:
        heard = self._far_side.say(event)
        self._journal.write(
            "said",
            id=event.id,
            type=event.type,
            negotiation=event.negotiation,
            way=event.way,
            attempt=attempt,
            heard="taken" if heard.taken else "again" if heard.again else "refused",
            detail=heard.detail,
        )
        return heard
