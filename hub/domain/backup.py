"""What a backup says of itself: from which moment it is, what belongs to it, and which keys open it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from hub.domain.errors import Unusable
from hub.domain.plain import Plain

FORM: Final = 1
"""The form of backups that this version writes and reads."""
_NOT_OURS: Final = "the backup is of another form than this version reads: use the version that made it"
_KEYS: Final = frozenset(
    {
        *("form", "made_at", "hub_version", "revision", "rows", "columns", "counts", "files"),
        *("objects", "object_bytes", "keys", "head", "gone", "damaged"),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FileDigest:
    """A file of a backup: its length in bytes and the hex SHA-256 of all of it."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LostObject:
    """Bytes that a row of the backup names and the backup has not."""

    table: str
    id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """One moment of a hub.

    `rows` is the folder of the tables, `columns` the kinds of their columns by table, in the order in which they are
    put back, `counts` their rows. `keys` are ids of the secrets that sealed what is in it. `head` is the newest signed
    head of the log. `gone` was erased while the backup was made; `damaged` the hub itself could not read any more.
    """

    made_at: str
    hub_version: str
    revision: str
    rows: str
    columns: Mapping[str, Mapping[str, str]]
    counts: Mapping[str, int]
    files: Mapping[str, FileDigest]
    objects: int
    object_bytes: int
    keys: Sequence[str]
    head: Plain | None
    gone: Sequence[LostObject] = ()
    damaged: Sequence[LostObject] = ()

    @property
    def plain(self) -> Plain:
        """The manifest as the JSON data that is signed."""
        return {
            "form": FORM,
            "made_at": self.made_at,
            "hub_version": self.hub_version,
            "revision": self.revision,
            "rows": self.rows,
            # Lists: the order counts, and canonical JSON keeps none of objects.
            "columns": [[table, list(map(list, kinds.items()))] for table, kinds in self.columns.items()],
            "counts": dict(self.counts),
            "files": {name: [file.size, file.sha256] for name, file in self.files.items()},
            "objects": self.objects,
            "object_bytes": self.object_bytes,
            "keys": list(self.keys),
            "head": self.head,
            "gone": [[each.table, each.id, each.name] for each in self.gone],
            "damaged": [[each.table, each.id, each.name] for each in self.damaged],
        }

    @classmethod
    def parse(cls, data: Any) -> "Manifest":
        """The manifest that `plain` wrote; raises `Unusable` for anything else, one of another form too."""
        if not isinstance(data, dict) or set(data) != _KEYS or data["form"] != FORM:
            raise Unusable(_NOT_OURS)
        # The keys are asked for before the signature can be checked.
        if not (isinstance(data["keys"], list) and all(isinstance(each, str) for each in data["keys"])):
            raise Unusable(_NOT_OURS)
        try:
            return cls(
                **{name: data[name] for name in ("made_at", "hub_version", "revision", "rows", "counts", "head")},
                **{name: data[name] for name in ("objects", "object_bytes", "keys")},
                columns={table: dict(kinds) for table, kinds in data["columns"]},
                files={name: FileDigest(size=size, sha256=digest) for name, (size, digest) in data["files"].items()},
                gone=[_lost(each) for each in data["gone"]],
                damaged=[_lost(each) for each in data["damaged"]],
            )
        except (TypeError, ValueError, AttributeError) as error:
            raise Unusable(_NOT_OURS) from error


def _lost(data: Any) -> LostObject:
    table, id_, name = data
    return LostObject(table=table, id=id_, name=name)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredObject:
    """A stored file of a backup: whose it is, the length of the clear file, and the digest of the sealed one."""

    name: str
    table: str
    id: str
    size: int
    sealed: FileDigest


class FaultKind(StrEnum):
    """What is wrong with a backup, or between its two halves."""

    FILE_MISSING = "file_missing"
    FILE_CHANGED = "file_changed"
    FILE_EXTRA = "file_extra"  # lies there, and the manifest does not name it
    ROW_WITHOUT_OBJECT = "row_without_object"
    OBJECT_WITHOUT_ROW = "object_without_row"
    HEAD_NEWER = "head_newer"  # was kept outside, and the log ends before it
    HEAD_BROKEN = "head_broken"
    DAMAGED_BEFORE = "damaged_before"  # the hub could not read it when the backup was made
    INVARIANT = "invariant"


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupFault:
    """One thing that is wrong: of what, and how."""

    kind: FaultKind
    subject: str
    detail: str = ""

    @property
    def plain(self) -> Plain:
        """The fault as JSON data."""
        return {"kind": self.kind, "subject": self.subject, "detail": self.detail}
