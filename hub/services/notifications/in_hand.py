"""What one worker sends just now: nobody else takes it meanwhile, and soon somebody does if that worker dies.

Its row says so for a while, and a claim for as long as the worker has its connection to the database.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Final

from storage.claims import Claim

# In real time: so long waits at the most what was in hand of a worker that died, or lost its connection.
HELD_FOR: Final = timedelta(seconds=20)
BATCH: Final = 50
# A batch is drawn from so many of the longest due: more than all workers together mostly have in hand.
DRAWN_FROM: Final = 8 * BATCH


class Hand:
    """What is in hand, by keys: a mail's id, or what names all that go out as one message."""

    def __init__(self, claim: Claim) -> None:
        self._claim = claim
        self._keys: list[str] = []

    def take(self, keys: Sequence[str]) -> list[str]:
        """Those of the keys that are in hand, and the first of the others that nobody has, a batch of them at most."""
        before = [key for key in keys if key in self._keys]
        new = self._claim.take([key for key in keys if key not in self._keys], BATCH)
        self._keys += new
        return [*before, *new]

    def keeps(self, key: str) -> bool:
        """Whether it is still in hand; False where the connection was lost, so that another may have it."""
        return self._claim.keep([key])

    def empty(self) -> None:
        """Whoever wants them may have them."""
        self._claim.give_back(self._keys)


@contextmanager
def hand(claim: Claim) -> Iterator[Hand]:
    """A hand that is empty, and will be again."""
    made = Hand(claim)
    try:
        yield made
    finally:
        made.empty()
