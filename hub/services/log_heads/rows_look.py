"""Looking along the chain of the access log or the audit, some rows at a time."""

from collections.abc import Iterator
from dataclasses import dataclass

from hub.domain.log_chain import NO_PREVIOUS
from hub.domain.log_heads import row_digest
from hub.services.transaction import HubTransaction
from storage import log_heads, row_seals
from storage.records import LogEndRecord
from storage.spans import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokenRow:
    """A row of the access log or the audit that does not hold, by its place or its id, and why."""

    log: str
    row: str
    reason: str


class RowsLook:
    """One look along a log, a span of places after the other; it ends with the first row that does not hold."""

    def __init__(self, log: str) -> None:
        """Nothing was looked at yet."""
        self._log = log
        self._sequence: int | None = None
        self._previous = NO_PREVIOUS
        self._is_over = False

    def look(self, tx: HubTransaction, span: Span) -> Iterator[BrokenRow]:
        """The first row that does not hold, if it is in the span; at the end also one that is cut off."""
        sequence = 0 if span.after is None else int(span.after[0])
        if self._sequence != sequence:
            # The places before were looked at with the spans before.
            self._previous = row_seals.digest_at(tx, self._log, sequence) or NO_PREVIOUS
        broken = None if self._is_over else self._first_broken(tx, span, sequence)
        if broken is not None:
            self._is_over = True
            yield broken

    def _first_broken(self, tx: HubTransaction, span: Span, sequence: int) -> BrokenRow | None:
        log = self._log
        covered = {end.length: end for end in log_heads.list_ends(tx, log, span)}
        for seal, row in row_seals.iterate(tx, log, span):
            sequence += 1
            if row is None:
                return BrokenRow(log=log, row=str(seal.row_id), reason="removed")
            right = row_digest(log=log, sequence=sequence, previous=self._previous, row=row)
            if seal.sequence != sequence or seal.digest != right or not _is_covered(covered.pop(sequence, None), right):
                return BrokenRow(log=log, row=str(seal.row_id), reason="changed")
            self._previous = right
        self._sequence = sequence
        return BrokenRow(log=log, row=str(sequence + 1), reason="removed") if covered else None


def _is_covered(end: LogEndRecord | None, digest: str) -> bool:
    return end is None or end.head == digest
