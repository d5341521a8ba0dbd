"""Signing heads over all chains of the log: each hour in which something was written, and each day anyway.

One head covers each negotiation's chain, the access log and the audit, as far as they are committed by then.
"""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial

from hub.domain import log_heads as rules
from hub.domain.actor import HUB
from hub.domain.log_chain import NO_PREVIOUS
from hub.domain.log_heads import ChainEnd, Head
from hub.domain.merkle import Growing, Node
from hub.services.negotiations.entries import spoken_time
from hub.services.operating import operator_tasks
from hub.services.transaction import HubTransaction, Transactions
from storage import log_heads, row_seals
from storage.records import LogHeadRecord

# So much is covered by one head; where more waits, the next follows at once. It bounds how long others wait to write.
MOST_CHAINS = 2_000
MOST_ROWS = 5_000
# A case's row is locked while it is noted, so few together.
_NOTED_TOGETHER = 500
_NOTED_A_TIME = 50_000
EVERY = timedelta(hours=1)
ANYWAY = timedelta(days=1)
LATE_AFTER = timedelta(hours=3)


def sign_due(transactions: Transactions) -> int:
    """Everything that is written is under a head, where one is due by the hub's clock; gives how many were signed."""
    with transactions.reading(HUB) as tx:
        if not _is_due(tx):
            return 0
    return sign_all(transactions)


def sign_all(transactions: Transactions) -> int:
    """Everything that is written is under a head, signed now where something was not; gives how many were signed."""
    signed = 0
    while True:
        with transactions.writing(HUB) as tx:
            head, is_more = sign(tx)
        signed += head is not None
        if not is_more:
            return signed


def note_covered(transactions: Transactions) -> int:
    """What heads cover is no more asked for among what waits for one; gives how many chains were noted.

    So many a time that the chains of before there was such a note are done within days.
    """
    noted = 0
    with transactions.reading(HUB) as tx:
        if not log_heads.is_any_to_note(tx):
            return 0
    for _ in range(_NOTED_A_TIME // _NOTED_TOGETHER):
        with transactions.writing(HUB) as tx:
            found = log_heads.note_covered(tx, limit=_NOTED_TOGETHER)
        noted += found
        if found < _NOTED_TOGETHER:
            break
    return noted


def _is_due(tx: HubTransaction) -> bool:
    last = log_heads.newest(tx)
    # Where the clock was set back, as for a demo, the last head lies ahead.
    return last is None or abs(tx.now - last.at) >= EVERY


def sign(tx: HubTransaction) -> tuple[Head | None, bool]:
    """A head over what has been written, and whether more waits for a further one.

    None where nothing was written since the last one, which is not a day old.
    """
    log_heads.lock(tx)
    last = log_heads.newest(tx)
    negotiations = log_heads.list_uncovered(tx, limit=MOST_CHAINS)
    ends = [ChainEnd(chain=each.negotiation_id, length=each.length, head=each.head) for each in negotiations]
    is_more = len(ends) == MOST_CHAINS
    for log in row_seals.LOGS:
        end, rows = row_seals.seal(tx, log, limit=MOST_ROWS)
        ends += [] if end is None else [end]
        is_more |= rows == MOST_ROWS
    if not ends and last is not None and abs(tx.now - last.at) < ANYWAY:
        return None, False
    log_heads.sign_ends_of_before(tx, negotiations)
    return _signed(tx, last, sorted(ends, key=lambda each: each.chain)), is_more


def _signed(tx: HubTransaction, last: LogHeadRecord | None, ends: Sequence[ChainEnd]) -> Head:
    size, entries = (0, 0) if last is None else (last.size, last.entries)
    before = log_heads.lengths_of(tx, [each.chain for each in ends])
    tree = Growing(size, partial(log_heads.node_at, tx) if size else None)
    nodes: list[Node] = []
    for end in ends:
        nodes += tree.append(end.leaf)
        entries += end.length - before.get(end.chain, 0)
    log_heads.add_leaves(tx, ends, nodes, start=size)
    made = rules.unsigned(
        number=1 if last is None else last.number + 1,
        at=tx.now,
        entries=entries,
        root=tree.root,
        previous=NO_PREVIOUS if last is None else log_heads.head_of(last).digest,
        key_id=tx.keyring.head_key_id,
    )
    head = Head(**made.plain, signature=tx.keyring.sign_head(made.signed_bytes))
    log_heads.add_head(tx, head, size=tree.size)
    return head


def newest(tx: HubTransaction) -> Head | None:
    """The last head that was signed."""
    record = log_heads.newest(tx)
    return None if record is None else log_heads.head_of(record)


def look(transactions: Transactions) -> None:
    """Operators have a task where heads are not signed in time."""
    with transactions.reading(HUB) as tx:
        since = log_heads.uncovered_since(tx)
        if since is None or tx.now - since < LATE_AFTER:
            return
    with transactions.writing(HUB) as tx:
        operator_tasks.log_unsigned(tx, since=spoken_time(since))


def list_page(tx: HubTransaction, *, after: int, limit: int) -> tuple[list[Head], bool]:
    """Heads behind that number, at most `limit`, and whether there are more."""
    found = log_heads.list_heads(tx, after=after, limit=limit + 1)
    return [log_heads.head_of(each) for each in found[:limit]], len(found) > limit
