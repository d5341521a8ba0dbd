"""Heads of the log: what is signed, how they follow each other, and how they are found in what people keep."""

import json
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest

from hub.domain import log_heads
from hub.domain.errors import InvalidValue
from hub.domain.log_chain import NO_PREVIOUS
from hub.domain.log_heads import ChainEnd, Head, heads_in, row_digest

AT = datetime(2026, 11, 29, 1, 2, 3, 999999, tzinfo=UTC)


def head(number: int = 1, **values: object) -> Head:
    whole = {
        "number": number,
        "at": "2026-11-29T09:02:03+08:00",
        "entries": 7,
        "root": "ab" * 32,
        "previous": NO_PREVIOUS if number == 1 else "cd" * 32,
        "key_id": "0123456789abcdef",
        "signature": "ef" * 64,
    }
    return Head.parse({**whole, **values})


def test_what_is_signed_is_the_one_spelling_of_all_but_the_signature() -> None:
    made = log_heads.unsigned(
        number=1, at=AT, entries=7, root=b"\xab" * 32, previous=NO_PREVIOUS, key_id="0123456789abcdef"
    )
    assert made.signed_bytes == (
        b'{"at":"2026-11-29T09:02:03+08:00","entries":7,"key_id":"0123456789abcdef","number":1,"previous":"'
        + b"0" * 64
        + b'","root":"'
        + b"ab" * 32
        + b'"}'
    )
    assert head().signed_bytes == made.signed_bytes
    assert set(head().whole) == {"number", "at", "entries", "root", "previous", "key_id", "signature"}


def test_the_digest_that_the_next_head_names_covers_all_of_a_head() -> None:
    others = [head(entries=8), head(signature="00" * 64), head(at="2026-11-29T09:02:04+08:00"), head(2)]
    assert head().digest not in {each.digest for each in others}
    assert Head.parse(json.loads(json.dumps(head().whole))) == head()


@pytest.mark.parametrize(
    "values",
    [
        {"number": 0},
        {"number": True},
        {"number": "1"},
        {"entries": -1},
        {"entries": 1.0},
        {"root": "AB" * 32},
        {"root": None},
        {"previous": "cd" * 32},
        {"key_id": "x"},
        {"signature": "ef" * 63},
        {"at": "2026-11-29T09:02:03"},
        {"at": "yesterday"},
        {"at": 5},
    ],
)
def test_what_is_no_head_is_refused(values: dict[str, object]) -> None:
    with pytest.raises(InvalidValue):
        head(**values)  # type: ignore[arg-type]
    with pytest.raises(InvalidValue):
        Head.parse({**head().whole, "more": 1})


def test_only_the_first_head_follows_none() -> None:
    with pytest.raises(InvalidValue):
        head(2, previous=NO_PREVIOUS)


def test_each_part_of_a_chains_end_is_in_its_leaf() -> None:
    ends = [
        ChainEnd(chain="a", length=1, head="ab" * 32),
        ChainEnd(chain="b", length=1, head="ab" * 32),
        ChainEnd(chain="a", length=2, head="ab" * 32),
        ChainEnd(chain="a", length=1, head="cd" * 32),
    ]
    assert len({each.leaf for each in ends}) == 4


def test_heads_are_found_in_an_answer_of_the_api_in_lines_and_among_other_words() -> None:
    first, second = head(), head(2)
    page = {"items": [first.whole, second.whole], "next_cursor": None, "keys": [{"key_id": "x", "public_key": "y"}]}
    for kept in (
        json.dumps(page, indent=2),
        f"{json.dumps(first.whole)}\n{json.dumps(second.whole)}\n",
        f"请保存：\n  {json.dumps(first.whole)}  {{}} {{x}}\n谢谢 {json.dumps(second.whole)} {json.dumps(first.whole)}",
    ):
        assert heads_in(kept.encode()) == [first, second]
    assert heads_in("没有".encode()) == heads_in(b"\xff\x00") == []


def test_a_head_is_found_in_a_mail_and_in_the_file_that_it_encloses() -> None:
    mail = EmailMessage()
    mail["Subject"] = "日志"
    mail.set_content(f"请保存：{json.dumps(head().whole)}", cte="base64")
    mail.add_attachment(json.dumps(head(2).whole).encode(), maintype="application", subtype="json", filename="h.json")
    mail.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="x.pdf")
    assert heads_in(mail.as_bytes()) == [head(), head(2)]


def test_a_head_that_somebody_bent_is_no_silent_omission() -> None:
    with pytest.raises(InvalidValue):
        heads_in(json.dumps({**head().whole, "root": "?"}).encode())


def test_the_digest_of_a_row_covers_its_log_place_predecessor_and_all_its_values() -> None:
    row = {"id": "1", "actor": "bank:staff/2", "what": "page", "bank_code": None}
    whole = {"log": "access", "sequence": 1, "previous": NO_PREVIOUS, "row": row}
    others = [
        {**whole, "log": "audit"},
        {**whole, "sequence": 2},
        {**whole, "previous": "ab" * 32},
        {**whole, "row": {**row, "what": "paper"}},
    ]
    digests = {row_digest(**each) for each in [whole, *others]}  # type: ignore[arg-type]
    assert len(digests) == 5
