"""Collection after an agreement: what a person reports of it."""

from dataclasses import dataclass
from datetime import datetime

from hub.domain.application import EvidenceReference


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectionReport:
    """A person's word that they were collected from. `channel` is one of `labels.COLLECTION_CHANNELS`."""

    at: datetime
    channel: str
    caller: str
    text: str
    evidence: tuple[EvidenceReference, ...] = ()
