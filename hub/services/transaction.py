"""The open transaction that an action works in: what storage needs, and whom the action may ask.

Faces, jobs and commands open and close it; a service never commits.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol, TypeVar

from hub.banks.catalogue import Catalogue
from hub.domain.actor import Actor
from hub.domain.bank import Bank
from hub.domain.errors import Unavailable
from hub.domain.working_days import Calendar
from hub.jobs.port import JobQueue
from storage import banks, calendars
from storage.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class HubTransaction(Transaction):
    """An open transaction of the hub, and who acts in it. `address` is where they call from, if from anywhere."""

    actor: Actor
    jobs: JobQueue
    adapters: Catalogue
    public_url: str
    address: str | None = None

    def bank(self, code: str) -> Bank:
        """The bank with exactly this code."""
        return banks.get_bank(self, code)

    def calendar(self) -> Calendar:
        """The calendar in force."""
        return calendars.calendar_in_force(self)


# A transaction that lost a race is begun again this often before whoever asked for it is told to.
_TRIES = 3
_Given = TypeVar("_Given")


def begun_again(work: Callable[[], _Given]) -> _Given:
    """What `work` gives, which is one whole transaction and is done anew where it lost a race; raises `Unavailable`."""
    for tries_left in reversed(range(_TRIES)):
        try:
            return work()
        except Unavailable as error:
            if not (error.at_once and tries_left):
                raise
    raise AssertionError("unreachable")


class Transactions(Protocol):
    """Opens transactions; for the few actions that meet an outside party and so open theirs before and after."""

    def writing(self, actor: Actor) -> AbstractContextManager[HubTransaction]:
        """A transaction in which `actor` acts; committed at the end, rolled back whole on any error."""
        ...

    def reading(self, actor: Actor) -> AbstractContextManager[HubTransaction]:
        """A look at one state of things, in which nothing may be written."""
        ...
