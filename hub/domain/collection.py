"""Collection after an agreement: who says that it stopped, and what a person reports of it."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from hub.domain.application import Consent, EvidenceReference


class CollectionChannel(StrEnum):
    """How somebody collected."""

    PHONE = "phone"
    SMS = "sms"
    VISIT = "visit"
    LETTER = "letter"
    EMAIL = "email"
    APP = "app"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectionReport:
    """A person's word that they were collected from."""

    at: datetime
    channel: CollectionChannel
    caller: str
    text: str
    evidence: tuple[EvidenceReference, ...] = ()
    consents: tuple[Consent, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldApplied:
    """Who stopped collecting, and when."""

    by: str
    at: datetime


OWN_NAME = "本行"
"""What a bank may call itself among those who collect for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Collectors:
    """Who collects for a bank: itself, under any of its `names`, of which the first is shown, and its agencies."""

    names: tuple[str, ...]
    agencies: tuple[str, ...] = ()

    @property
    def all(self) -> tuple[str, ...]:
        """Everybody by name, the bank first."""
        return (self.names[0], *self.agencies)

    def missing(self, stopped: Iterable[str]) -> tuple[str, ...]:
        """Those who have not said yet that they collect no more; `stopped` are the names of those who have."""
        own = {_same(each) for each in (OWN_NAME, *self.names)}
        said = {_same(self.names[0]) if _same(each) in own else _same(each) for each in stopped}
        return tuple(each for each in self.all if _same(each) not in said)


def _same(name: str) -> str:
    """The name as it is compared: its width, its case and its blanks are nothing to it."""
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())
