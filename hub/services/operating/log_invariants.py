"""What holds of the log as a whole: its signed heads, and the two logs that are no negotiation's."""

from collections.abc import Iterator
from functools import partial
from typing import Final

from hub.services.log_heads import verifying
from hub.services.log_heads.heads_look import HeadsLook
from hub.services.log_heads.rows_look import BrokenRow, RowsLook
from hub.services.operating.breach import Breach, breaches_of
from hub.services.passes import Section
from hub.services.transaction import HubTransaction
from storage import row_seals
from storage.records import LogEndRecord, LogHeadRecord, RowSealRecord
from storage.spans import Span

Fault = tuple[str, str, str]
HEADS_TOGETHER: Final = 5
"""Each is over two thousand chains at the most."""
ROWS_TOGETHER: Final = 2000


def sections() -> list[Section[Breach]]:
    """All that has to hold, and goes on from where it was.

    Each head follows the one before and is over what is stored; no log that a head covers is gone; the access log and
    the audit hold what they held.
    """
    heads: Section[Breach] = Section(
        name="log/heads",
        key=(LogHeadRecord.number,),
        many=HEADS_TOGETHER,
        look=partial(_heads_hold, HeadsLook()),
    )
    gone: Section[Breach] = Section(
        name="log/chains", key=(LogEndRecord.position,), many=ROWS_TOGETHER, look=_chains_are_there
    )
    return [heads, gone, *(each for log in row_seals.LOGS for each in _of_rows(log))]


def _of_rows(log: str) -> list[Section[Breach]]:
    key, record = RowSealRecord.sequence, row_seals.record_of(log)
    return [
        Section(
            name=f"log/{log}",
            key=(key,),
            which=(RowSealRecord.log == log,),
            many=ROWS_TOGETHER,
            look=partial(_rows_hold, RowsLook(log)),
        ),
        Section(
            name=f"log/{log} put in", key=(record.id,), many=10 * ROWS_TOGETHER, look=partial(_none_was_put_in, log)
        ),
    ]


def _heads_hold(looking: HeadsLook, tx: HubTransaction, span: Span) -> Iterator[Breach]:
    knew = looking.has_other_nodes
    yield from breaches_of("the log", _head_faults(looking, tx, span))
    if looking.has_other_nodes and not knew:
        detail = "its nodes are not those over the ends that heads cover"
        yield Breach(invariant="log_heads", subject="the tree", detail=detail)


def _head_faults(looking: HeadsLook, tx: HubTransaction, span: Span) -> Iterator[Fault]:
    for broken in looking.look(tx, span):
        yield "log_heads", f"head {broken.number}", f"is broken ({broken.fault})"


def _chains_are_there(tx: HubTransaction, span: Span) -> Iterator[Breach]:
    gone = verifying.missing_chains(tx, span)
    return breaches_of("the log", (("log_heads", each, "a head covers its log, and it is gone") for each in gone))


def _rows_hold(looking: RowsLook, tx: HubTransaction, span: Span) -> Iterator[Breach]:
    return breaches_of("the log", map(_fault_of, looking.look(tx, span)))


def _none_was_put_in(log: str, tx: HubTransaction, span: Span) -> Iterator[Breach]:
    return breaches_of("the log", map(_fault_of, verifying.put_in_rows(tx, log, span)))


def _fault_of(row: BrokenRow) -> Fault:
    return "log_rows", f"{row.log} {row.row}", row.reason
