"""What every bank can do, whatever its system: take a message, and take it again.

An adapter knows one way to a bank and no other adapter. It raises its errors sorted: `TryAgain` or `RefusedForGood`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from hub.domain.bank import Bank


class MessageKind(StrEnum):
    """What a message to a bank is."""

    SUBMITTED = "negotiation.submitted"
    MESSAGE = "message"
    COUNTER_OFFERED = "counter_offered"
    ACCEPTED = "accepted"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message to a bank. Every attempt carries the same `id` and the same `body`, to the byte."""

    id: str
    kind: MessageKind
    negotiation: str
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """The bank's system has the message; `detail` is what it said, fit for the log of machines."""

    detail: str = ""


class Adapter(Protocol):
    """One way to a bank's system."""

    kind: str
    # The bank settings of its own that the adapter takes, each with the reader that checks it.
    settings: Mapping[str, Callable[[str], Any]]
    # Whether the bank's system is the hub's own database: then the message is there with the commit that queues it.
    in_house: bool

    def deliver(self, message: Message, bank: Bank) -> Receipt:
        """The bank's system has the message, perhaps for the second time. No transaction is open meanwhile."""
        ...
