"""Whether the coded parts of a HEIC picture are all in its file; libheif paints over what it misses.

Reads the boxes of ISO/IEC 14496-12 and 23008-12 that say where the parts lie. Nothing is decoded here.
"""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, Self

# A NAL unit cannot hold three zeros in a row (ISO/IEC 23008-2, 7.4.2): an encoder breaks them up.
_NEVER_CODED: Final = b"\x00\x00\x00"
# Items that are made of other items: a grid of tiles, a turned one, one laid over others.
_DERIVED: Final = frozenset({b"grid", b"iden", b"iovl"})
_TURNING: Final = frozenset({b"irot", b"imir"})


class IncompleteError(ValueError):
    """A part of the picture is not in the file, or was overwritten with zeros; or its boxes make no sense."""


@dataclass(slots=True)
class Contents:
    """What the boxes of a file say of its items, by their numbers; `extents` as (offset, length) in the file."""

    primary: int = 0
    kinds: dict[int, bytes] = field(default_factory=dict)
    extents: dict[int, list[tuple[int, int]]] = field(default_factory=dict)
    made_of: dict[int, list[int]] = field(default_factory=dict)
    properties: dict[int, list[bytes]] = field(default_factory=dict)
    nal_length_sizes: dict[int, int] = field(default_factory=dict)

    @classmethod
    def read(cls, data: bytes) -> Self:
        """The contents of the file; raises IncompleteError where its boxes cannot be read."""
        contents = cls()
        try:
            top = {kind: (start, end) for kind, start, end in _boxes(data, 0, len(data))}
            meta_start, meta_end = top[b"meta"]
            inside = {kind: (start, end) for kind, start, end in _boxes(data, meta_start + 4, meta_end)}
            contents.primary = _primary(data, inside[b"pitm"][0])
            contents.kinds = dict(_kinds(data, inside[b"iinf"]))
            contents.extents = dict(_extents(data, inside[b"iloc"], inside.get(b"idat", (0, 0))))
            if b"iref" in inside:
                contents.made_of = dict(_references(data, inside[b"iref"]))
            _read_properties(data, inside[b"iprp"], contents)
        except (KeyError, IndexError, struct.error) as error:
            raise IncompleteError("its boxes cannot be read") from error
        return contents

    @property
    def is_turned(self) -> bool:
        """Whether the file itself says how the picture is turned or mirrored, so that EXIF is not to be asked."""
        return bool(_TURNING & set(self.properties.get(self.primary, ())))

    def coded_items(self) -> list[int]:
        """The items whose bytes make the main picture, each once."""
        found: list[int] = []
        waiting = [self.primary]
        seen: set[int] = set()
        while waiting:
            item = waiting.pop()
            if item in seen:
                continue
            seen.add(item)
            if self.kinds.get(item) in _DERIVED:
                waiting += self.made_of.get(item, [])
            else:
                found.append(item)
        return found


def require_whole(data: bytes, contents: Contents) -> None:
    """Nothing lies beyond the end of the file, and what makes the main picture may be what an encoder wrote.

    Raises IncompleteError. A file that was cut behind its picture was cut all the same: another one is missing.
    """
    if any(offset + length > len(data) for pieces in contents.extents.values() for offset, length in pieces):
        raise IncompleteError("a part lies beyond the end of the file")
    items = contents.coded_items()
    if not items:
        raise IncompleteError("it is made of nothing")
    for item in items:
        pieces = contents.extents.get(item)
        if not pieces:
            raise IncompleteError("a part lies nowhere")
        if not all(length for _, length in pieces):
            raise IncompleteError("a part is empty")
        if contents.kinds.get(item) == b"hvc1":
            coded = b"".join(data[offset : offset + length] for offset, length in pieces)
            _require_coded(coded, contents.nal_length_sizes.get(item, 4))


def _require_coded(coded: bytes, length_size: int) -> None:
    at = 0
    while at < len(coded):
        length = int.from_bytes(coded[at : at + length_size])
        at += length_size
        if length == 0 or at + length > len(coded):
            raise IncompleteError("a part ends too early")
        if coded.find(_NEVER_CODED, at, at + length) >= 0:
            raise IncompleteError("a part was overwritten")
        at += length


def _boxes(data: bytes, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """(kind, start, end) of the contents of each box; one that is cut ends where the data does."""
    while start + 8 <= end:
        size, kind, header = int.from_bytes(data[start : start + 4]), data[start + 4 : start + 8], 8
        if size == 1:
            size, header = int.from_bytes(data[start + 8 : start + 16]), 16
        elif size == 0:
            size = end - start
        if size < header:
            return
        yield kind, start + header, min(start + size, end)
        start += size


def _primary(data: bytes, at: int) -> int:
    return _number(data, at + 4, 2 if data[at] == 0 else 4)


def _number(data: bytes, at: int, size: int) -> int:
    if at + size > len(data):
        raise IndexError
    return int.from_bytes(data[at : at + size])


def _kinds(data: bytes, box: tuple[int, int]) -> Iterator[tuple[int, bytes]]:
    start, end = box
    for kind, at, _ in _boxes(data, start + (6 if data[start] == 0 else 8), end):
        if kind == b"infe":
            wide = data[at] >= 3
            yield _number(data, at + 4, 4 if wide else 2), data[at + (10 if wide else 8) :][:4]


def _extents(data: bytes, box: tuple[int, int], idat: tuple[int, int]) -> Iterator[tuple[int, list[tuple[int, int]]]]:
    at, _ = box
    version = data[at]
    offset_size, length_size = data[at + 4] >> 4, data[at + 4] & 15
    base_size, index_size = data[at + 5] >> 4, data[at + 5] & 15
    id_size = 4 if version >= 2 else 2
    count = _number(data, at + 6, id_size)
    at += 6 + id_size
    for _each in range(count):
        item = _number(data, at, id_size)
        at += id_size
        method = _number(data, at, 2) & 15 if version >= 1 else 0
        at += (2 if version >= 1 else 0) + 2
        base = _number(data, at, base_size)
        at += base_size
        base += idat[0] if method == 1 else 0
        pieces = []
        extents = _number(data, at, 2)
        at += 2
        for _extent in range(extents):
            at += index_size if version >= 1 else 0
            offset, length = _number(data, at, offset_size), _number(data, at + offset_size, length_size)
            at += offset_size + length_size
            pieces.append((base + offset, length))
        yield item, pieces


def _references(data: bytes, box: tuple[int, int]) -> Iterator[tuple[int, list[int]]]:
    start, end = box
    size = 2 if data[start] == 0 else 4
    for kind, at, _ in _boxes(data, start + 4, end):
        if kind == b"dimg":
            count = _number(data, at + size, 2)
            first = at + size + 2
            yield _number(data, at, size), [_number(data, first + size * number, size) for number in range(count)]


def _read_properties(data: bytes, box: tuple[int, int], contents: Contents) -> None:
    known: list[tuple[bytes, int]] = []
    for kind, start, end in _boxes(data, *box):
        if kind == b"ipco":
            known = [(name, at) for name, at, _ in _boxes(data, start, end)]
    for kind, start, _ in _boxes(data, *box):
        if kind == b"ipma":
            for item, numbers in _associations(data, start):
                _note_properties(data, [known[number - 1] for number in numbers if number], item, contents)


def _note_properties(data: bytes, properties: Sequence[tuple[bytes, int]], item: int, contents: Contents) -> None:
    contents.properties.setdefault(item, []).extend(name for name, _ in properties)
    for name, at in properties:
        if name == b"hvcC":
            # HEVCDecoderConfigurationRecord: the last two bits of its byte 21 are the size of a length, less one.
            contents.nal_length_sizes[item] = (data[at + 21] & 3) + 1


def _associations(data: bytes, at: int) -> Iterator[tuple[int, list[int]]]:
    version, flags = data[at], data[at + 3]
    id_size, size = (4 if version >= 1 else 2), (2 if flags & 1 else 1)
    count = _number(data, at + 4, 4)
    at += 8
    for _each in range(count):
        item, how_many = _number(data, at, id_size), data[at + id_size]
        at += id_size + 1
        mask = 0x7FFF if size == 2 else 0x7F
        numbers = [_number(data, at + size * place, size) & mask for place in range(how_many)]
        at += size * how_many
        yield item, numbers
