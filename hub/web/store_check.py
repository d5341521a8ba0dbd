"""Whether the evidence store can be used, for all who ask: a trial costs it a write, a read and a delete."""

import threading
from datetime import datetime, timedelta
from typing import Final

from hub.domain.errors import HubError
from hub.health.store import require_store
from hub.web import logs
from hub.wiring import Hub


class StoreCheck:
    """The last trial of the store, for all threads of a process.

    A good one holds for `FRESH_FOR`; a bad one for nobody but those who ask while the next is made, so that a store
    that is back is found at once. There is never more than one trial at a time.
    """

    FRESH_FOR: Final = timedelta(seconds=5)

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._last: tuple[datetime, bool] | None = None

    def is_usable(self, hub: Hub) -> bool:
        """Whether a file could be written, read back and deleted just now, or at most `FRESH_FOR` ago."""
        last = self._last
        if self._is_fresh(hub):
            return True
        # Who comes while a trial is made is told the last one; only the very first have to wait for theirs.
        if not self._turn.acquire(blocking=last is None):
            return last is not None and last[1]
        try:
            return self._is_fresh(hub) or self._tried(hub)
        finally:
            self._turn.release()

    def _is_fresh(self, hub: Hub) -> bool:
        last = self._last
        return last is not None and last[1] and timedelta() <= hub.real_clock.now() - last[0] < self.FRESH_FOR

    def _tried(self, hub: Hub) -> bool:
        try:
            require_store(hub)
        except HubError as error:
            # What the store itself said may name places and accounts, which is nobody's business but the operator's.
            logs.failure(error)
            found = False
        else:
            found = True
        self._last = (hub.real_clock.now(), found)
        return found
