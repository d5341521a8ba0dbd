"""The coded bytes of pictures within PDFs without what cameras and programs note in them. Nothing is decoded here."""

from collections.abc import Callable
from typing import Final

from hub.documents.rejection import RejectedError
from hub.domain.evidence import FileRejectionReason

# JPEG (ITU-T T.81, B.1.1.3): marks without a segment, and those whose segments make the picture.
_ALONE: Final = frozenset({0x01, *range(0xD0, 0xD9)})
_START_OF_SCAN, _END, _ADOBE = 0xDA, 0xD9, 0xEE
_MAKES_A_PICTURE: Final = frozenset({*range(0xC0, 0xD0), 0xDA, 0xDB, 0xDC, 0xDD, 0xDE, 0xDF})


def bare_jpeg(data: bytes) -> bytes:
    """The first picture in the data, its end mark included. Raises RejectedError for what is no JPEG."""
    at = data.find(b"\xff\xd8")
    if at < 0:
        raise RejectedError(FileRejectionReason.UNREADABLE)
    parts, at = [b"\xff\xd8"], at + 2
    while (at := data.find(b"\xff", at)) >= 0:
        while at < len(data) and data[at] == 0xFF:
            at += 1
        if at >= len(data) or data[at] == _END:
            break
        mark = data[at]
        at += 1
        if mark in _ALONE or mark == 0:
            continue
        segment = data[at : at + int.from_bytes(data[at : at + 2])]
        at += len(segment)
        if mark in _MAKES_A_PICTURE:
            parts.append(bytes([0xFF, mark]) + segment)
        elif mark == _ADOBE and segment[2:7] == b"Adobe":
            # How its colours are to be understood; twelve bytes, and whatever somebody put behind them.
            parts.append(b"\xff\xee\x00\x0e" + segment[2:14])
        if mark == _START_OF_SCAN:
            end = _end_of_scan(data, at)
            parts.append(data[at:end])
            at = end
    return b"".join(parts) + b"\xff\xd9"


def _end_of_scan(data: bytes, at: int) -> int:
    """Where the next mark stands that is not a part of the scan."""
    while (at := data.find(b"\xff", at)) >= 0 and at + 1 < len(data):
        if data[at + 1] != 0 and data[at + 1] != 0xFF and not 0xD0 <= data[at + 1] <= 0xD7:
            return at
        at += 1 if data[at + 1] == 0xFF else 2
    return len(data)


def as_it_is(data: bytes) -> bytes:
    """The data: a fax has no place for notes."""
    return data


BARE: Final[dict[str, Callable[[bytes], bytes]]] = {
    "/DCTDecode": bare_jpeg,
    "/CCITTFaxDecode": as_it_is,
}
