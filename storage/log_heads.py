"""Signed heads of the log and the tree under them: adding to it, and reading what proofs and checks need."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from hub.domain.log_heads import ChainEnd, Head
from hub.domain.merkle import Node
from hub.domain.plain import instant
from storage.communications import End, mac_of
from storage.log_tables import OF_NEGOTIATIONS, OF_REQUESTS, Log
from storage.records import (
    LogEndRecord,
    LogHeadRecord,
    LogNodeRecord,
    NegotiationRecord,
    Record,
    ServiceRequestRecord,
)
from storage.records.negotiations import UNCOVERED_SQL
from storage.spans import WHOLE, Span
from storage.transaction import Transaction

# A number that no other advisory lock of the hub has.
_SEALER = 7003
_TOGETHER = 500
_NEGOTIATION = Record.metadata.tables["negotiation"]
# What has a chain of its own, and where its entries lie.
_CHAINED: tuple[tuple[Any, Log], ...] = ((NegotiationRecord, OF_NEGOTIATIONS), (ServiceRequestRecord, OF_REQUESTS))
# By what the index finds the chains that may be longer than what heads cover; in its words, as SQLite wants it.
_UNNOTED = sa.text(UNCOVERED_SQL)
_LOT = 5000


def _lots(tx: Transaction, table: Any) -> Iterator[Sequence[tuple[Any, int]]]:
    """The chains that are not noted to be covered, by their ids, each with how many entries heads cover.

    Joined here: PostgreSQL takes a third of all rows for what the index holds, and would read all leaves there are.
    """
    after = ""
    columns = (table.id, table.bank_code, table.log_length, table.log_head, table.updated_at)
    while True:
        query = sa.select(*columns).where(_UNNOTED, table.id > after).order_by(table.id).limit(_LOT)
        rows = tx.session.execute(query).all()
        covered = lengths_of(tx, [each.id for each in rows])
        yield [(each, covered.get(each.id, 0)) for each in rows]
        if len(rows) < _LOT:
            return
        after = rows[-1].id


def _some_at_a_time(names: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(names), _TOGETHER):
        yield names[start : start + _TOGETHER]


def lock(tx: Transaction) -> None:
    """Nobody else adds to the tree until the transaction ends. On SQLite a writer holds the only lock there is."""
    if tx.session.get_bind().dialect.name == "postgresql":
        tx.session.execute(sa.select(sa.func.pg_advisory_xact_lock(_SEALER)))


def newest(tx: Transaction) -> LogHeadRecord | None:
    """The last head that was signed."""
    return tx.session.scalar(sa.select(LogHeadRecord).order_by(LogHeadRecord.number.desc()).limit(1))


def find(tx: Transaction, number: int) -> LogHeadRecord | None:
    """The head of that number."""
    return tx.session.get(LogHeadRecord, number)


def list_heads(tx: Transaction, *, after: int = 0, limit: int | None = None) -> list[LogHeadRecord]:
    """Heads behind that number, in their order."""
    query = sa.select(LogHeadRecord).where(LogHeadRecord.number > after).order_by(LogHeadRecord.number)
    return list(tx.session.scalars(query.limit(limit)))


def head_of(record: LogHeadRecord) -> Head:
    """The head as it is given out; raises `InvalidValue` for a row that somebody bent."""
    return Head(
        number=record.number,
        at=instant(record.at),
        entries=record.entries,
        root=record.root,
        previous=record.previous,
        key_id=record.key_id,
        signature=record.signature,
    )


def chain_end(record: LogEndRecord) -> ChainEnd:
    """The leaf as a value."""
    return ChainEnd(chain=record.chain, length=record.length, head=record.head)


def add_head(tx: Transaction, head: Head, *, size: int) -> None:
    """The head stands for ever; its root is over the first `size` leaves."""
    row = {**head.whole, "at": tx.now.replace(microsecond=0), "size": size}
    tx.session.execute(sa.insert(LogHeadRecord), [row])


def add_leaves(tx: Transaction, ends: Sequence[ChainEnd], nodes: Iterable[Node], *, start: int) -> None:
    """The ends are the leaves from `start` on, and the nodes that are whole with them are kept."""
    rows = [
        {"position": place, "chain": end.chain, "length": end.length, "head": end.head}
        for place, end in enumerate(ends, start=start)
    ]
    if rows:
        tx.session.execute(sa.insert(LogEndRecord), rows)
        made = [{"level": node.level, "position": node.position, "hash": node.hash} for node in nodes]
        tx.session.execute(sa.insert(LogNodeRecord), made)


def node_at(tx: Transaction, level: int, position: int) -> bytes:
    """That node of the tree."""
    return tx.session.get_one(LogNodeRecord, (level, position)).hash


def nodes_over(tx: Transaction, start: int, size: int) -> dict[tuple[int, int], bytes]:
    """The nodes that are kept of those that became whole when the tree grew from `start` leaves to `size`."""
    table = LogNodeRecord
    grown = [
        sa.and_(table.level == level, table.position >= start >> level, table.position < size >> level)
        for level in range(size.bit_length())
        if start >> level < size >> level
    ]
    if not grown:
        return {}
    rows = tx.session.execute(sa.select(table.level, table.position, table.hash).where(sa.or_(*grown)))
    return {(level, position): hashed for level, position, hashed in rows}


def is_any_node_beyond(tx: Transaction, size: int) -> bool:
    """Whether a node is kept that is not over the first `size` leaves."""
    table = LogNodeRecord
    levels = size.bit_length()
    beyond = [sa.and_(table.level == level, table.position >= size >> level) for level in range(levels)]
    query = sa.select(table.level).where(sa.or_(table.level >= levels, *beyond)).limit(1)
    return tx.session.scalar(query) is not None


def list_uncovered(tx: Transaction, *, limit: int) -> list[End]:
    """Where chains of negotiations and of requests end that no head covers as they stand, by their ids."""
    found = (
        End(negotiation_id=each.id, bank_code=each.bank_code, length=each.log_length, head=each.log_head, log=log)
        for table, log in _CHAINED
        for lot in _lots(tx, table)
        for each, covered in lot
        if covered < each.log_length
    )
    return list(islice(found, limit))


def uncovered_since(tx: Transaction) -> datetime | None:
    """When the oldest end that no head covers was written; None where heads cover every chain."""
    written = (
        each.updated_at
        for table, _ in _CHAINED
        for lot in _lots(tx, table)
        for each, covered in lot
        if covered < each.log_length
    )
    return min(written, default=None)


def is_any_to_note(tx: Transaction) -> bool:
    """Whether `note_covered` would find a chain."""
    return any(_to_note(tx, table, 1) for table, _ in _CHAINED)


def note_covered(tx: Transaction, *, limit: int) -> int:
    """Chains that heads cover as they stand are found by no question for those they do not; gives how many.

    `limit` of each table at most. A row that somebody else is at is left to the next time: nobody waits for it, and
    what it says is only where to look.
    """
    noted = 0
    for table, _ in _CHAINED:
        covered = _to_note(tx, table, limit)
        free: list[str] = []
        for some in _some_at_a_time(list(covered)):
            query = sa.select(table.id).where(table.id.in_(some)).order_by(table.id)
            free += tx.session.scalars(query.with_for_update(skip_locked=True))
        if free:
            rows = Record.metadata.tables[table.__tablename__]
            noting = sa.update(rows).where(rows.c.id == sa.bindparam("of")).values(log_covered=sa.bindparam("upto"))
            tx.session.connection().execute(noting, [{"of": each, "upto": covered[each]} for each in free])
        noted += len(free)
    return noted


def _to_note(tx: Transaction, table: Any, limit: int) -> dict[str, int]:
    """How long the chains are that heads cover as they stand and of which that is not noted."""
    found = ((each.id, covered) for lot in _lots(tx, table) for each, covered in lot if covered == each.log_length)
    return dict(islice(found, limit))


def sign_ends_of_before(tx: Transaction, ends: Sequence[End]) -> None:
    """Rows of before ends were signed have theirs signed, where they still stand there."""
    table = _NEGOTIATION
    unsigned = {
        id_
        for some in _some_at_a_time([each.negotiation_id for each in ends])
        for id_ in tx.session.scalars(sa.select(table.c.id).where(table.c.id.in_(some), table.c.log_mac.is_(None)))
    }
    rows = [
        {"of": each.negotiation_id, "ended": each.length, "mac": mac_of(tx, each)}
        for each in ends
        if each.negotiation_id in unsigned
    ]
    if rows:
        statement = (
            sa.update(table)
            .where(table.c.id == sa.bindparam("of"), table.c.log_length == sa.bindparam("ended"))
            .values(log_mac=sa.bindparam("mac"))
        )
        tx.session.connection().execute(statement, rows)


def lengths_of(tx: Transaction, chains: Sequence[str]) -> Mapping[str, int]:
    """How many entries of each of these chains the heads cover so far; one that is not there has none."""
    found: dict[str, int] = {}
    for some in _some_at_a_time(chains):
        query = sa.select(LogEndRecord.chain, sa.func.max(LogEndRecord.length))
        rows = tx.session.execute(query.where(LogEndRecord.chain.in_(some)).group_by(LogEndRecord.chain))
        found.update((chain, length) for chain, length in rows)
    return found


def list_heads_of(tx: Transaction, span: Span) -> list[LogHeadRecord]:
    """The heads whose numbers are in the span, in their order."""
    query = sa.select(LogHeadRecord).where(*span.of(LogHeadRecord.number)).order_by(LogHeadRecord.number)
    return list(tx.session.scalars(query))


def list_leaves(tx: Transaction, start: int, upto: int) -> Iterator[tuple[LogEndRecord, int]]:
    """The leaves from `start` to before `upto` that are there, each with the entries that it has more than before."""
    leaf, earlier = LogEndRecord, aliased(LogEndRecord)
    before = (
        sa.select(sa.func.coalesce(sa.func.max(earlier.length), 0))
        .where(earlier.chain == leaf.chain, earlier.length < leaf.length)
        .scalar_subquery()
    )
    query = sa.select(leaf, leaf.length - before).where(leaf.position >= start, leaf.position < upto)
    # Whoever stops at a leaf that is missing leaves no open cursor behind.
    with tx.session.execute(query.order_by(leaf.position).execution_options(yield_per=1000)) as leaves:
        yield from ((record, entries) for record, entries in leaves)


def is_any_leaf_from(tx: Transaction, position: int) -> bool:
    """Whether there is a leaf at that position or behind it."""
    query = sa.select(LogEndRecord.position).where(LogEndRecord.position >= position).limit(1)
    return tx.session.scalar(query) is not None


def list_ends(tx: Transaction, chain: str, span: Span = WHOLE) -> list[LogEndRecord]:
    """The ends of one chain that heads cover, in their order; of those whose lengths are in `span`."""
    mine = (LogEndRecord.chain == chain, *span.of(LogEndRecord.length))
    return list(tx.session.scalars(sa.select(LogEndRecord).where(*mine).order_by(LogEndRecord.length)))


def first_over(tx: Transaction, position: int) -> int | None:
    """The number of the first head over the leaf at that position."""
    query = sa.select(LogHeadRecord.number).where(LogHeadRecord.size > position).order_by(LogHeadRecord.number)
    return tx.session.scalar(query.limit(1))


def list_chains_gone(tx: Transaction, *, but: Sequence[str], span: Span = WHOLE) -> list[str]:
    """The names of covered chains, others than `but`, of which neither negotiation nor request is there.

    Of the chains whose first leaves are at places in `span`.
    """
    leaf, earlier = LogEndRecord, aliased(LogEndRecord)
    is_later = sa.exists().where(earlier.chain == leaf.chain, earlier.length < leaf.length)
    gone = [~sa.exists().where(table.id == leaf.chain) for table, _ in _CHAINED]
    query = sa.select(leaf.chain).where(*gone, leaf.chain.not_in(but), ~is_later, *span.of(leaf.position))
    return list(tx.session.scalars(query.order_by(leaf.chain)))
