"""Verifying the whole log as a pass, which may go on where it was: chains, heads, and the two logs beside."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from hub.domain.log_chain import Broken
from hub.domain.log_heads import BrokenHead, Head, PrintedHead
from hub.services.documents.records import verify_log, verify_named
from hub.services.log_heads import verifying
from hub.services.log_heads.heads_look import HeadsLook
from hub.services.log_heads.rows_look import BrokenRow, RowsLook
from hub.services.passes import Section
from hub.services.transaction import HubTransaction
from storage import communications, row_seals
from storage.records import LogEndRecord, LogHeadRecord, NegotiationRecord, RowSealRecord
from storage.spans import Span

_CHAINS_TOGETHER: Final = 200
_HEADS_TOGETHER: Final = 5
_ROWS_TOGETHER: Final = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifiedChain:
    """The log of a negotiation, and its first entry that does not hold."""

    reference: str
    broken: Broken | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GoneChain:
    """A log that a head covers and that is not there any more."""

    chain: str


Verified = VerifiedChain | BrokenHead | GoneChain | BrokenRow
"""What verifying finds, and each negotiation that it looked at."""


def verified(tx: HubTransaction, id_or_reference: str) -> VerifiedChain:
    """The negotiation of that id or reference; raises `NotFound`."""
    reference, broken = verify_named(tx, id_or_reference)
    return VerifiedChain(reference=reference, broken=broken)


def sections(kept: Sequence[Head], printed: Sequence[PrintedHead]) -> list[Section[Verified]]:
    """The whole pass; `kept` and `printed` are heads from outside."""
    return [
        Section(name="chains", key=(NegotiationRecord.id,), many=_CHAINS_TOGETHER, look=_chains),
        *sections_beside(kept, printed),
    ]


def sections_beside(kept: Sequence[Head], printed: Sequence[PrintedHead]) -> list[Section[Verified]]:
    """All but the chains of negotiations."""

    def outside(tx: HubTransaction, _span: Span) -> Iterator[Verified]:
        return verifying.broken_outside(tx, kept, printed)

    return [
        Section(name="heads", key=(LogHeadRecord.number,), many=_HEADS_TOGETHER, look=HeadsLook().look),
        Section(name="heads from outside", look=outside),
        Section(name="chains gone", key=(LogEndRecord.position,), many=_ROWS_TOGETHER, look=_gone),
        *(each for log in row_seals.LOGS for each in _rows(log)),
    ]


def _chains(tx: HubTransaction, span: Span) -> Iterator[Verified]:
    for each in communications.iterate_negotiations(tx, span):
        yield VerifiedChain(reference=each.reference, broken=verify_log(tx, each.id))


def _gone(tx: HubTransaction, span: Span) -> Iterator[Verified]:
    return (GoneChain(chain=each) for each in verifying.missing_chains(tx, span))


def _rows(log: str) -> list[Section[Verified]]:
    record = row_seals.record_of(log)
    return [
        Section(
            name=log,
            key=(RowSealRecord.sequence,),
            which=(RowSealRecord.log == log,),
            many=_ROWS_TOGETHER,
            look=RowsLook(log).look,
        ),
        Section(
            name=f"{log} put in",
            key=(record.id,),
            many=10 * _ROWS_TOGETHER,
            look=partial(_put_in, log),
        ),
    ]


def _put_in(log: str, tx: HubTransaction, span: Span) -> Iterator[Verified]:
    return verifying.put_in_rows(tx, log, span)
