"""What every partner can do: take what is handed over and be told that it is over, and say what became of it.

Errors come sorted: `TryAgain` or `RefusedForGood` where it did not take a message, `CallRefused` where what came in
its name cannot be believed.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from hub.banks.port import Incoming


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerAddress:
    """Where a partner is told, and the secret that signs what both sides say."""

    url: str
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerMessage:
    """One message. Every attempt carries the same `id` and the same bytes; `data` is its canonical JSON."""

    id: str
    kind: str
    queued_at: datetime
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerCall:
    """What a partner said, once it is certain that it did. `digest` tells two contents apart."""

    event_id: str
    content: bytes
    digest: str


class Partners(Protocol):
    """The way to partners and back."""

    def tell(self, message: PartnerMessage, to: PartnerAddress) -> None:
        """The partner has the message; raises `TryAgain`, and `RefusedForGood` where it takes none there any more."""
        ...

    def read(self, incoming: Incoming, secret: str) -> PartnerCall:
        """What the partner said; raises `CallRefused` unless signature and stamp are right."""
        ...
