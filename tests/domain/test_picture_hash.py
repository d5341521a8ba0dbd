"""Perceptual hashes: near pictures share a band, others do not come near, and a blank page has none."""

from hypothesis import given
from hypothesis import strategies as st

from hub.domain.picture_hash import BANDS, COLUMNS, HASH_SIZE, MAX_DISTANCE, ROWS, bands_of, hash_of, is_near

HASHES = st.binary(min_size=HASH_SIZE, max_size=HASH_SIZE)
BITS = HASH_SIZE * 8


def flipped(picture_hash: bytes, bits: set[int]) -> bytes:
    value = int.from_bytes(picture_hash)
    for bit in bits:
        value ^= 1 << bit
    return value.to_bytes(HASH_SIZE)


@given(HASHES, st.sets(st.integers(0, BITS - 1), max_size=MAX_DISTANCE))
def test_what_is_near_shares_a_band(picture_hash: bytes, bits: set[int]) -> None:
    other = flipped(picture_hash, bits)
    assert is_near(picture_hash, other)
    assert any(one == another for one, another in zip(bands_of(picture_hash), bands_of(other), strict=True))


@given(HASHES, st.sets(st.integers(0, BITS - 1), min_size=MAX_DISTANCE + 1))
def test_what_differs_in_more_bits_is_not_near(picture_hash: bytes, bits: set[int]) -> None:
    assert not is_near(picture_hash, flipped(picture_hash, bits))


@given(HASHES)
def test_the_bands_hold_each_bit_once(picture_hash: bytes) -> None:
    bands = bands_of(picture_hash)
    assert [len(each) for each in bands] == [BITS // BANDS] * BANDS
    assert "".join(bands).count("1") == int.from_bytes(picture_hash).bit_count()


def test_paper_that_is_nearly_white_has_no_hash() -> None:
    assert hash_of(bytes([250, 247] * (COLUMNS * ROWS // 2))) is None


def test_stripes_have_one_which_more_light_does_not_change() -> None:
    stripes = bytes([200 if column % 2 else 20 for _ in range(ROWS) for column in range(COLUMNS)])
    lighter = bytes(min(255, each + 30) for each in stripes)
    assert hash_of(stripes) == hash_of(lighter) is not None
