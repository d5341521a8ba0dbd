"""Workers say that they are there, so that whoever watches over the hub misses one that is gone or hangs."""

from collections.abc import Callable
from datetime import timedelta
from typing import Final

from hub.domain.actor import HUB
from hub.domain.clock import Clock
from hub.services.transaction import Transactions
from storage import worker_beats

EVERY: Final = timedelta(seconds=15)
# A machine that was taken away for good is no alarm for ever.
FORGOTTEN_AFTER: Final = timedelta(days=1)


class Heartbeat:
    """The beats of one worker, whose name is asked for with each: it has none before it began."""

    def __init__(self, transactions: Transactions, real_clock: Clock, name: Callable[[], str | None]) -> None:
        self._transactions = transactions
        self._real_clock = real_clock
        self._name = name
        self._started_at = real_clock.now()

    def beat(self) -> bool:
        """The worker is there just now; False, since the next time is in a while."""
        name = self._name()
        if name is not None:
            with self._transactions.writing(HUB) as tx:
                worker_beats.beat(tx, name, started_at=self._started_at, at=self._real_clock.now())
        return False

    def end(self) -> None:
        """The worker has ended in order, and nobody misses it."""
        name = self._name()
        if name is not None:
            with self._transactions.writing(HUB) as tx:
                worker_beats.end(tx, name, started_at=self._started_at)
