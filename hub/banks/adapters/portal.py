"""The review portal as a bank's system: its queue is the hub's own database."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from hub.banks.port import Message, Receipt, Surroundings
from hub.domain.bank import Bank


class Portal:
    """Staff act in the portal, or the bank's programs through the bank API."""

    kind = "portal"
    settings: Mapping[str, Callable[[str], Any]] = MappingProxyType({})
    required: frozenset[str] = frozenset()
    in_house = True

    def deliver(self, message: Message, bank: Bank) -> Receipt:  # noqa: ARG002 - the port's signature
        """Nothing is left to do: what was committed is in the bank's queue."""
        return Receipt(detail=f"in the queue of {bank.code}")


def make(surroundings: Surroundings) -> Portal:  # noqa: ARG001 - it needs nothing of the world
    """The adapter."""
    return Portal()
