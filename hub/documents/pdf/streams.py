"""Unpacking the streams of a PDF that nobody trusts: so much of each and of all together, and then no more.

A few kilobytes can be packed so that they unpack to more than any machine has. What deflate packed is counted before it
is held; the other ways to pack make less of a byte, and the limits of the process stand behind them.
"""

import zlib
from typing import Any, Final

import pikepdf
from pikepdf import Array, Name

from hub.documents.rejection import RejectedError
from hub.domain.evidence import FileRejectionReason

# Contents of one page or letter, in bytes: no reader draws more in seconds. Pictures say themselves how large they are.
MOST_OF_A_STREAM: Final = 100 << 20
MOST_OF_A_PICTURE: Final = 400 << 20
# Two hundred large pages of one bit a pixel.
MOST_OF_A_FILE: Final = 1 << 30
_FLATE: Final = frozenset({"/FlateDecode", "/Fl"})
_AT_ONCE: Final = 1 << 20


class Unpacking:
    """Unpacks the streams of one file, and counts what came out."""

    def __init__(self) -> None:
        self._length = 0

    def read(self, stream: Any, most: int = MOST_OF_A_STREAM) -> bytes:
        """The bytes of a stream that is no coded picture's.

        Raises RejectedError where it is more than `most` or the file more than may be, PdfError and DataDecodingError.
        """
        _require_few(stream, most)
        data: bytes = stream.read_bytes(pikepdf.StreamDecodeLevel.specialized)
        if len(data) > most:
            raise RejectedError(FileRejectionReason.UNREADABLE)
        self.count(len(data))
        return data

    def count(self, length: int) -> None:
        """So many bytes more were unpacked. Raises RejectedError where that is too much."""
        self._length += length
        if self._length > MOST_OF_A_FILE:
            raise RejectedError(FileRejectionReason.UNREADABLE)


def _require_few(stream: Any, most: int) -> None:
    given = stream.get("/Filter")
    filters = list(given) if isinstance(given, Array) else [given]
    data: bytes | None = None
    for each in filters:
        if not isinstance(each, Name) or str(each) not in _FLATE:
            # What qpdf unpacks then is no longer than its limits of memory.
            return
        data = _inflated(stream.read_raw_bytes() if data is None else data, most)


def _inflated(data: bytes, most: int) -> bytes:
    """What the data unpack to, as far as they can be. Raises RejectedError where that is more than `most`."""
    inflate, parts, length = zlib.decompressobj(), [], 0
    try:
        while data and not inflate.eof:
            parts.append(inflate.decompress(data, _AT_ONCE))
            data = inflate.unconsumed_tail
            length += len(parts[-1])
            if length > most:
                raise RejectedError(FileRejectionReason.UNREADABLE)
    except zlib.error:
        # qpdf says what is wrong, or knows what to make of it.
        pass
    return b"".join(parts)
