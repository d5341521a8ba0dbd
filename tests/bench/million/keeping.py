"""A PostgreSQL whose data stay in a folder: filled once, measured as often as somebody wants."""

import pickle
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from psycopg import sql

from hub.wiring import Hub
from storage.evidence_store import EvidenceStore
from tests.bench.million.copies import Told
from tests.bench.million.filling import name_of
from tests.bench.servers import DURABLE, Place
from tests.storage.postgres_server import make_cluster, start_on

# Nothing of a filling is worth keeping that was cut off.
HURRIED: Final[Mapping[str, str]] = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "3GB",
    "checkpoint_timeout": "30min",
    "shared_buffers": "512MB",
}
AS_ALWAYS: Final[Mapping[str, str]] = {**DURABLE, "track_io_timing": "on"}
_STORIES: Final = "stories.pickle"


@contextmanager
def kept(folder: Path, settings: Mapping[str, str]) -> Iterator[Place]:
    """The place in that folder, its server running with these settings; the data stay."""
    folder.mkdir(parents=True, exist_ok=True)
    cluster, homes = folder / "postgresql", folder / "homes"
    homes.mkdir(exist_ok=True)
    is_new = not (cluster / "data").exists()
    if is_new:
        make_cluster(cluster)
    server = start_on(cluster, settings)
    try:
        if is_new:
            for user in ("web", "work", "floor"):
                server.execute(sql.SQL("CREATE ROLE {} SUPERUSER LOGIN").format(sql.Identifier(user)))
        yield Place(kind="postgresql", folder=homes, server=server)
    finally:
        server.end()


def told_before(folder: Path, tell: Callable[[], list[Told]]) -> list[Told]:
    """The stories as they were told there; told now where nobody has."""
    file = folder / _STORIES
    if not file.exists():
        file.write_bytes(pickle.dumps(tell()))
    told: list[Told] = pickle.loads(file.read_bytes())
    return told


def is_whole(folder: Path, size: int) -> bool:
    """Whether that size was filled to its end there."""
    return (folder / f"whole-{size}").exists()


def note_whole(folder: Path, size: int) -> None:
    """That size is whole."""
    (folder / f"whole-{size}").touch()


def drop(where: Place, size: int) -> None:
    """Nothing is left of what was cut off."""
    assert where.server is not None
    where.server.drop_database(name_of(size))
    shutil.rmtree(where.folder / name_of(size), ignore_errors=True)


class StoriesStore:
    """The bytes of every copy are those of its story: they lie there once, under a name that is found in the copy's."""

    def __init__(self, store: EvidenceStore, names: Sequence[str]) -> None:
        self._store = store
        # Names are drawn, and no row has their time: a copy's has its number in the middle.
        self._name_of = {(each[:16], each[24:]): each for each in names}

    def read(self, name: str, key: bytes, size: int) -> Iterator[bytes]:
        """See `EvidenceStore`."""
        return self._store.read(self._name_of.get((name[:16], name[24:]), name), key, size)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)


def stories_store(hub: Hub, older_than: datetime) -> StoriesStore:
    """The store of a hub that copies were made in."""
    return StoriesStore(hub.store, list(hub.store.list_names(older_than)))
