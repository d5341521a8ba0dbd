"""How often something may be tried: wrong secrets, passwords, codes, tokens, and uploads for one person."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address
from typing import Final

from flask import request

from hub.domain.actor import HUB
from hub.domain.errors import TooManyTries
from hub.services.accounts import attempts
from hub.services.accounts.attempts import Limit, Try
from hub.services.transaction import Transactions

_MINUTE, _HOUR = timedelta(minutes=1), timedelta(hours=1)

WRONG_SECRETS: Final = Limit(name="wrong-secrets", amount=10, window=_MINUTE)
TOKENS: Final = Limit(name="tokens", amount=600, window=_MINUTE)
UPLOADS_A_PERSON: Final = Limit(name="uploads", amount=300, window=_HOUR)
# Of a client that does not say for whom: each file may cost its decoder ten seconds.
UPLOADS_FOR_NOBODY: Final = Limit(name="uploads-for-nobody", amount=3000, window=_HOUR)
PAPERS_A_PERSON: Final = Limit(name="papers", amount=4, window=timedelta(minutes=10))
"""Papers that are printed while their person waits: one at a time, for seconds, each in one of eight threads."""
PAPERS_A_CLERK: Final = Limit(name="staff-papers", amount=40, window=timedelta(minutes=10))
"""The same for somebody at a bank, who goes through many cases."""
EXPORTS_A_PERSON: Final = Limit(name="person-exports", amount=6, window=_HOUR)
"""Everything of one person at once: each reads all of their files."""
CALCULATIONS: Final = Limit(name="calculations", amount=600, window=_MINUTE)
"""What a debt costs, which anybody may ask from an address that many people may share."""
FEED_CALLS: Final = Limit(name="feed-calls", amount=120, window=_MINUTE)
"""Calls with which one bank tells bills, of up to hundreds each."""
UNSIGNED_CALLS: Final = Limit(name="unsigned-calls", amount=200, window=_MINUTE)
"""Calls to a bank's door that nobody signed: so many are kept for the operator."""

# What may happen hundreds of times is taken from the database by so many at once.
_LEASE: Final = 20
_KEPT_LEASES: Final = 10_000
# Whose right try from an address stands out from strangers' tries from others.
_KNOWN_FOR: Final = timedelta(days=30)


def caller_address() -> str:
    """The address of the caller, as far as it tells one from another: of IPv6 the network that one line has."""
    given = request.remote_addr or ""
    try:
        address = ip_address(given)
    except ValueError:
        return given
    if isinstance(address, IPv6Address):
        mapped = address.ipv4_mapped
        return str(mapped) if mapped else f"{IPv6Address(int(address) >> 64 << 64)}/64"
    return given


class Limits:
    """The tries that were made lately, in the database: for all processes, and over restarts."""

    def __init__(self, transactions: Transactions, now: Callable[[], datetime]) -> None:
        """`now` tells the real time, however far the hub's own clock was moved."""
        self._transactions = transactions
        self._now = now
        self._lock = threading.Lock()
        # How many tries of a lease are left, and until when they may be used.
        self._leases: dict[Try, tuple[int, datetime]] = {}

    def count(self, *tries: Try) -> tuple[str, ...]:
        """One more of each is counted, under the ids given back; raises `TooManyTries`, and then none is."""
        with self._transactions.writing(HUB) as tx:
            return attempts.count(tx, tries, at=self._now())[1]

    def take_back(self, ids: tuple[str, ...]) -> None:
        """The tries count for nothing: they were right."""
        with self._transactions.writing(HUB) as tx:
            attempts.take_back(tx, ids)

    @contextmanager
    def counting_wrong(self, *tries: Try) -> Iterator[Callable[[], None]]:
        """Counts one more of each before it is known whether it is right, so that no crowd gets by.

        What is given back says that it was right: then it counts for nothing. Raises `TooManyTries`.
        """
        ids = self.count(*tries)
        was_right = False

        def right() -> None:
            nonlocal was_right
            was_right = True

        yield right
        if was_right:
            self.take_back(ids)

    def count_from_lease(self, limit: Limit, *counted_for: str) -> None:
        """One more is counted; raises `TooManyTries`.

        The database is asked for twenty at once, so a limit is never passed but may be reached some tries early:
        what a process has not used in a window is lost.
        """
        key, now = (limit, counted_for), self._now()
        with self._lock:
            left, until = self._leases.get(key, (0, now))
            if left and now < until:
                self._leases[key] = (left - 1, until)
                return
        with self._transactions.writing(HUB) as tx:
            amount, _ = attempts.count(tx, [key], at=now, most=_LEASE)
        with self._lock:
            if len(self._leases) >= _KEPT_LEASES:
                self._leases.clear()
            self._leases[key] = (amount - 1, now + limit.window)

    def knows(self, what: str, *counted_for: str) -> bool:
        """Whether they did that rightly in the last thirty days."""
        with self._transactions.reading(HUB) as tx:
            return attempts.has_any(tx, _known(what), counted_for, at=self._now())

    def remember(self, what: str, *counted_for: str) -> None:
        """They are known for it from now on."""
        try:
            self.count((_known(what), counted_for))
        except TooManyTries:
            # As long as it is remembered anyway.
            return


def _known(what: str) -> Limit:
    return Limit(name=f"known-{what}", amount=50, window=_KNOWN_FOR)
