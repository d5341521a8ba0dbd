"""Who a worker is, and how others learn that it is gone: the name under which the engine keeps its work.

On PostgreSQL the name is a numbered slot, held by an advisory lock that the server lets go when the worker dies,
and when it says nothing any more: one that stands still, or whose network is cut, has a connection that looks alive.
On SQLite there is one worker, held apart from a second one by a lock on a file beside the database.
"""

import fcntl
import logging
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, ResourceClosedError
from sqlalchemy.pool import NullPool

from hub.connecting import GIVES_UP_SOON
from hub.domain.errors import Unusable

# The first of the two numbers of every slot's advisory lock; nothing else in the hub uses it.
LOCK_SPACE = 7001
MAX_WORKERS = 1000
# Where the second would be a slot: held by the one worker that looks what is due.
LEADING = 0
# So often a worker says that it is there, and looks for the work of dead ones. One that said nothing for so long is
# taken for dead, so its work is another's within half a minute.
KEPT_EVERY_S = 5.0
SILENT_FOR_S = 20.0

_LOCK = sa.text("SELECT pg_try_advisory_lock(:space, :slot)")
_UNLOCK = sa.text("SELECT pg_advisory_unlock(:space, :slot)")

_log = logging.getLogger(__name__)


def take_lease(database_url: str, *, kept_every_s: float = KEPT_EVERY_S) -> "Lease":
    """The name of this worker on this database, held until release() or the end of the process.

    On PostgreSQL it must be kept so often: one that misses several times is others' to take. Raises Unusable where no
    further worker may run, or the database cannot be reached.
    """
    url = sa.make_url(database_url)
    if url.get_backend_name() != "sqlite":
        return SlotLease(url, kept_every_s=kept_every_s)
    if not url.database or url.database == ":memory:":
        raise Unusable("Background work needs a database that lasts: give HUB_DATABASE_URL a file.")
    return FileLease(Path(url.database))


class FileLease:
    """The one worker of a SQLite file."""

    executor_id = "embedded"

    def __init__(self, database: Path) -> None:
        """Raises Unusable while another process has the lease."""
        path = database.with_name(database.name + ".worker")
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            os.close(self._file)
            raise Unusable(
                f"Another worker already runs on {database}. SQLite takes one: stop that one first, "
                "or use PostgreSQL for several."
            ) from error

    def leads(self) -> bool:
        """True: nobody else could."""
        return True

    def release(self) -> None:
        """The next worker may start."""
        # The file stays: once removed, two workers could hold two files of one name.
        os.close(self._file)


class SlotLease:
    """One of the numbered slots of the workers that share a PostgreSQL. Not for two threads at once."""

    def __init__(self, url: sa.URL, *, kept_every_s: float = KEPT_EVERY_S) -> None:
        """Holds the lowest free slot. Raises Unusable if the database cannot be reached."""
        self._engine = sa.create_engine(
            url,
            poolclass=NullPool,
            isolation_level="AUTOCOMMIT",
            connect_args={"application_name": "hub-lease", **GIVES_UP_SOON},
        )
        self._silent_for_ms = round(max(SILENT_FOR_S, kept_every_s * SILENT_FOR_S / KEPT_EVERY_S) * 1000)
        self._leads = False
        try:
            self._connection = self._connect()
        except DBAPIError as error:
            raise Unusable(
                "The database cannot be reached: check HUB_DATABASE_URL and that the server is running."
            ) from error
        self._slot = next((n for n in range(1, MAX_WORKERS) if self._try_lock(n)), 0)
        if not self._slot:
            self.release()
            raise Unusable(f"All {MAX_WORKERS - 1} worker slots of this database are taken: stop some workers.")
        self.executor_id = f"slot-{self._slot}"

    def keep(self) -> bool:
        """True while the slot is this worker's; False once another has it, and this one must end.

        After a lost connection the same slot is taken again, if it is still free.
        """
        try:
            self._connection.execute(sa.text("SELECT 1"))
        except (DBAPIError, ResourceClosedError):
            # Closed is what the last look left that could not connect again.
            _log.warning("the connection of a worker's lease was lost", extra={"executor": self.executor_id})
        else:
            return True
        self._leads = False
        try:
            self._connection.close()
            self._connection = self._connect()
            return self._try_lock(self._slot)
        except DBAPIError:
            # Nobody can be reached, so nobody can say that the slot is lost. The next look will tell.
            return True

    def leads(self) -> bool:
        """Whether this is the one worker that looks what is due; the first that asks while there is none is."""
        # A lock that is held would be counted twice.
        self._leads = self._leads or self._try_lock(LEADING)
        return self._leads

    @contextmanager
    def borrow(self, executor_id: str) -> Iterator[bool]:
        """True inside the context if the worker of that name is dead, and held dead so long; else False."""
        match = re.fullmatch(r"slot-(\d{1,4})", executor_id)
        if match is None:
            # A name that is no slot belongs to no worker that lives.
            yield True
            return
        slot = int(match[1])
        if slot == self._slot or not self._try_lock(slot):
            yield False
            return
        try:
            yield True
        finally:
            self._connection.execute(_UNLOCK, {"space": LOCK_SPACE, "slot": slot})

    def release(self) -> None:
        """The slot is free for the next worker."""
        # Closing alone would free it a little later, when the server comes to notice.
        with suppress(DBAPIError, ResourceClosedError):
            self._connection.execute(sa.text("SELECT pg_advisory_unlock_all()"))
        self._connection.close()
        self._engine.dispose()

    def _connect(self) -> sa.Connection:
        connection = self._engine.connect()
        connection.execute(sa.text(f"SET idle_session_timeout={self._silent_for_ms}"))
        return connection

    def _try_lock(self, slot: int) -> bool:
        return bool(self._connection.execute(_LOCK, {"space": LOCK_SPACE, "slot": slot}).scalar())


Lease = FileLease | SlotLease
