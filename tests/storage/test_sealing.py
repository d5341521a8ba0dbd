"""Sealing a value for one place, finding it by keyed hash, signing, and changing keys."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.domain.errors import EvidenceDamaged, Unusable
from storage.sealing import Keyring

OLD = "an old secret of more than thirty-two characters"
NEW = "a new secret of more than thirty-two characters"
RING = Keyring.parse(OLD)
PLACE = {"table": "applicants", "column": "id_number", "row": "0190"}


@given(text=st.text())
def test_a_sealed_text_opens_at_its_place(text: str) -> None:
    assert RING.open_text(RING.seal(text, **PLACE), **PLACE) == text


def test_bytes_are_sealed_as_they_are() -> None:
    assert RING.open(RING.seal(b"\xff\x00", **PLACE), **PLACE) == b"\xff\x00"


def test_the_same_value_never_seals_alike() -> None:
    assert RING.seal("王小明", **PLACE) != RING.seal("王小明", **PLACE)


def test_a_sealed_value_does_not_show_the_clear_one() -> None:
    assert b"11010519491231002X" not in RING.seal("11010519491231002X", **PLACE)


@pytest.mark.parametrize(
    "other",
    [
        {"table": "representatives"},
        {"column": "name"},
        {"row": "0191"},
        {"table": "applicantsi", "column": "d_number"},
        {"column": "id_number0", "row": "190"},
    ],
)
def test_a_sealed_value_does_not_open_at_another_place(other: dict[str, str]) -> None:
    sealed = RING.seal("value", **PLACE)
    with pytest.raises(EvidenceDamaged):
        RING.open(sealed, **(PLACE | other))


def test_no_changed_byte_opens() -> None:
    sealed = RING.seal("value", **PLACE)
    for at in range(len(sealed)):
        changed = bytearray(sealed)
        changed[at] ^= 1
        # A changed key id is a key that nobody has.
        with pytest.raises(Unusable if 1 <= at <= 4 else EvidenceDamaged):
            RING.open(bytes(changed), **PLACE)


def test_no_cut_value_opens() -> None:
    sealed = RING.seal("value", **PLACE)
    for length in range(len(sealed)):
        with pytest.raises(EvidenceDamaged):
            RING.open(sealed[:length], **PLACE)


def test_a_new_first_key_still_opens_what_the_old_one_sealed() -> None:
    both = Keyring.parse(f"{NEW}, {OLD}")
    assert both.open_text(RING.seal("value", **PLACE), **PLACE) == "value"
    assert Keyring.parse(NEW).open_text(both.seal("value", **PLACE), **PLACE) == "value"


def test_a_lost_key_is_named_by_its_id_and_never_by_its_secret() -> None:
    with pytest.raises(Unusable, match="HUB_SECRET_KEYS") as refusal:
        Keyring.parse(NEW).open(RING.seal("value", **PLACE), **PLACE)
    assert OLD not in str(refusal.value)
    assert OLD not in repr(RING)


def test_equal_values_have_equal_indexes_for_one_purpose_only() -> None:
    assert RING.index("6222100000000007", purpose="card") == RING.index("6222100000000007", purpose="card")
    assert RING.index("6222100000000007", purpose="card") != RING.index("6222100000000007", purpose="id")
    assert RING.index("6222100000000007", purpose="card") != RING.index("6222100000000008", purpose="card")


def test_a_value_indexed_under_the_old_key_is_among_the_indexes_of_both() -> None:
    both = Keyring.parse(f"{NEW},{OLD}")
    assert both.indexes("a", purpose="card") == [
        both.index("a", purpose="card"),
        RING.index("a", purpose="card"),
    ]


def test_a_signature_verifies_for_its_data_and_purpose_under_every_key() -> None:
    signature = RING.sign(b"cursor", purpose="list")
    both = Keyring.parse(f"{NEW},{OLD}")
    assert both.verify(b"cursor", signature, purpose="list")
    assert not both.verify(b"cursor", signature, purpose="link")
    assert not both.verify(b"cursors", signature, purpose="list")
    assert not Keyring.parse(NEW).verify(b"cursor", signature, purpose="list")


@pytest.mark.parametrize("spoilt", ["", "é", "\ud800", "{0}=", "{0}\n", " {0}", "{0}{0}"])
def test_a_signature_has_one_spelling(spoilt: str) -> None:
    assert not RING.verify(b"x", spoilt.format(RING.sign(b"x", purpose="p")), purpose="p")


@pytest.mark.parametrize("text", ["", " , ", "short", f"{NEW},short"])
def test_unusable_secrets_are_refused_with_a_sentence_that_does_not_show_them(text: str) -> None:
    with pytest.raises(Unusable, match="HUB_SECRET_KEYS") as refusal:
        Keyring.parse(text)
    assert "short" not in str(refusal.value)


def test_new_secrets_are_usable_and_differ() -> None:
    assert Keyring.new_secret() != Keyring.new_secret()
    Keyring.parse(Keyring.new_secret())


def test_a_secret_given_twice_counts_once() -> None:
    assert len(Keyring.parse(f"{OLD},{OLD}").indexes("a", purpose="card")) == 1
