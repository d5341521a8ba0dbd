"""The folder of a backup: how its files lie, and how they are written so that nothing half ever looks whole.

    manifest.json            what it is, signed with the hub's keys; written last
    rows-<moment>/           a file of lines a table, and `objects.gz`: each stored file with digest and length
    objects/<xx>/<name>      the stored files, sealed as they lie in the evidence store
    unfinished               there while a backup is made, and after one that was broken off

A further backup into the same folder adds the files that are new, puts its manifest in the place of the old one, and
then takes away what only the old one named. Until then the old one is whole.
"""

import contextlib
import fcntl
import gzip
import hashlib
import io
import json
import os
import secrets
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO, Final

from hub.domain.backup import FileDigest
from hub.domain.errors import Unusable
from storage.evidence_store import require_name, sync_folder
from storage.own_secret import for_the_owner_alone

MANIFEST: Final = "manifest.json"
OBJECTS: Final = "objects"
UNFINISHED: Final = "unfinished"
_LOCK: Final = "lock"
_OWN: Final = frozenset({MANIFEST, OBJECTS, UNFINISHED, _LOCK})
_ROWS: Final = "rows-"
_PART: Final = ".part"
_PIECE: Final = 1024 * 1024


class Digesting:
    """A file that is written or read, with the length and the digest of what went through."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._digest = hashlib.sha256()
        self._size = 0

    def write(self, data: bytes) -> int:
        """All of `data` is written."""
        self._file.write(data)
        self._count(data)
        return len(data)

    def read(self, wanted: int = -1) -> bytes:
        """The next bytes."""
        data = self._file.read(wanted)
        self._count(data)
        return data

    def flush(self) -> None:
        """What a wrapper asks for before it closes."""
        self._file.flush()

    def _count(self, data: bytes) -> None:
        self._digest.update(data)
        self._size += len(data)

    @property
    def digest(self) -> FileDigest:
        """Of what went through so far."""
        return FileDigest(size=self._size, sha256=self._digest.hexdigest())


class BackupFolder:
    """One folder that holds a backup, or shall."""

    def __init__(self, path: Path) -> None:
        self.path = path

    # Making one.

    @contextlib.contextmanager
    def being_written(self) -> Iterator[None]:
        """The folder is this process's alone to write to; raises `Unusable` for one that is no backup's.

        Until `put_manifest` was called it is marked as unfinished.
        """
        self._make(self.path)
        self.path.chmod(0o700)
        strangers = sorted(each.name for each in self.path.iterdir() if not self._is_own(each.name))
        known = any((self.path / name).exists() for name in (MANIFEST, UNFINISHED))
        if strangers or (not known and any(each.name != _LOCK for each in self.path.iterdir())):
            what = strangers[0] if strangers else "files without a manifest"
            raise Unusable(f"{self.path} is neither empty nor a backup ({what}): name a new folder")
        with self._locked():
            (self.path / UNFINISHED).touch(0o600)
            sync_folder(self.path)
            yield

    def _is_own(self, name: str) -> bool:
        return name in _OWN or name.startswith(_ROWS) or name == MANIFEST + _PART

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        descriptor = os.open(self.path / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Unusable(f"another backup is being written to {self.path}: wait for it") from error
        else:
            yield
        finally:
            os.close(descriptor)

    def new_rows(self, moment: str) -> str:
        """The name of a new, empty folder for tables."""
        name = f"{_ROWS}{moment}-{secrets.token_hex(3)}"
        self._make(self.path / name)
        return name

    def write_lines(self, name: str, lines: Iterable[bytes]) -> tuple[FileDigest, int]:
        """The file is there whole, compressed; gives its digest and how many lines there were."""
        count = 0
        with self._written(self.path / name) as out:
            # No name and no time in it: the same lines are the same bytes.
            packed = gzip.GzipFile(filename="", mode="wb", compresslevel=6, fileobj=out, mtime=0)
            with packed, io.BufferedWriter(packed, _PIECE) as buffered:
                for line in lines:
                    buffered.write(line)
                    count += 1
        return out.digest, count

    @contextlib.contextmanager
    def writing_object(self, name: str) -> Iterator[Digesting]:
        """The stored file is there once everything was written; nothing of it where an error comes out."""
        path = self.object_path(name)
        self._make(path.parent)
        with self._written(path) as out:
            yield out

    @contextlib.contextmanager
    def _written(self, path: Path) -> Iterator[Digesting]:
        part = path.with_name(path.name + _PART)
        part.unlink(missing_ok=True)
        try:
            with open(part, "xb", opener=for_the_owner_alone) as file:
                out = Digesting(file)
                yield out
                file.flush()
                os.fsync(file.fileno())
            part.replace(path)
        except OSError as error:
            # A disk that is full names no file.
            error.filename = error.filename or str(path)
            raise
        finally:
            part.unlink(missing_ok=True)

    def put_manifest(self, data: bytes) -> None:
        """This is the folder's backup from now on: all its files are on the disk, and then the manifest is."""
        for folder in sorted({each.parent for each in self.files()}):
            sync_folder(folder)
        with self._written(self.path / MANIFEST) as out:
            out.write(data)
        sync_folder(self.path)

    def prune(self, *, rows: str, objects: set[str]) -> None:
        """Nothing is left of what the folder's manifest does not name, and it is not unfinished."""
        for each in list(self.path.iterdir()):
            if each.name.startswith(_ROWS) and each.name != rows:
                shutil.rmtree(each)
        for path in self.object_files():
            if path.name not in objects:
                path.unlink()
        (self.path / UNFINISHED).unlink(missing_ok=True)
        sync_folder(self.path)

    # Reading one.

    @property
    def is_unfinished(self) -> bool:
        """Whether a backup was begun here that is not done: beside a whole one something of it may lie."""
        return (self.path / UNFINISHED).exists()

    def read_manifest(self) -> Any:
        """What the manifest holds, as JSON data; raises `Unusable` where there is none."""
        try:
            return json.loads((self.path / MANIFEST).read_bytes())
        except (FileNotFoundError, NotADirectoryError) as error:
            left = " (one was begun there and broken off)" if self.is_unfinished else ""
            raise Unusable(f"{self.path} holds no backup{left}: it has no {MANIFEST}") from error
        except (ValueError, RecursionError) as error:
            raise Unusable(f"{self.path / MANIFEST} was changed: it is no JSON; take another backup") from error

    def read_lines(self, name: str) -> Iterator[bytes]:
        """The lines of a file, whose digest was checked before."""
        with gzip.open(self.path / name, "rb") as lines:
            yield from lines

    def digest_of(self, path: Path) -> FileDigest | None:
        """Length and digest of the file that lies there; None where none does. What is no file is never opened."""
        if not path.is_file():
            return None
        try:
            with path.open("rb") as file:
                counted = Digesting(file)
                while counted.read(_PIECE):
                    pass
        except FileNotFoundError:
            return None
        return counted.digest

    def object_path(self, name: str) -> Path:
        """Where a stored file lies, as in a folder that is an evidence store."""
        return self.path / OBJECTS / require_name(name)[-2:] / name

    def object_files(self) -> Iterator[Path]:
        """Everything that lies among the stored files."""
        yield from (each for each in sorted((self.path / OBJECTS).glob("*/*")) if each.is_file())

    def files(self) -> Iterator[Path]:
        """Every file but the manifest and the marks."""
        for each in sorted(self.path.rglob("*")):
            if each.is_file() and each.parent != self.path:
                yield each

    def _make(self, folder: Path) -> None:
        if not folder.is_dir():
            # Each with the mode: `parents` would make those between for everybody.
            self._make(folder.parent)
            folder.mkdir(mode=0o700, exist_ok=True)
            sync_folder(folder.parent)
