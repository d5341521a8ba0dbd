"""A program that may call the API."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

TOKEN_LIFE: Final = timedelta(hours=1)
"""How long a bearer token is good for, in real time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """A program that may call the API, and what it may do. `bank_code` binds a bank's own client."""

    id: str
    name: str
    scopes: frozenset[str]
    bank_code: str | None
    disabled_at: datetime | None = None
