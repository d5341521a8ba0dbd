"""The chain of the communications log: what it covers, and that no change of it goes unseen."""

import copy
import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from hub.domain.errors import InvalidValue
from hub.domain.log_chain import (
    ERASED,
    HEADER_KEYS,
    LINE_KEYS,
    NO_PREVIOUS,
    Attachment,
    BreakReason,
    Broken,
    Entry,
    Head,
    content_digest,
    entry_digest,
    erasure_of,
    header_bytes,
    verify,
)

AT = datetime(2026, 11, 21, 2, 0, 0, 123456, tzinfo=UTC)


def chain(*texts: str) -> list[dict[str, object]]:
    lines: list[dict[str, object]] = []
    previous = NO_PREVIOUS
    for sequence, text in enumerate(texts, start=1):
        salt = bytes([sequence]) * 32
        entry = Entry(
            negotiation="n-1", sequence=sequence, at=AT + timedelta(seconds=sequence), channel="app",
            party="cardholder", kind="message", event="screened", from_status="screening",
            to_status="delivering", content=content_digest(salt, text), previous=previous,
            attachments=(Attachment(id="e-1", kind="payslip", sha256="a" * 64, size=3),),
        )  # fmt: skip
        previous = entry.digest
        lines.append(entry.line(text=text, salt=salt))
    return lines


def test_a_header_has_one_spelling() -> None:
    assert header_bytes({"b": "中\u2028", "a": None}) == '{"a":null,"b":"中\u2028"}'.encode()


def test_known_digests_never_change() -> None:
    # Computed once with coreutils' sha256sum over the written form.
    line = chain("您好")[0]
    assert line["content"] == "2592be37842b899ea50edf5f7437e9f5fc99d595a9629a2399e78a7ff27f3705"
    assert line["digest"] == "82f283c02869436373765bdacc137b9965402ec5fddc81ddb479e914826b231e"


def test_an_instant_is_written_in_utc_with_microseconds() -> None:
    east = AT.astimezone(timezone(timedelta(hours=8))).replace(microsecond=0)
    salt = bytes(32)
    entry = Entry(negotiation="n", sequence=1, at=east, channel="web", party="bank", kind="call",
                  content=content_digest(salt, ""), previous=NO_PREVIOUS)  # fmt: skip
    assert entry.header["at"] == "2026-11-21T02:00:00.000000Z"
    assert set(entry.line(text="", salt=salt)) == LINE_KEYS


def test_a_whole_chain_holds_also_after_a_journey_through_json() -> None:
    lines = [json.loads(json.dumps(line)) for line in chain("一", "二\u2028", "")]
    assert verify(lines) is None


def erased(lines: list[dict[str, object]], *places: int, kind: str = ERASED) -> list[dict[str, object]]:
    """The lines with an entry more, which says that the words at those places are gone."""
    files = tuple(erasure_of(str(place), str(lines[place - 1]["content"])) for place in places)
    salt = b"\x09" * 32
    last = Entry(negotiation="n-1", sequence=len(lines) + 1, at=AT, channel="system", party="hub", kind=kind,
                 content=content_digest(salt, "x"), previous=str(lines[-1]["digest"]), attachments=files)  # fmt: skip
    return [*lines, last.line(text="x", salt=salt)]


def test_an_erased_text_leaves_the_chain_whole() -> None:
    lines = erased(chain("一", "二", "三"), 2)
    lines[1] |= {"text": None, "salt": None}
    assert verify(lines) is None


def test_a_text_that_is_missing_though_no_entry_says_it_was_erased_is_named() -> None:
    for lines in (chain("一", "二"), erased(chain("一", "二"), 1), erased(chain("一", "二"), 2, kind="message")):
        lines[1] |= {"text": None, "salt": None}
        assert verify(lines) == Broken(sequence=2, reason=BreakReason.ERASED)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"text": "两"}, BreakReason.CONTENT),
        ({"salt": "FF" * 32}, BreakReason.CONTENT),
        ({"salt": "02" * 31}, BreakReason.CONTENT),
        ({"salt": None}, BreakReason.FORM),
        ({"text": None}, BreakReason.FORM),
        ({"content": "0" * 64}, BreakReason.CONTENT),
        ({"negotiation": "n-2"}, BreakReason.NEGOTIATION),
        ({"sequence": 3}, BreakReason.SEQUENCE),
        ({"sequence": True}, BreakReason.FORM),
        ({"previous": NO_PREVIOUS}, BreakReason.PREVIOUS),
        ({"digest": "0" * 64}, BreakReason.DIGEST),
        ({"at": "2026-11-21T02:00:02.123457Z"}, BreakReason.DIGEST),
        ({"channel": "web"}, BreakReason.DIGEST),
        ({"channel": "\ud800"}, BreakReason.FORM),
        ({"party": "bank"}, BreakReason.DIGEST),
        ({"kind": "call"}, BreakReason.DIGEST),
        ({"event": None}, BreakReason.DIGEST),
        ({"from": None}, BreakReason.DIGEST),
        ({"to": "agreed"}, BreakReason.DIGEST),
        ({"attachments": []}, BreakReason.DIGEST),
        ({"attachments": None}, BreakReason.FORM),
        ({"note": "added"}, BreakReason.FORM),
    ],
)
def test_a_changed_entry_is_named(change: dict[str, object], reason: BreakReason) -> None:
    lines = chain("一", "二", "三")
    lines[1] |= change
    assert verify(lines) == Broken(sequence=2, reason=reason)


@given(st.data())
def test_no_single_field_can_change_unseen(data: st.DataObject) -> None:
    lines = chain("一", "二", "三")
    place = data.draw(st.integers(0, 2))
    key = data.draw(st.sampled_from(sorted(LINE_KEYS)))
    changed = copy.deepcopy(lines)
    value = data.draw(st.one_of(st.none(), st.booleans(), st.integers(), st.text()))
    assume((value, type(value)) != (lines[place][key], type(lines[place][key])))
    changed[place][key] = value
    broken = verify(changed)
    assert broken is not None
    assert broken.sequence == place + 1


@pytest.mark.parametrize("order", [[1, 2], [0, 2], [0, 1, 1, 2], [0, 2, 1]])
def test_a_missing_doubled_or_moved_entry_is_named(order: list[int]) -> None:
    lines = chain("一", "二", "三")
    broken = verify([lines[place] for place in order])
    assert broken is not None
    assert broken.reason is BreakReason.SEQUENCE


def test_an_entry_forged_with_a_digest_of_its_own_breaks_the_next() -> None:
    lines = chain("一", "二", "三")
    header = {key: lines[0][key] for key in HEADER_KEYS} | {"party": "bank"}
    lines[0] |= header | {"digest": entry_digest(header)}
    assert verify(lines) == Broken(sequence=2, reason=BreakReason.PREVIOUS)


def test_a_cut_tail_is_seen_only_by_a_noted_head() -> None:
    lines = chain("一", "二", "三")
    head = Head(sequence=3, digest=str(lines[2]["digest"]))
    assert verify(lines, heads=[head]) is None
    assert verify(lines[:2]) is None
    assert verify(lines[:2], heads=[head]) == Broken(sequence=3, reason=BreakReason.HEAD)


def test_a_chain_made_anew_is_seen_by_a_noted_head() -> None:
    head = Head(sequence=2, digest=str(chain("一", "二", "三")[1]["digest"]))
    forged = chain("一", "别的", "三")
    assert verify(forged) is None
    assert verify(forged, heads=[head]) == Broken(sequence=2, reason=BreakReason.HEAD)


def test_text_cannot_move_into_the_salt() -> None:
    with pytest.raises(InvalidValue, match="log_salt_length"):
        content_digest(b"\x01" * 31, "a")


@pytest.mark.parametrize(
    ("sequence", "previous", "at", "code"),
    [
        (0, NO_PREVIOUS, AT, "log_sequence"),
        (2, NO_PREVIOUS, AT, "log_sequence"),
        (1, "a" * 64, AT, "log_sequence"),
        (1, "A" * 64, AT, "log_digest"),
        (1, NO_PREVIOUS, AT.replace(tzinfo=None), "log_time_without_offset"),
    ],
)
def test_an_entry_that_fits_no_chain_is_refused(sequence: int, previous: str, at: datetime, code: str) -> None:
    with pytest.raises(InvalidValue, match=code):
        Entry(negotiation="n", sequence=sequence, at=at, channel="app", party="bank", kind="message",
              content="b" * 64, previous=previous)  # fmt: skip


def test_an_entry_is_digested_as_its_header() -> None:
    line = chain("一")[0]
    header = {key: value for key, value in line.items() if key not in {"text", "salt", "digest"}}
    assert entry_digest(header) == line["digest"]
