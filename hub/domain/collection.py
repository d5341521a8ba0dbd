"""Collection after an agreement: what a person reports of it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from hub.domain.application import EvidenceReference


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


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldApplied:
    """Who stopped collecting, and when."""

    by: str
    at: datetime
