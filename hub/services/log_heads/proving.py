"""What proves, without the hub, that a negotiation's log is under signed heads: a part of its whole record."""

from collections.abc import Sequence
from functools import partial

from hub.domain import merkle
from hub.domain.plain import Plain
from hub.services.transaction import HubTransaction
from storage import log_heads
from storage.records import LogHeadRecord


def proof_of(tx: HubTransaction, negotiation_id: str, numbers: Sequence[int] = ()) -> Plain | None:
    """The proof as JSON data; None where no head covers the negotiation's chain yet.

    `ends` are proven to be in the tree of `head`, the newest; each of `earlier` to be the beginning of it: heads that
    first covered an end of the chain, and those of `numbers`.
    """
    newest, ends = log_heads.newest(tx), log_heads.list_ends(tx, negotiation_id)
    if newest is None or not ends:
        return None
    node_at = partial(log_heads.node_at, tx)
    first_over = {number for each in ends if (number := log_heads.first_over(tx, each.position)) is not None}
    wanted = sorted({*first_over, *numbers} - {newest.number})
    earlier = [record for number in wanted if (record := log_heads.find(tx, number)) is not None and record.size]
    return {
        "head": log_heads.head_of(newest).whole,
        "size": newest.size,
        "keys": tx.keyring.head_keys(),
        "ends": [
            {
                "length": each.length,
                "head": each.head,
                "index": each.position,
                "path": [node.hex() for node in merkle.inclusion_path(node_at, each.position, newest.size)],
            }
            for each in ends
        ],
        "earlier": [_earlier(node_at, each, newest) for each in earlier],
    }


def _earlier(node_at: merkle.NodeAt, record: LogHeadRecord, newest: LogHeadRecord) -> Plain:
    path = merkle.consistency_path(node_at, record.size, newest.size)
    return {"head": log_heads.head_of(record).whole, "size": record.size, "path": [node.hex() for node in path]}
