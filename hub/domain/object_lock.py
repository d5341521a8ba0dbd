"""Object lock: how long a store of objects itself holds what was sent, so that nobody can take it away before."""

from dataclasses import dataclass
from enum import StrEnum, unique


@unique
class LockMode(StrEnum):
    """Who may take away what an object lock holds: an account that may bypass it, or nobody."""

    GOVERNANCE = "governance"
    COMPLIANCE = "compliance"


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectLock:
    """For how many days the server itself holds an original against deletion, and against whom."""

    days: int
    mode: LockMode
