"""A bank's system that honours the adapter port in memory, and answers as a test wants it to."""

import hashlib
from collections import deque
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from hub.banks.port import Message, Receipt
from hub.domain.bank import Bank
from hub.domain.errors import DeliveryError


class SimulatedBank:
    """Takes every message, unless `answers` holds errors: each attempt uses up the first of them.

    `meanwhile` happens while the hub talks to the bank, before it answers.
    """

    kind = "simulated"
    settings: Mapping[str, Callable[[str], Any]] = MappingProxyType({})
    required: frozenset[str] = frozenset()
    in_house = False

    def __init__(self) -> None:
        self.answers: deque[DeliveryError] = deque()
        self.attempts: list[tuple[str, str]] = []
        self.taken: dict[str, Message] = {}
        self.meanwhile: Callable[[], object] = lambda: None

    def deliver(self, message: Message, bank: Bank) -> Receipt:
        """The message is in `taken`, unless it is the turn of an error."""
        self.attempts.append((message.id, hashlib.sha256(message.body).hexdigest()))
        self.meanwhile()
        if self.answers:
            raise self.answers.popleft()
        self.taken[message.id] = message
        return Receipt(detail=f"taken by {bank.code}")

    def kinds_taken(self) -> list[str]:
        """The kinds of the messages it has, in the order in which they came."""
        return [str(message.kind) for message in self.taken.values()]
