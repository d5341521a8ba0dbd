"""How often something may be tried: wrong secrets, tokens, and uploads for one person. Counted in this process."""

import math
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Final

from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute

from hub.domain.errors import TooManyTries

WRONG_SECRETS: Final = RateLimitItemPerMinute(10, namespace="wrong-secrets")
TOKENS: Final = RateLimitItemPerMinute(600, namespace="tokens")
UPLOADS_A_PERSON: Final = RateLimitItemPerHour(300, namespace="uploads")

# Those who have not come back for a whole window are forgotten this often.
FORGET_INTERVAL_S: Final = 60.0


class Limits:
    """The tries that were made lately. Forgotten at a restart, and counted by each process for itself.

    The windows move: at every moment the last one ends now. The library's own store in memory would begin a thread
    at nearly every try, and look through everybody's tries in it.
    """

    def __init__(self, seconds: Callable[[], float] = time.monotonic) -> None:
        """`seconds` tells a time that never goes back."""
        self._seconds = seconds
        self._lock = threading.Lock()
        # When each of the last tries was made, oldest first, under the limit and whose they are.
        self._tries: dict[tuple[RateLimitItem, tuple[str, ...]], deque[float]] = {}
        self._forget_at = seconds() + FORGET_INTERVAL_S

    def count(self, limit: RateLimitItem, *whose: str) -> None:
        """One more try of `whose` is counted; raises `TooManyTries` where `limit` is used up."""
        now, window = self._seconds(), limit.get_expiry()
        with self._lock:
            self._forget(now)
            tries = self._tries.setdefault((limit, whose), deque(maxlen=limit.amount))
            if len(tries) == limit.amount and now - tries[0] < window:
                raise TooManyTries(max(1, math.ceil(tries[0] + window - now)))
            tries.append(now)

    def _forget(self, now: float) -> None:
        if now < self._forget_at:
            return
        self._forget_at = now + FORGET_INTERVAL_S
        for key in [key for key, tries in self._tries.items() if now - tries[-1] >= key[0].get_expiry()]:
            del self._tries[key]
