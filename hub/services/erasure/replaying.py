"""Erasing again what had been erased when a backup of before was put back.

The list of erasures is kept outside the hub, as heads of the log are: it names negotiations and nobody.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from hub.domain.errors import Unusable
from hub.domain.lifecycle import OPEN
from hub.domain.plain import Plain, instant
from hub.domain.retention import Cause, DataClass, Extent
from hub.services.erasure import erasing, leftovers, requests
from hub.services.operating.audit import AuditKind
from hub.services.transaction import HubTransaction
from storage import audit, erasures, negotiation_locks, negotiations

_FILES = frozenset({DataClass.FILES, DataClass.AGREEMENT_FILES})


class Replayed(StrEnum):
    """What became of one erasure when it was done again."""

    ERASED = "erased"
    ERASED_BEFORE = "erased_before"
    UNKNOWN = "unknown"  # the negotiation is younger than the backup
    OPEN = "open"  # the negotiation goes on in the backup: somebody has to end it first
    HELD = "held"  # a legal hold stands in the backup


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasure:
    """One erasure that was done: of which negotiation, which class of data, and why."""

    reference: str
    data_class: DataClass
    cause: Cause
    at: str

    @property
    def plain(self) -> Plain:
        """The erasure as JSON data."""
        return {"reference": self.reference, "class": self.data_class, "cause": self.cause, "at": self.at}

    @classmethod
    def parse(cls, data: Any) -> "Erasure":
        """What `plain` gave; raises `Unusable` for anything else."""
        try:
            return cls(
                reference=str(data["reference"]),
                data_class=DataClass(data["class"]),
                cause=Cause(data["cause"]),
                at=str(data["at"]),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise Unusable("this is no list of `hub retention erased`: take the file as it was written") from error


def list_done(tx: HubTransaction, *, since: datetime | None = None) -> list[Erasure]:
    """Every erasure of a negotiation at `since` or later, the oldest first."""
    return [
        Erasure(reference=about, data_class=DataClass(details["data"]), cause=Cause(details["cause"]), at=instant(at))
        for _, about, at, details in audit.list_of_kinds(tx, [AuditKind.ERASED])
        if since is None or at >= since
    ]


def erasures_in(lines: Iterable[str]) -> list[Erasure]:
    """The erasures that lines of JSON name; raises `Unusable`."""
    try:
        return [Erasure.parse(json.loads(line)) for line in lines if line.strip()]
    except ValueError as error:
        raise Unusable("this is no list of `hub retention erased`: take the file as it was written") from error


def erase_again(tx: HubTransaction, erasure: Erasure) -> Replayed:
    """What had been erased of the negotiation is gone, where it may go; the log says so anew."""
    found = negotiations.find_negotiation(tx, erasure.reference)
    if found is None:
        return Replayed.UNKNOWN
    negotiation = negotiation_locks.lock(tx, found.id)
    extent = Extent.FILES if erasure.data_class in _FILES else Extent.WHOLE
    gone_at = negotiation.erased_at or (negotiation.files_erased_at if extent is Extent.FILES else None)
    if gone_at is not None:
        return Replayed.ERASED_BEFORE
    if negotiation.status in OPEN:
        return Replayed.OPEN
    if erasures.find_hold(tx, negotiation.id) is not None:
        return Replayed.HELD
    # Who asked for it is forgotten beside their negotiations too; afterwards nobody knows any more who that was.
    people = [] if erasure.cause is Cause.DUE else requests.people_of(tx, [negotiation])
    left = [erasing.erase(tx, negotiation, extent, erasure.cause)]
    leftovers.keep(tx, [*left, *(requests.forget(tx, each) for each in people)])
    return Replayed.ERASED
