"""The log as a whole in sections of a pass: its signed heads, whether chains are gone, and the two logs beside."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Final

from hub.domain.log_heads import BrokenHead
from hub.services.log_heads.heads_look import HeadsLook
from hub.services.log_heads.rows_look import BrokenRow, RowsLook
from hub.services.passes import Section
from hub.services.transaction import HubTransaction
from storage import log_heads, row_seals
from storage.records import LogEndRecord, LogHeadRecord, RowSealRecord
from storage.spans import Span

HEADS_TOGETHER: Final = 5
"""Each is over two thousand chains at the most."""
ROWS_TOGETHER: Final = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class GoneChain:
    """A log that a head covers and that is not there any more."""

    chain: str


LogFault = BrokenHead | GoneChain | BrokenRow


def sections(looking: HeadsLook | None = None) -> list[Section[LogFault]]:
    """All that has to hold, the heads first; `looking` is who looks along them.

    Each head follows the one before and is over what is stored; no log that a head covers is gone; the access log and
    the audit hold what they held.
    """
    heads = HeadsLook() if looking is None else looking
    return [
        Section(name="heads", key=(LogHeadRecord.number,), many=HEADS_TOGETHER, look=heads.look),
        Section(name="chains gone", key=(LogEndRecord.position,), many=ROWS_TOGETHER, look=_gone),
        *(each for log in row_seals.LOGS for each in _of_rows(log)),
    ]


def _gone(tx: HubTransaction, span: Span) -> Iterator[LogFault]:
    # Each is found with its first leaf.
    return (GoneChain(chain=each) for each in log_heads.list_chains_gone(tx, but=row_seals.LOGS, span=span))


def _of_rows(log: str) -> list[Section[LogFault]]:
    row = row_seals.record_of(log).id
    return [
        Section(
            name=log,
            key=(RowSealRecord.sequence,),
            which=(RowSealRecord.log == log,),
            many=ROWS_TOGETHER,
            look=RowsLook(log).look,
        ),
        Section(name=f"{log} put in", key=(row,), many=10 * ROWS_TOGETHER, look=partial(_put_in, log)),
    ]


def _put_in(log: str, tx: HubTransaction, span: Span) -> Iterator[LogFault]:
    put_in = row_seals.find_put_in(tx, log, span)
    if put_in is not None:
        yield BrokenRow(log=log, row=put_in, reason="put in afterwards")
