"""The evidence store: sealed files under random names, in a folder of this host or in S3 (`s3_store`).

What a stored file looks like inside is `storage.sealed_file`'s; which file belongs to what, the records'.
"""

import contextlib
import os
import re
import secrets
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Protocol

from hub.domain.errors import EvidenceDamaged, HubError, StoreFull, Unusable
from hub.steps import reached
from storage.sealed_file import Read, Sealing, StoredFile, open_chunks, sealed_pieces, sealed_size

PARTS: Final = 256
"""Into so many parts of about one size a store divides what it keeps, so that nobody has to list all of it at once."""
_NAME: Final = re.compile(r"[0-9a-f]{32,64}")


class EvidenceStore(Protocol):
    """A place that keeps sealed files under names the caller draws: 32 to 64 random lower-case hex digits.

    What is stored is never written over.
    """

    def write(
        self, name: str, key: bytes, read: Read, *, length: int | None, limit: int, is_original: bool = False
    ) -> StoredFile:
        """The file is stored whole and durably, or not at all.

        `key`: 32 random bytes of this file alone. `name`: never used before. `read(n)` may give fewer than n
        bytes, b"" at the end. `length`: the bytes announced, past which nothing is read. An original is locked where
        the store has been told to. Raises TooLarge, Malformed `body_cut`, StoreFull, FileExistsError for a name in
        use, and whatever `read` raises.
        """

    def read(self, name: str, key: bytes, size: int) -> Iterator[bytes]:
        """The clear file in pieces of at most 1 MiB, each authenticated before it is given out.

        `size` is that of the clear file. Raises, with the first piece or later, EvidenceDamaged where bytes
        are missing, cut or changed, and StoreFull where the store does not answer.
        """

    def open_sealed(self, name: str, size: int) -> contextlib.AbstractContextManager[Read]:
        """The stored bytes as they lie: `read(n)` gives n of them unless they end.

        `size` is that of the clear file. Raises as `read`.
        """

    def write_sealed(self, name: str, read: Read, size: int, *, is_original: bool = False) -> None:
        """The stored file of another store is in this one, under the name it has there; durably, or not at all.

        `size` is that of the clear file. Raises EvidenceDamaged where `read` gives another length, StoreFull,
        FileExistsError.
        """

    def delete(self, name: str) -> None:
        """Nothing is found under the name any more, whether or not something was. Raises StoreFull.

        Bytes that a lock holds stay in the store, and are listed again once the lock is over.
        """

    def list_names(self, older_than: datetime, *, part: int | None = None) -> Iterator[str]:
        """The names last written before an instant, also those of files that were never finished.

        Of one of the `PARTS` into which the store divides what it keeps, numbered from 0, or of all.
        """

    def check(self) -> None:
        """A file could be written, read and deleted just now; raises Unusable."""

    def free_bytes(self) -> int | None:
        """How much room there is; None where nobody can tell, or the store is not there just now."""


def require_name(name: str) -> str:
    """The name, once it cannot lead out of the store. Raises ValueError: names are never a user's."""
    if not _NAME.fullmatch(name):
        raise ValueError("a stored file's name has 32 to 64 lower-case hex digits")
    return name


def require_round_trip(store: EvidenceStore) -> None:
    """A small file was written, read back and deleted; raises Unusable."""
    name, key, text = secrets.token_hex(16), secrets.token_bytes(32), b"may be deleted"
    parts = iter((text, b""))
    try:
        stored = store.write(name, key, lambda _: next(parts), length=None, limit=len(text))
        came_back = b"".join(store.read(name, key, stored.size))
        store.delete(name)
    except HubError as error:
        raise Unusable(f"The evidence store of HUB_EVIDENCE_URL cannot be used: {error}") from error
    if came_back != text:
        raise Unusable("The evidence store of HUB_EVIDENCE_URL gave back other bytes than were written.")


class FolderStore:
    """Files in a folder of this host, readable by the hub's account alone."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def write(
        self,
        name: str,
        key: bytes,
        read: Read,
        *,
        length: int | None,
        limit: int,
        is_original: bool = False,  # noqa: ARG002 - a folder has no lock; each file is write-once
    ) -> StoredFile:
        """See EvidenceStore."""
        sealing = Sealing(name=name, key=key, read=read, length=length, limit=limit)
        self._write(name, iter(sealing))
        return sealing.stored()

    def _write(self, name: str, pieces: Iterator[bytes]) -> None:
        path = self._path_of(name)
        # The header is drawn before anything is made, so that a refused length leaves no trace.
        header = next(pieces)
        with _disk_errors_as_full():
            self._make_folder(path.parent)
            # Written under its final name: nobody knows it before its row is committed, and a rename costs a
            # second commit of the disk's journal.
            descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o400)
        try:
            _write_all(descriptor, header)
            for piece in pieces:
                _write_all(descriptor, piece)
            reached("store.written")
            with _disk_errors_as_full():
                os.fsync(descriptor)
                reached("store.synced")
                sync_folder(path.parent)
                reached("store.kept")
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        finally:
            os.close(descriptor)

    def read(self, name: str, key: bytes, size: int) -> Iterator[bytes]:
        """See EvidenceStore."""
        with self.open_sealed(name, size) as read:
            yield from open_chunks(read, name=name, key=key, size=size)

    @contextlib.contextmanager
    def open_sealed(self, name: str, size: int) -> Iterator[Read]:
        """See EvidenceStore."""
        with _disk_errors_as_damage(name):
            file = self._path_of(name).open("rb", buffering=0)
        with file:
            if os.fstat(file.fileno()).st_size != sealed_size(size):
                raise EvidenceDamaged(f"{name}: another length than was stored")

            # What goes wrong where the bytes go is not this file's.
            def read(wanted: int) -> bytes:
                with _disk_errors_as_damage(name):
                    return file.read(wanted)

            yield read

    def write_sealed(self, name: str, read: Read, size: int, *, is_original: bool = False) -> None:  # noqa: ARG002
        """See EvidenceStore."""
        self._write(name, sealed_pieces(read, name=name, size=size))

    def delete(self, name: str) -> None:
        """See EvidenceStore."""
        with _disk_errors_as_full():
            self._path_of(name).unlink(missing_ok=True)

    def list_names(self, older_than: datetime, *, part: int | None = None) -> Iterator[str]:
        """See EvidenceStore."""
        for path in self._path.glob("??/*" if part is None else f"{part:02x}/*"):
            # A file may go between being seen and being asked.
            with contextlib.suppress(FileNotFoundError):
                written_at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
                if written_at < older_than and _NAME.fullmatch(path.name):
                    yield path.name

    def check(self) -> None:
        """See EvidenceStore. A folder that others may enter is unusable too."""
        require_round_trip(self)
        if self._path.stat().st_mode & 0o077:
            raise Unusable(f"Others than the hub may enter the evidence folder: chmod 700 {self._path}")

    def free_bytes(self) -> int | None:
        """See EvidenceStore."""
        try:
            return shutil.disk_usage(self._path).free
        except OSError:
            return None

    def _path_of(self, name: str) -> Path:
        # The last digits fan out: names that begin with a time would share their first ones for years.
        return self._path / require_name(name)[-2:] / name

    def _make_folder(self, folder: Path) -> None:
        if folder.is_dir():
            return
        try:
            self._path.mkdir(mode=0o700, parents=True, exist_ok=True)
            folder.mkdir(mode=0o700, exist_ok=True)
        except FileExistsError as error:
            # No name of a stored file is in use: a file is in the way, or a link leads to a disk that is not there.
            raise StoreFull(error.strerror) from error
        sync_folder(self._path)


@contextlib.contextmanager
def _disk_errors_as_full() -> Iterator[None]:
    """No room, no quota, read-only or broken: StoreFull. A name in use stays FileExistsError."""
    try:
        yield
    except FileExistsError:
        raise
    except OSError as error:
        raise StoreFull(error.strerror) from error


@contextlib.contextmanager
def _disk_errors_as_damage(name: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise EvidenceDamaged(f"{name}: {error.strerror}") from error


def _write_all(descriptor: int, piece: bytes) -> None:
    rest = memoryview(piece)
    with _disk_errors_as_full():
        while rest:
            rest = rest[os.write(descriptor, rest) :]


def sync_folder(folder: Path) -> None:
    """The names in the folder are on the disk."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
