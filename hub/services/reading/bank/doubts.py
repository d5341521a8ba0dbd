"""The doubts about a bank's case as its people see them: what to look at, and what a colleague did about it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from hub.domain.doubts import Doubt, DoubtAnswer
from hub.services.reading.bank.people import Author, author_of
from hub.services.transaction import HubTransaction
from storage import consents, doubts, given_evidence
from storage.records import DoubtRecord, NegotiationRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class DoubtShown:
    """One doubt; `author` and `answered_at` are None as long as nobody did anything about it."""

    id: str
    doubt: Doubt
    found_at: datetime
    answer: DoubtAnswer | None
    author: Author | None
    answered_at: datetime | None


def list_doubts(tx: HubTransaction, row: NegotiationRecord, names: Mapping[str, str]) -> tuple[DoubtShown, ...]:
    """The doubts about the case, in the order they were found; none about what the person took back."""
    withheld = consents.withheld_of(tx, row)
    if withheld.everything:
        return ()
    kinds = {record.id: given.kind for given, record in given_evidence.list_given(tx, row)}
    return tuple(
        _shown(tx, each, names)
        for each in doubts.list_of(tx, row.id, bank_code=row.bank_code)
        if each.evidence_id is None
        or (each.evidence_id in kinds and not withheld.holds(each.evidence_id, kinds[each.evidence_id]))
    )


def _shown(tx: HubTransaction, record: DoubtRecord, names: Mapping[str, str]) -> DoubtShown:
    return DoubtShown(
        id=record.id,
        doubt=doubts.doubt_of(tx, record),
        found_at=record.found_at,
        answer=None if record.answer is None else DoubtAnswer(record.answer),
        author=None if record.answered_by is None else author_of(record.answered_by, names),
        answered_at=record.answered_at,
    )
