"""Bodies to write into an evidence store, and the short ways to write and list."""

import secrets
from datetime import UTC, datetime

from storage.evidence_store import EvidenceStore

KEY = bytes(range(32))
MIB = 1024 * 1024
LIMIT = 10 * MIB
LONG_AFTER = datetime(2100, 1, 1, tzinfo=UTC)


class Body:
    """A request's body that counts what is read of it; `most` bytes come at a time."""

    def __init__(self, content: bytes, most: int = LIMIT) -> None:
        self._rest = memoryview(content)
        self._most = most

    def read(self, wanted: int) -> bytes:
        piece = bytes(self._rest[: min(wanted, self._most)])
        self._rest = self._rest[len(piece) :]
        return piece

    @property
    def left(self) -> int:
        return len(self._rest)


def new_name() -> str:
    return secrets.token_hex(16)


def put(store: EvidenceStore, content: bytes, name: str | None = None) -> str:
    name = name or new_name()
    store.write(name, KEY, Body(content).read, length=len(content), limit=LIMIT)
    return name


def names_of(store: EvidenceStore) -> set[str]:
    return set(store.list_names(LONG_AFTER))
