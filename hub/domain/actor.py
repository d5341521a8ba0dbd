"""Who does a thing: kept with every change, entry and reading."""

from dataclasses import dataclass
from enum import StrEnum


class Party(StrEnum):
    """Which side an entry of the log comes from."""

    CARDHOLDER = "cardholder"
    BANK = "bank"
    HUB = "hub"


class Channel(StrEnum):
    """The way an entry came."""

    APP = "app"
    WEB = "web"
    BRANCH = "branch"
    HOTLINE = "hotline"
    API = "api"
    PORTAL = "portal"
    PHONE = "phone"
    SYSTEM = "system"
    ADAPTER = "adapter"


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """One who acts: which side, and which account, client or job of that side."""

    party: Party
    id: str
    channel: Channel
    # An adapter's event is the bank's own decision and needs no second pair of eyes; a person's or a program's does.
    decides_alone: bool = False
    # The bank that acts through it: in its transactions there is nothing of any other bank.
    bank_code: str | None = None

    def __str__(self) -> str:
        return f"{self.party}:{self.id}"


HUB = Actor(party=Party.HUB, id="hub", channel=Channel.SYSTEM)
