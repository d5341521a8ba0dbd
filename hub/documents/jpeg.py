"""Whether a JPEG is all there. libjpeg makes up grey for what is missing, and Pillow does not pass on that it did.

qpdf decodes by the same library and takes its warnings for errors, so it is asked to read the picture's bare data.
"""

import io
import re
from dataclasses import dataclass
from typing import Final

import pikepdf
from PIL import Image

_END, _SCAN, _ADOBE, _TABLES, _STEPS = 0xD9, 0xDA, 0xEE, 0xC4, 0xDB
# Segments that say nothing of how the picture is decoded: APPn but for Adobe's, which tells the colours, and comments.
_BESIDE: Final = frozenset({*range(0xE0, 0xF0), 0xFE}) - {_ADOBE}
_ALONE: Final = frozenset({0x01, *range(0xD0, 0xD8)})
_SEQUENTIAL: Final = frozenset({0xC0, 0xC1})
_MARKER: Final = re.compile(rb"\xff+([^\xff\x00\xd0-\xd7])")
_IN_SCANS: Final = frozenset({0xC4, 0xDA, 0xDB, 0xDC, 0xDD, 0xFE, *range(0xE0, 0xF0)})
# Eight bits each that no code begins with: enough to end the last block with, and too little to make up another row.
_PADDING: Final = b"\xff\x00" * 8
# So many bytes in front of the end mark may be left over, as some cameras and scanners leave them.
_LEFT_OVER: Final = 64
# So many zeros in a row are no data, but where zeros are how a blank block is written: what a broken download leaves.
_ZEROS: Final = bytes(16)
# What refines the details of a smooth picture has a few dozen zeros in a row.
_REFINING_ZEROS: Final = bytes(512)
# Where zeros are written so, an end mark is missing, and the picture could be blank from here on.
_LONG_ZEROS: Final = bytes(1024)


class IncompleteError(ValueError):
    """A part of the picture is missing or was overwritten."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Bare:
    """The first picture of a file with nothing beside it: all before its scans, and its scans without an end mark."""

    head: bytes
    scans: bytes
    has_end: bool
    is_sequential: bool
    has_zeros: bool


def decoded(data: bytes) -> memoryview | None:
    """The samples of the whole picture row by row, in the colours of its own; raises IncompleteError.

    None where the picture is whole but for a flaw that every reader passes over; a reader is to be asked for it.
    """
    bare = _bare(data)
    if bare.has_zeros:
        raise IncompleteError("a scan was overwritten")
    samples = _without_a_warning(bare.head + bare.scans)
    stripped = bare.scans.rstrip(b"\x00")
    if samples is None and len(stripped) < len(bare.scans):
        # Zeros in front of the end mark; one may be the second half of a byte of the picture.
        for scans in (stripped, stripped + b"\x00"):
            samples = samples or _without_a_warning(bare.head + scans)
    if samples is None:
        _require_every_row(data, bare)
    return samples


def _bare(data: bytes) -> _Bare:
    parts, at, sequential, components = [data[:2]], 2, False, b""
    while True:
        at = data.find(b"\xff", at)
        while 0 <= at < len(data) and data[at] == 0xFF:
            at += 1
        if at < 0 or at + 3 > len(data) or data[at] == _END:
            raise IncompleteError("it has no scan")
        marker = data[at]
        at += 1
        if marker in _ALONE:
            continue
        segment = data[at : at + int.from_bytes(data[at : at + 2])]
        at += len(segment)
        if marker in _SEQUENTIAL:
            sequential, components = True, segment[7:8]
        if marker == _STEPS and bytes(4) in segment:
            raise IncompleteError("how finely it was taken was overwritten")
        if marker == _SCAN:
            if sequential:
                # Some phones write into the last three bytes what only progressive pictures have.
                segment = segment[:-3] + b"\x00\x3f\x00"
            parts.append(b"\xff\xda" + segment)
            # Where each colour has scans of its own, one alone may be blank.
            are_together = sequential and segment[2:3] == components
            break
        if marker not in _BESIDE:
            parts.append(bytes([0xFF, marker]) + segment)
    head = b"".join(parts)
    most_zeros = _ZEROS if are_together and not _writes_blank_as_zeros(head) else None
    return _with_scans(head, data, at, is_sequential=sequential, most_zeros=most_zeros)


def _with_scans(head: bytes, data: bytes, begin: int, *, is_sequential: bool, most_zeros: bytes | None) -> _Bare:
    at, end, has_end, has_zeros = begin, len(data), False, False
    while found := _MARKER.search(data, at):
        marker = found[1][0]
        has_zeros = has_zeros or (most_zeros is not None and most_zeros in data[at : found.start()])
        if marker not in _IN_SCANS:
            end, has_end = found.start(), marker == _END
            break
        at = found.end() + int.from_bytes(data[found.end() : found.end() + 2])
        if marker == _SCAN and not is_sequential:
            # The first bits of a progressive picture may all be zeros; its details are not, nor for long what refines
            # them.
            is_first_of_details = data[at - 1] >> 4 == 0
            most_zeros = None if data[at - 3] == 0 else _ZEROS if is_first_of_details else _REFINING_ZEROS
    return _Bare(head=head, scans=data[begin:end], has_end=has_end, is_sequential=is_sequential, has_zeros=has_zeros)


def _writes_blank_as_zeros(head: bytes) -> bool:
    """Whether a block like the one before, with nothing in it, is written with zero bits alone.

    The shortest code of a table is made of zeros (ITU-T T.81, Annex C); it is that of symbol 0 in all tables then.
    """
    at, firsts = 2, []
    while at + 4 <= len(head):
        marker, length = head[at + 1], int.from_bytes(head[at + 2 : at + 4])
        table, end = at + 4, at + 2 + length
        while marker == _TABLES and table + 17 < end:
            firsts.append(head[table + 17])
            table += 17 + sum(head[table + 1 : table + 17])
        at = end
    return not any(firsts)


def _without_a_warning(picture: bytes) -> memoryview | None:
    with pikepdf.new() as document:
        stream = document.make_stream(picture + b"\xff\xd9", Filter=pikepdf.Name.DCTDecode)
        try:
            return memoryview(stream.get_stream_buffer(pikepdf.StreamDecodeLevel.all))
        except (pikepdf.PdfError, pikepdf.DataDecodingError, RuntimeError):
            return None


def _require_every_row(data: bytes, bare: _Bare) -> None:
    """Without an end mark a reader that runs out of bytes says so, where it would make up the rest with one."""
    if not bare.is_sequential:
        raise IncompleteError("a scan ends too early")
    if not bare.has_end:
        # Something else may lie behind the picture, such as the notes of a phone.
        whole = _LONG_ZEROS not in bare.scans.rstrip(b"\x00") and _reads(data.rstrip(b"\x00"))
    else:
        left = len(bare.scans) - _LEFT_OVER
        whole = (
            _ZEROS not in bare.scans
            and _reads(bare.head + bare.scans + _PADDING)
            and not (left > 0 and _reads(bare.head + bare.scans[:left] + _PADDING))
        )
    if not whole:
        raise IncompleteError("rows are missing")


def _reads(picture: bytes) -> bool:
    try:
        with Image.open(io.BytesIO(picture), formats=["JPEG"]) as opened:
            opened.load()
    except (OSError, SyntaxError, ValueError):
        return False
    return True
