"""Heads over the copies: every chain's end half way and at its end, as hours of years would have covered them."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any, Final

import psycopg

from hub.domain import log_heads as rules
from hub.domain.actor import HUB
from hub.domain.log_chain import NO_PREVIOUS, utc_instant
from hub.domain.log_heads import ACCESSES, ChainEnd, Head, row_digest
from hub.domain.merkle import Growing
from hub.services.log_heads import signing
from hub.wiring import Hub
from storage.sealing import Keyring
from tests.bench.million.copies import LEAF
from tests.bench.million.reading import copied

# Of so many chains a head; no hour of a small hub has more.
_TOGETHER: Final = 100
_LOT: Final = 20_000


def sign(hub: Hub, address: str, leaves: Path) -> None:
    """Heads cover every chain, the access log too, the last as of now; the files of leaves are gone."""
    now = hub.clock.now().replace(microsecond=0)
    with psycopg.connect(address) as connection:
        accesses = _place_accesses(connection)
        ends = _ends(leaves)
        lots = list(iter(lambda: list(islice(ends, _TOGETHER)), []))
        if accesses is not None:
            lots.append([accesses])
        signed = _Signed(connection, hub.keyring)
        for place, lot in enumerate(lots, start=1):
            signed.add(sorted(lot, key=lambda each: each.chain), now - timedelta(hours=1) * (len(lots) - place))
        signed.write()
    for file in leaves.iterdir():
        file.unlink()
    # What was there before the copies: the audit.
    with hub.writing(HUB) as tx:
        signing.sign(tx)


def _ends(leaves: Path) -> Iterator[ChainEnd]:
    for file in sorted(leaves.iterdir()):
        for chain, length, digest in LEAF.iter_unpack(file.read_bytes()):
            yield ChainEnd(chain=chain.decode(), length=length, head=digest.decode())


class _Signed:
    """The tree and its heads as they grow, and the rows that are still to be written."""

    def __init__(self, connection: psycopg.Connection[Any], keyring: Keyring) -> None:
        self._connection, self._keyring = connection, keyring
        self._tree, self._entries, self._lengths = Growing(), 0, dict[str, int]()
        self._last: Head | None = None
        self._rows: dict[str, list[Sequence[object]]] = {"log_end": [], "log_node": [], "log_head": []}

    def add(self, ends: Sequence[ChainEnd], at: datetime) -> None:
        """The next head is over these ends too."""
        for end in ends:
            self._rows["log_end"].append((self._tree.size, end.chain, end.length, end.head))
            self._rows["log_node"] += [(node.level, node.position, node.hash) for node in self._tree.append(end.leaf)]
            # A chain has two ends here at most.
            self._entries += end.length - self._lengths.pop(end.chain, 0)
            self._lengths[end.chain] = end.length
        made = rules.unsigned(
            number=1 if self._last is None else self._last.number + 1,
            at=at,
            entries=self._entries,
            root=self._tree.root,
            previous=NO_PREVIOUS if self._last is None else self._last.digest,
            key_id=self._keyring.head_key_id,
        )
        self._last = Head(**made.plain, signature=self._keyring.sign_head(made.signed_bytes))
        whole = self._last.whole
        names = ("entries", "size", "root", "previous", "key_id", "signature")
        row = {**whole, "size": self._tree.size}
        self._rows["log_head"].append((self._last.number, at, *(row[name] for name in names)))
        if len(self._rows["log_end"]) >= _LOT:
            self.write()

    def write(self) -> None:
        """All so far stands in the database."""
        for table, rows in self._rows.items():
            _copy(self._connection, table, rows)
            rows.clear()
        self._connection.commit()


def _copy(connection: psycopg.Connection[Any], table: str, rows: Sequence[Sequence[object]]) -> None:
    with connection.cursor().copy(f"COPY {table} FROM STDIN") as copy:
        copy.write("".join("\t".join(map(copied, row)) + "\n" for row in rows))


def _place_accesses(connection: psycopg.Connection[Any]) -> ChainEnd | None:
    """Every reading has its place in the chain of readings; gives the chain's end."""
    names = ("id", "at", "bank_code", "negotiation_id", "actor", "what")
    sequence, digest = 0, NO_PREVIOUS
    with connection.cursor("accesses") as cursor:
        cursor.itersize = _LOT
        cursor.execute(f"SELECT {', '.join(names)} FROM access_entry ORDER BY id")
        while lot := cursor.fetchmany(_LOT):
            rows = []
            for found in lot:
                row = dict(zip(names, found, strict=True))
                sequence += 1
                said = {**row, "at": utc_instant(row["at"])}
                digest = row_digest(log=ACCESSES, sequence=sequence, previous=digest, row=said)
                rows.append((ACCESSES, sequence, row["id"], digest))
            _copy(connection, "row_seal", rows)
    return ChainEnd(chain=ACCESSES, length=sequence, head=digest) if sequence else None
