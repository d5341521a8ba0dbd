"""ICC profiles (ISO 15076-1) with what makes colours of numbers, and nothing of who made them, for what, and when."""

from typing import Final

_HEADER: Final = 128
_ENTRY: Final = 12
_MOST_TAGS: Final = 100
# Curves, colorants, tables, white and its adaptation.
_KEPT: Final = frozenset(
    {
        *(b"rXYZ", b"gXYZ", b"bXYZ", b"rTRC", b"gTRC", b"bTRC", b"kTRC", b"wtpt", b"bkpt", b"chad"),
        *(b"A2B0", b"A2B1", b"A2B2", b"B2A0", b"B2A1", b"B2A2", b"D2B0", b"D2B1", b"D2B2", b"D2B3", b"gamt"),
    }
)
_SPACES: Final = {1: (b"GRAY",), 3: (b"RGB ", b"Lab "), 4: (b"CMYK",)}
# Of the header: size, version, class, space and connection space, mark, intent and white are kept.
_HEADER_KEPT: Final = ((8, 24), (36, 40), (64, 80))


def bare(profile: bytes, components: int) -> bytes | None:
    """The profile with the tags that colours are computed with; None for what is no profile of so many components."""
    if profile[36:40] != b"acsp" or profile[16:20] not in _SPACES.get(components, ()):
        return None
    count = int.from_bytes(profile[_HEADER : _HEADER + 4])
    if count > _MOST_TAGS:
        return None
    tags = {}
    for at in range(_HEADER + 4, _HEADER + 4 + _ENTRY * count, _ENTRY):
        name, start, size = profile[at : at + 4], _number(profile, at + 4), _number(profile, at + 8)
        if name in _KEPT and start + size <= len(profile):
            tags[name] = profile[start : start + size]
    return _written(profile, tags)


def _number(data: bytes, at: int) -> int:
    return int.from_bytes(data[at : at + 4])


def _written(profile: bytes, tags: dict[bytes, bytes]) -> bytes:
    header = bytearray(_HEADER)
    for start, end in _HEADER_KEPT:
        header[start:end] = profile[start:end]
    table, bodies = bytearray(len(tags).to_bytes(4)), bytearray()
    first = _HEADER + 4 + _ENTRY * len(tags)
    places: dict[bytes, int] = {}
    for name, body in tags.items():
        # Tags share their bodies: the three curves of a screen most often do.
        if body not in places:
            bodies += bytes(-len(bodies) % 4)
            places[body] = first + len(bodies)
            bodies += body
        table += name + places[body].to_bytes(4) + len(body).to_bytes(4)
    bodies += bytes(-len(bodies) % 4)
    header[0:4] = (first + len(bodies)).to_bytes(4)
    return bytes(header + table + bodies)
