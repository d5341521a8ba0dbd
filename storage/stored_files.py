"""What lies in the evidence store, for a row to speak of."""

import secrets
from dataclasses import dataclass

from hub.domain.active_content import ActiveContent
from hub.domain.pdf_origin import PdfOrigin


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
class StoredPage:
    """A page of a viewing copy that lies in the store, for its row to speak of, and the hash of what it shows."""

    file: NewFile
    width: int
    height: int
    size: int
    sha256: str
    picture_hash: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredCopy:
    """A clean copy that lies in the evidence store, for a row to speak of.

    `thumbnail` is small and goes into the row itself. `removed`, `was_signed` and `origin` are of the file it was
    made of.
    """

    file: NewFile
    media_type: str
    size: int
    sha256: str
    thumbnail: bytes | None = None
    removed: tuple[ActiveContent, ...] = ()
    was_signed: bool = False
    origin: PdfOrigin | None = None
