"""How often something may be tried, by whom: counted in the database, for all processes and over restarts alike."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from hub.domain.errors import TooManyTries
from hub.services.transaction import HubTransaction
from storage import attempts
from storage.records import AttemptRecord, new_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """At most `amount` tries in every `window`, of what `name` says; limits of one name count the same tries."""

    name: str
    amount: int
    window: timedelta


Try = tuple[Limit, tuple[str, ...]]
"""A try under a limit, and whose it is: an account, a number, an address, or several of them together."""


def count(tx: HubTransaction, tries: Sequence[Try], *, at: datetime, most: int = 1) -> tuple[int, tuple[str, ...]]:
    """One more of each try is counted, or up to `most` at once where the limit has them.

    Gives how many, and the ids under which they can be taken back. Raises `TooManyTries` where one limit is used up;
    then none is counted. Windows move: at every moment the last one ends now.
    """
    keys = {each: _key(tx, *each) for each in tries}
    attempts.lock(tx, set(keys.values()))
    amount = most
    for (limit, _), key in keys.items():
        made = attempts.list_since(tx, key, at - limit.window)
        left = limit.amount - sum(number for _, number in made)
        if left <= 0:
            raise TooManyTries.until(made[0][0] + limit.window, now=at)
        amount = min(amount, left)
    longest = {key: max(limit.window for (limit, _), other in keys.items() if other == key) for key in keys.values()}
    records = [
        AttemptRecord(id=new_id(), key=key, at=at, expires_at=at + window, amount=amount)
        for key, window in longest.items()
    ]
    attempts.add(tx, records)
    return amount, tuple(each.id for each in records)


def take_back(tx: HubTransaction, ids: Sequence[str]) -> None:
    """Tries that turned out right, or came to nothing, count no more."""
    attempts.take_back(tx, ids)


def has_any(tx: HubTransaction, limit: Limit, counted_for: tuple[str, ...], *, at: datetime) -> bool:
    """Whether anything of that name was counted for them in the limit's window."""
    return bool(attempts.list_since(tx, _key(tx, limit, counted_for), at - limit.window))


def _key(tx: HubTransaction, limit: Limit, counted_for: tuple[str, ...]) -> bytes:
    return tx.keyring.index("\x1f".join((limit.name, *counted_for)), purpose="attempt")
