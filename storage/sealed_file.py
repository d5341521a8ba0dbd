"""The form of a stored file: a header (version, 7 random bytes), then chunks of 1 MiB sealed by AES-256-GCM.

The nonce counts the chunks and marks the last, and the name is authenticated with each: bytes that were
changed, cut, swapped or renamed are seen before they are given out.
"""

import hashlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from hub.domain.errors import EvidenceDamaged, Malformed, TooLarge

# Smaller chunks cost calls, larger ones memory; also what one read of a request body asks for.
CHUNK_SIZE: Final = 1024 * 1024
_VERSION: Final = b"\x01"
_PREFIX_LENGTH: Final = 7
_HEADER_LENGTH: Final = len(_VERSION) + _PREFIX_LENGTH
_TAG_LENGTH: Final = 16

Read = Callable[[int], bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """What was stored: size in bytes and SHA-256 (lower-case hex) of the clear file."""

    size: int
    sha256: str


@dataclass(slots=True, kw_only=True)
class Sealing:
    """One file on its way in: iterating gives its sealed pieces, the header first, and counts and hashes it.

    At most two chunks are held: the one that is sealed, and the next, to know which is the last. Raises
    TooLarge (for an announced `length` before the first piece), Malformed `body_cut`, and what `read` raises.
    """

    name: str
    key: bytes
    read: Read
    length: int | None
    limit: int
    _size: int = field(default=0, init=False)
    _sha256: str = field(default="", init=False)

    def __iter__(self) -> Iterator[bytes]:
        if self.length is not None and self.length > self.limit:
            raise TooLarge(self.limit)
        cipher, digest, prefix = AESGCM(self.key), hashlib.sha256(), os.urandom(_PREFIX_LENGTH)
        yield _VERSION + prefix
        number, chunk = 0, self._next_chunk()
        while True:
            following = self._next_chunk() if len(chunk) == CHUNK_SIZE else b""
            digest.update(chunk)
            yield cipher.encrypt(_nonce(prefix, number, is_last=not following), chunk, _context(self.name))
            if not following:
                break
            number, chunk = number + 1, following
        self._sha256 = digest.hexdigest()

    def stored(self) -> StoredFile:
        """What was sealed; asked once all pieces were taken."""
        return StoredFile(size=self._size, sha256=self._sha256)

    def _next_chunk(self) -> bytes:
        """As many bytes as a chunk holds or the body still has, however small the reads are."""
        wanted = CHUNK_SIZE if self.length is None else min(CHUNK_SIZE, self.length - self._size)
        chunk = self.read(wanted) if wanted else b""
        if 0 < len(chunk) < wanted:
            chunk = b"".join((chunk, *self._pieces(wanted - len(chunk))))
        self._size += len(chunk)
        if self._size > self.limit:
            raise TooLarge(self.limit)
        if self.length is not None and len(chunk) < wanted:
            raise Malformed("body_cut")
        return chunk

    def _pieces(self, wanted: int) -> Iterator[bytes]:
        while wanted and (piece := self.read(wanted)):
            wanted -= len(piece)
            yield piece


def sealed_size(size: int) -> int:
    """How many bytes a file of `size` clear bytes takes in the store."""
    return _HEADER_LENGTH + size + _chunk_count(size) * _TAG_LENGTH


def open_chunks(read: Read, *, name: str, key: bytes, size: int) -> Iterator[bytes]:
    """The clear chunks of a stored file of `size` clear bytes; raises EvidenceDamaged before a wrong byte.

    `read(n)` gives n bytes unless the file ends; the caller has seen that it is `sealed_size(size)` long.
    """
    header = read(_HEADER_LENGTH)
    if len(header) != _HEADER_LENGTH or not header.startswith(_VERSION):
        raise EvidenceDamaged(f"{name}: not a stored file")
    cipher, prefix, count = AESGCM(key), header[len(_VERSION) :], _chunk_count(size)
    for number in range(count):
        is_last = number == count - 1
        sealed = read(_TAG_LENGTH + (size - number * CHUNK_SIZE if is_last else CHUNK_SIZE))
        try:
            chunk = cipher.decrypt(_nonce(prefix, number, is_last=is_last), sealed, _context(name))
        except InvalidTag as error:
            raise EvidenceDamaged(f"{name}: chunk {number} was changed or cut") from error
        if chunk:
            yield chunk


def sealed_pieces(read: Read, *, name: str, size: int) -> Iterator[bytes]:
    """The stored bytes of a file of `size` clear bytes, as they are; raises EvidenceDamaged for another length."""
    left = sealed_size(size)
    while left:
        piece = read(min(left, CHUNK_SIZE))
        if not piece:
            raise EvidenceDamaged(f"{name}: cut")
        left -= len(piece)
        yield piece
    if read(1):
        raise EvidenceDamaged(f"{name}: longer than was stored")


def _chunk_count(size: int) -> int:
    # An empty file has one empty chunk, whose seal shows that nothing was cut off.
    return max(1, -(-size // CHUNK_SIZE))


def _nonce(prefix: bytes, number: int, *, is_last: bool) -> bytes:
    return prefix + number.to_bytes(4) + is_last.to_bytes(1)


def _context(name: str) -> bytes:
    return _VERSION + name.encode()
