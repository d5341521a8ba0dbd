"""What the hub knows of background work: jobs as values, a queue to put them in, a desk to look after them.

A job is a name, a key and one id, never content: whoever reads the job tables learns nothing about a person.
Nothing here knows the engine; `hub.jobs.engine` and `hub.jobs.worker` are the only ones that do.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from hub.domain.errors import InvalidValue

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

MAX_KEY_LENGTH = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One piece of work: `name` says which function, `argument` is the id it is called with.

    `key` is made from what the job is about, never at random: the same key is the same job, put in once.
    `partition` is the bank in the queues that share themselves out by bank, and None in the others.
    """

    name: str
    key: str
    argument: str
    queue: str = "default"
    partition: str | None = None

    def __post_init__(self) -> None:
        """Refuses a job that no worker could name, find again or run."""
        for field in (self.name, self.key, self.argument, self.queue, self.partition or "-"):
            if not field or field != field.strip() or len(field) > MAX_KEY_LENGTH:
                raise InvalidValue("job_field", limit=MAX_KEY_LENGTH)


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueRule:
    """One queue: at most `at_once` of its jobs run in one worker at a time.

    With `per_partition` every job names a partition, and at most that many of one partition run over all
    workers together, so that one slow bank holds up nobody else's.
    """

    name: str
    at_once: int
    per_partition: int | None = None


# Enough for the second that may pass before the next look into the queue: a printer with nothing taken stands still.
TAKEN_A_PRINTER = 8
# Each takes turns with all else at the one interpreter of the worker.
EXPORTS_AT_ONCE = 2


def queues_for(printers: int) -> tuple[QueueRule, ...]:
    """The queues of a worker that prints so many documents at once.

    Every queue costs each worker one polling thread, so there are few. `documents` is what eats processor and memory,
    kept apart so that it never makes a delivery or a mail wait. `exports` holds tables that may take minutes: no paper
    waits behind them, and no bank behind another's.
    """
    return (
        QueueRule(name="default", at_once=16),
        QueueRule(name="deliver", at_once=16, per_partition=2),
        QueueRule(name="documents", at_once=printers * TAKEN_A_PRINTER),
        QueueRule(name="exports", at_once=EXPORTS_AT_ONCE, per_partition=1),
    )


QUEUES = queues_for(printers=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """An action at set times: `cron` has six fields, seconds first, read in China time; `run` gets the set time.

    Once at each time however many workers there are, which costs a dozen statements: what comes every few seconds is a
    `Watch`. A time that comes while the last run still goes on in
    the same worker is left out, and times missed while no worker ran are not made up for.
    """

    cron: str
    run: Callable[[datetime], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """An action that finds its work in the rows themselves: run over and over, in `at_once` threads of every worker.

    `run` says whether to run it again at once, otherwise it is in `every_s` seconds, and after an error in
    `after_error_s`. How workers share what they find is its own affair. One that `sleeps` is run as soon as the
    question of its worker names it, and not before. One that is `led` is run by one worker of all; for a moment it may
    be two, as when one is taken for dead that is not.
    """

    run: Callable[[], bool]
    sleeps: bool = False
    led: bool = False
    every_s: float = 1.0
    after_error_s: float = 5.0
    at_once: int = 1


def none_waits() -> Iterable[str]:
    """The question of a worker that has no watch that sleeps."""
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadJob:
    """A job that failed for good, or took its worker down with it too often; `since` is when it was given up.

    `error` names the kind of failure and its place in the code, never the data it was working on.
    """

    key: str
    name: str
    argument: str
    error: str
    since: datetime


class JobQueue(Protocol):
    """Where services put work that follows from what they just wrote."""

    def enqueue(self, session: "Session", job: Job) -> None:
        """The job runs after the session's open transaction commits, and never was if it rolls back.

        A job with a key that is known already changes nothing. Raises InvalidValue for a queue that is not
        there, and for a partition where the queue has none or none where it has them.
        """


class JobDesk(Protocol):
    """What an operator sees and does. Each call is a transaction of its own: call it outside any other."""

    def list_dead(self) -> list[DeadJob]:
        """The jobs given up, ordered by when they were put in."""

    def count_dead(self) -> int:
        """How many jobs were given up. Raises Unavailable."""

    def send_again(self, key: str) -> None:
        """The dead job waits in its queue again, with all its attempts. Raises NotFound if it is not dead."""

    def count_waiting(self) -> dict[str, int]:
        """Jobs not yet taken by a worker, by queue; a queue with none is left out. Raises Unavailable."""

    def oldest_waiting_s(self) -> float:
        """Seconds the oldest waiting job has waited by the machine's clock, 0.0 if none waits. Raises Unavailable."""

    def prune(self, older_than: datetime) -> int:
        """Work finished before `older_than` is forgotten, its keys too; says how many. Dead jobs stay."""
