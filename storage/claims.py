"""Who of several workers has which file or mail in hand: held by a connection of its own, and let go with it.

Rows say what waits; this keeps two workers from doing the same at once. It is no lock that anything relies on: where it
is lost, a thing is done twice, and who comes second changes nothing.
"""

import contextlib
import logging
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from storage.database import Database
from storage.database_errors import errors_as_unavailable

_log = logging.getLogger(__name__)

# The first of the two numbers of every such lock; nothing else in the hub uses it.
LOCK_SPACE = 7004
# A worker that stands still, or was cut off, lets go of what it has in hand before others take it for dead: what they
# find of it is theirs at once. It says every so often that it goes on.
SILENT_FOR = "15s"
SAID_EVERY_S = 3.0
# Longer than any server at the other end can keep one attempt to send something waiting.
SILENT_WHILE_SENDING = "10min"

_TAKE = sa.text(
    "SELECT id FROM unnest(CAST(:ids AS text[])) AS id "
    "WHERE pg_try_advisory_lock(:space, hashtext(:what || id)) LIMIT :most"
)
_GIVE_BACK = sa.text(
    "SELECT id, pg_advisory_unlock(:space, hashtext(:what || id)) FROM unnest(CAST(:ids AS text[])) AS id"
)
_SAY_SOMETHING = sa.text("SELECT 1")


class Claims:
    """What this process has in hand, in any number of its threads. Its connection lasts as long as it has anything.

    On SQLite there is one worker, and nothing to ask the database for.
    """

    def __init__(self, database: Database, *, silent_for: str = SILENT_FOR) -> None:
        """`silent_for`: a process that has asked for nothing so long has nothing in hand any more."""
        self._database = database
        self._silence = sa.text(f"SET idle_session_timeout = '{silent_for}'")
        self._lock = threading.Lock()
        self._connection: sa.Connection | None = None
        self._driver: Any = None
        self._in_hand: set[tuple[str, str]] = set()

    def take(self, what: str, ids: Sequence[str], most: int) -> list[str]:
        """The first of `ids`, at most so many, that nobody has, here or elsewhere; in hand until given back.

        `what` is done with them. Raises `Unavailable`.
        """
        with self._lock, errors_as_unavailable():
            # The server gives a connection again what it has already.
            free = [id_ for id_ in ids if (what, id_) not in self._in_hand]
            if not free:
                self._close_if_idle()
                return []
            taken = free[:most] if self._database.on_sqlite else self._taken(what, free, most)
            self._in_hand.update((what, id_) for id_ in taken)
            self._close_if_idle()
        return taken

    def keep(self, what: str, ids: Sequence[str]) -> bool:
        """Whether all of them are still in hand; if so, they are for as long again."""
        if self._database.on_sqlite:
            return True
        self.say_something()
        with self._lock:
            return self._in_hand.issuperset((what, id_) for id_ in ids)

    def say_something(self) -> None:
        """What is in hand stays so for as long again, unless it is lost already. Of nothing there is nothing to say."""
        with self._lock:
            self._close_if_idle()
            if self._connection is not None:
                try:
                    self._connection.execute(_SAY_SOMETHING).close()
                except sa.exc.DBAPIError:
                    self._lose()

    def give_back(self, what: str, ids: Sequence[str]) -> None:
        """Whoever wants them may have them."""
        with self._lock:
            held = [id_ for id_ in ids if (what, id_) in self._in_hand]
            if held and not self._database.on_sqlite:
                with contextlib.suppress(sa.exc.DBAPIError):
                    self._ask(_GIVE_BACK, what, held)
            self._in_hand.difference_update((what, id_) for id_ in held)

    def close(self) -> None:
        """Nothing is in hand."""
        with self._lock:
            self._close()

    def _taken(self, what: str, ids: Sequence[str], most: int) -> list[str]:
        try:
            return self._ask(_TAKE, what, ids, most=most)
        except sa.exc.DBAPIError:
            # A second try is over a new connection.
            return self._ask(_TAKE, what, ids, most=most)

    def _ask(self, statement: sa.TextClause, what: str, ids: Sequence[str], **more: int) -> list[str]:
        asked = {"ids": list(ids), "what": f"{what}:", "space": LOCK_SPACE, **more}
        try:
            return [row.id for row in self._opened().execute(statement, asked)]
        except sa.exc.DBAPIError:
            self._lose()
            raise

    def _opened(self) -> sa.Connection:
        if self._connection is None:
            alone = self._database.engine.execution_options(isolation_level="AUTOCOMMIT")
            self._connection = alone.connect()
            # It is never given back to the pool: whoever had it next would hold what this one left.
            self._connection.detach()
            self._driver = self._connection.connection.driver_connection
            self._connection.execute(self._silence)
        return self._connection

    def _close_if_idle(self) -> None:
        if not self._in_hand:
            self._close()

    def _lose(self) -> None:
        # With the connection went all claims: others may have had the same in hand since.
        if self._in_hand:
            lost = Counter(what for what, _ in self._in_hand)
            _log.warning("the connection of a worker's claims was lost", extra={"claims": dict(lost)})
        self._close()

    def _close(self) -> None:
        self._in_hand.clear()
        if self._connection is not None:
            with contextlib.suppress(sa.exc.DBAPIError):
                self._connection.close()
            self._connection = None
        if self._driver is not None:
            # The pool does not know it any more, and would leave one open that was lost.
            self._driver.close()
            self._driver = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """How workers that share a database keep from doing `what` to one thing at once. Without `claims` there is one."""

    claims: Claims | None
    what: str

    def take(self, ids: Sequence[str], most: int) -> list[str]:
        """See `Claims`."""
        return list(ids[:most]) if self.claims is None else self.claims.take(self.what, ids, most)

    def keep(self, ids: Sequence[str]) -> bool:
        """See `Claims`."""
        return self.claims is None or self.claims.keep(self.what, ids)

    def give_back(self, ids: Sequence[str]) -> None:
        """See `Claims`."""
        if self.claims is not None:
            self.claims.give_back(self.what, ids)

    @contextlib.contextmanager
    def of(self, id_: str) -> Iterator[bool]:
        """Whether nobody else has it in hand; if so, it is in hand within. Raises `Unavailable`."""
        taken = self.take([id_], 1)
        try:
            yield bool(taken)
        finally:
            self.give_back(taken)


ALONE = Claim(claims=None, what="")
"""Of the one that works."""
