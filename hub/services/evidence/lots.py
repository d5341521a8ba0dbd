"""Files that rows say something waits for, a few at a time, for any number of threads of any number of workers."""

import logging
import random
import threading
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final, Protocol

from hub.domain.actor import HUB
from hub.domain.clock import Clock
from hub.domain.errors import StoreFull, TryAgain
from hub.services.transaction import HubTransaction, Transactions
from storage.claims import ALONE, Claim

_log = logging.getLogger(__name__)
_chance = random.SystemRandom()

# One file at a time is drawn of so many of the oldest: more than all workers together have in hand.
_DRAWN_FROM: Final = 128
# A file over which something could not be done, because the scanner or the store was away, is left alone for so long.
AGAIN_AFTER: Final = timedelta(seconds=30)


class ListWaiting(Protocol):
    """Ids of the files that wait, the longest waiting first."""

    def __call__(self, tx: HubTransaction, /, *, limit: int) -> list[str]: ...


class Lots:
    """Draws `batch` files of the `drawn_from` oldest, of which by the `claim` no other worker has one in hand."""

    def __init__(
        self,
        transactions: Transactions,
        list_waiting: ListWaiting,
        real_clock: Clock,
        *,
        batch: int,
        drawn_from: int,
        claim: Claim = ALONE,
    ) -> None:
        self._transactions, self._claim = transactions, claim
        self._list_waiting = list_waiting
        self._clock = real_clock
        self._batch, self._drawn_from = batch, drawn_from
        self._lock = threading.Lock()
        self._in_hand: set[str] = set()
        # Files that could not be settled, and when that was.
        self._failed: dict[str, datetime] = {}

    def take(self) -> Sequence[str]:
        """Some files that wait and nobody here has in hand, which now has who asks; to be given back."""
        now = self._clock.now()
        with self._lock:
            # A machine's clock may also jump back.
            self._failed = {id_: at for id_, at in self._failed.items() if timedelta() <= now - at < AGAIN_AFTER}
            left_alone = self._in_hand | self._failed.keys()
            with self._transactions.reading(HUB) as tx:
                oldest = self._list_waiting(tx, limit=self._drawn_from + len(left_alone))
            free = [id_ for id_ in oldest if id_ not in left_alone]
            # In any order, or all workers would ask for the same ones first.
            shuffled = _chance.sample(free, len(free))
            batch = self._claim.take(shuffled, self._batch)
            self._in_hand.update(batch)
        return batch

    def give_back(self, batch: Sequence[str], settled: set[str]) -> None:
        """Nobody has the files in hand; those of them that are not `settled` are left alone for a while."""
        now = self._clock.now()
        with self._lock:
            self._in_hand.difference_update(batch)
            self._failed |= {id_: now for id_ in batch if id_ not in settled}
        self._claim.give_back(batch)


class OneByOne:
    """Does one thing to a file that waits for it with each call, for any number of workers: who comes second is done.

    `awaited` is what the file waits for, in the words of the service's own log.
    """

    def __init__(
        self,
        transactions: Transactions,
        list_waiting: ListWaiting,
        real_clock: Clock,
        make: Callable[[str], None],
        *,
        awaited: str,
        claim: Claim = ALONE,
    ) -> None:
        self._lots = Lots(transactions, list_waiting, real_clock, batch=1, drawn_from=_DRAWN_FROM, claim=claim)
        self._make = make
        self._awaited = awaited

    def __call__(self) -> bool:
        """A file that waited has what it waited for; False where none waits for which it could be made now."""
        batch = self._lots.take()
        settled: set[str] = set()
        try:
            for evidence_id in batch:
                self._make(evidence_id)
                settled.add(evidence_id)
        except (StoreFull, TryAgain) as error:
            self._warn("a file waits for", batch[0], error)
        except Exception as error:  # noqa: BLE001 - whatever it was, other files go on
            self._warn("a file is without", batch[0], error)
        finally:
            self._lots.give_back(batch, settled)
        return bool(settled)

    def _warn(self, what: str, evidence_id: str, error: Exception) -> None:
        # Without its words, which may quote what the file holds.
        _log.warning("%s %s", what, self._awaited, extra={"file": evidence_id, "error": type(error).__name__})
