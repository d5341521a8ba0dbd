"""Perceptual hashes: by which two pictures of one paper are near each other, though no byte of them is the same.

A difference hash (dHash): the picture as 17 columns by 16 rows of grey, and a bit for each pair of neighbours in a row.
A photo that was made smaller, brighter or saved anew keeps nearly all of its bits.
"""

from typing import Final

COLUMNS: Final = 17
ROWS: Final = 16
HASH_SIZE: Final = 32
"""Bytes of a hash: 256 bits."""
MAX_DISTANCE: Final = 15
"""Two pictures are nearly the same that differ in at most so many bits, 6 %."""
BANDS: Final = MAX_DISTANCE + 1
"""So many bands, and two hashes within `MAX_DISTANCE` have at least one band in common (the pigeonhole principle)."""
HASHED_PAGES: Final = 3
"""Of so many pages of a file a hash is made: what papers are known by stands at their beginning."""

_BITS: Final = HASH_SIZE * 8
# Neighbours differ by so much of 255 before it counts: paper is not quite white, and packing makes noise.
_NOISE: Final = 4
# What has fewer bits is a blank page or a few lines, and much the same as any other.
_LEAST_BITS: Final = 24
# Odd, so that each bit comes once; it puts bits of all parts of a picture into each band.
_STRIDE: Final = 37


def hash_of(grey: bytes) -> bytes | None:
    """The hash of `COLUMNS` x `ROWS` levels of grey, row by row; None for a picture that shows too little to tell."""
    value = count = 0
    for row in range(ROWS):
        start = row * COLUMNS
        for column in range(COLUMNS - 1):
            is_darker = grey[start + column] > grey[start + column + 1] + _NOISE
            value, count = value << 1 | is_darker, count + is_darker
    return value.to_bytes(HASH_SIZE) if count >= _LEAST_BITS else None


def is_near(one: bytes, other: bytes) -> bool:
    """Whether the two are of nearly the same picture."""
    return (int.from_bytes(one) ^ int.from_bytes(other)).bit_count() <= MAX_DISTANCE


def bands_of(picture_hash: bytes) -> list[str]:
    """The hash in `BANDS` words of 16 bits, each of them to be looked for by itself."""
    value = int.from_bytes(picture_hash)
    size = _BITS // BANDS
    bits = [value >> (each * _STRIDE % _BITS) & 1 for each in range(_BITS)]
    return ["".join(map(str, bits[band * size : (band + 1) * size])) for band in range(BANDS)]
