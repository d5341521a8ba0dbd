"""What one worker sends just now: nobody else takes it meanwhile, and soon somebody does if that worker dies.

Its row says so for a while, and a claim for as long as the worker has its connection to the database.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Final

from hub.domain.actor import HUB
from hub.domain.preferences import NoticeChannel
from hub.mail.kinds import MailKind
from hub.services.transaction import HubTransaction, Transactions
from storage import due_mails
from storage.claims import Claim
from storage.records import MailRecord

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


def draw(
    transactions: Transactions,
    channel: NoticeChannel,
    mine: Hand,
    *,
    key: Callable[[MailRecord], str],
    real_now: datetime,
) -> list[str]:
    """Ids of mails of the channel that are due, the longest due first, whose keys are in hand now."""
    with transactions.reading(HUB) as tx:
        listed = due_mails.list_due(tx, channel, list(MailKind), limit=DRAWN_FROM, real_now=real_now)
        keys = {mail.id: key(mail) for mail in listed}
    taken = set(mine.take(list(dict.fromkeys(keys.values()))))
    return [mail_id for mail_id in keys if keys[mail_id] in taken]


def hold(
    tx: HubTransaction, channel: NoticeChannel, mail_ids: Sequence[str], *, real_now: datetime
) -> list[MailRecord]:
    """Those of the mails that still are due; their rows say for a while that they are in hand."""
    held_until = real_now + HELD_FOR
    return due_mails.take_due(
        tx, channel, list(MailKind), limit=len(mail_ids), real_now=real_now, held_until=held_until, among=mail_ids
    )


@contextmanager
def hand(claim: Claim) -> Iterator[Hand]:
    """A hand that is empty, and will be again."""
    made = Hand(claim)
    try:
        yield made
    finally:
        made.empty()
