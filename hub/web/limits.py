"""How often something may be tried: wrong secrets, tokens, and uploads for one person. Counted in this process."""

import math
import time
from typing import Final

from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from hub.domain.errors import TooManyTries

WRONG_SECRETS: Final = RateLimitItemPerMinute(10, namespace="wrong-secrets")
TOKENS: Final = RateLimitItemPerMinute(600, namespace="tokens")
UPLOADS_A_PERSON: Final = RateLimitItemPerHour(300, namespace="uploads")


class Limits:
    """The tries that were made lately. Forgotten at a restart, and counted by each process for itself."""

    def __init__(self) -> None:
        self._windows = MovingWindowRateLimiter(MemoryStorage())

    def count(self, limit: RateLimitItem, *whose: str) -> None:
        """One more try of `whose` is counted; raises `TooManyTries` where `limit` is used up."""
        if not self._windows.hit(limit, *whose):
            reset_at = self._windows.get_window_stats(limit, *whose).reset_time
            raise TooManyTries(max(1, math.ceil(reset_at - time.time())))
