"""Who of several workers has which file in hand: held by a connection of its own, and let go with it.

Rows say what waits; this keeps two workers from doing the same at once. It is no lock that anything relies on: where it
is lost, a thing is done twice, and who comes second changes nothing.
"""

import contextlib
import threading
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from storage.database import Database
from storage.database_errors import errors_as_unavailable

# The first of the two numbers of every such lock; nothing else in the hub uses it.
LOCK_SPACE = 7004
# A worker that stands still, or was cut off, lets go of what it has in hand; what takes longer may be done twice.
SILENT_FOR = "60s"

_TAKE = sa.text(
    "SELECT id FROM unnest(CAST(:ids AS text[])) AS id "
    "WHERE pg_try_advisory_lock(:space, hashtext(:what || id)) LIMIT :most"
)
_GIVE_BACK = sa.text(
    "SELECT id, pg_advisory_unlock(:space, hashtext(:what || id)) FROM unnest(CAST(:ids AS text[])) AS id"
)
_SILENCE = sa.text(f"SET idle_session_timeout = '{SILENT_FOR}'")


class Claims:
    """What this process has in hand, in any number of its threads. Its connection lasts as long as it has anything.

    On SQLite, where there is one worker, everything that is asked for may be had.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = threading.Lock()
        self._connection: sa.Connection | None = None
        self._driver: Any = None
        self._in_hand = 0

    def take(self, what: str, ids: Sequence[str], most: int) -> list[str]:
        """The first of `ids`, at most so many, that nobody else has; they are this process's until given back.

        `what` is done with them; nobody here may have one of them in hand for it. Raises `Unavailable`.
        """
        if self._database.on_sqlite:
            return list(ids[:most])
        with self._lock, errors_as_unavailable():
            if not ids:
                self._close_if_idle()
                return []
            try:
                taken = self._ask(_TAKE, what, ids, most=most)
            except sa.exc.DBAPIError:
                # With the connection went all claims: a second try is over a new one.
                self._close()
                taken = self._ask(_TAKE, what, ids, most=most)
            self._in_hand += len(taken)
            self._close_if_idle()
        return taken

    def give_back(self, what: str, ids: Sequence[str]) -> None:
        """Whoever wants them may have them."""
        if self._database.on_sqlite or not ids:
            return
        with self._lock:
            self._in_hand -= len(ids)
            try:
                self._ask(_GIVE_BACK, what, ids)
            except sa.exc.DBAPIError:
                self._close()

    def close(self) -> None:
        """Nothing is in hand."""
        with self._lock:
            self._close()

    def _ask(self, statement: sa.TextClause, what: str, ids: Sequence[str], **more: int) -> list[str]:
        if self._connection is None:
            alone = self._database.engine.execution_options(isolation_level="AUTOCOMMIT")
            self._connection = alone.connect()
            # It is never given back to the pool: whoever had it next would hold what this one left.
            self._connection.detach()
            self._driver = self._connection.connection.driver_connection
            self._connection.execute(_SILENCE)
        asked = {"ids": list(ids), "what": f"{what}:", "space": LOCK_SPACE, **more}
        return [row.id for row in self._connection.execute(statement, asked)]

    def _close_if_idle(self) -> None:
        if not self._in_hand:
            self._close()

    def _close(self) -> None:
        if self._connection is not None:
            with contextlib.suppress(sa.exc.DBAPIError):
                self._connection.close()
            self._connection = None
        if self._driver is not None:
            # The pool does not know it any more, and would leave one open that was lost.
            self._driver.close()
            self._driver = None
