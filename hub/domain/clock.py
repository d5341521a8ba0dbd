"""What time it is, as a port: everything that acts on time is handed one of these."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """Tells the hub's time."""

    def now(self) -> datetime:
        """The present instant in UTC, to the microsecond."""
        ...


@dataclass(slots=True)
class FixedClock:
    """A clock that stands where it was put; for demo data that lies in the past, and for tests."""

    at: datetime

    def now(self) -> datetime:
        """The instant it was put to."""
        return self.at
