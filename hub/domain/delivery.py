"""The delivery of a message to a bank: how far it got."""

from enum import StrEnum


class DeliveryStatus(StrEnum):
    """How far a message got."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    UNDELIVERABLE = "undeliverable"
    CANCELLED = "cancelled"  # overtaken: the negotiation ended before the bank had heard of it
