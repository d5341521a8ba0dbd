"""What lies in the evidence store, for a row to speak of."""

import secrets
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class NewFile:
    """Where the bytes of a new file go: `store_name` in the evidence store, sealed with `key`."""

    id: str
    store_name: str
    key: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredEvidence:
    """A file that lies in the evidence store, with all that its row shall say."""

    file: NewFile
    client_id: str
    subject: str | None
    kind: str
    file_name: str
    media_type: str
    size: int
    sha256: str


def new_file(evidence_id: str) -> NewFile:
    """A random name and key for a file that is about to be written."""
    return NewFile(id=evidence_id, store_name=secrets.token_hex(16), key=secrets.token_bytes(32))


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredCopy:
    """A clean copy that lies in the evidence store, for the row of its picture to speak of.

    `thumbnail` is small and goes into the row itself.
    """

    file: NewFile
    media_type: str
    size: int
    sha256: str
    thumbnail: bytes | None = None
