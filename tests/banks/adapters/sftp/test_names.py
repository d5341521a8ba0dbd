"""Names of responses in every spelling, and data files as programs write them: applied, or told of."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from hub.banks.adapters.sftp import Sftp
from hub.banks.adapters.sftp.files import ResponseFault, lines_in
from hub.banks.adapters.sftp.names import Entry, Unread, folded, sorted_out
from hub.banks.port import BankCall, WrongResponse
from hub.domain.bank import Bank
from hub.web.task_sentences import RESPONSES
from tests.banks.sftp_batches import adapter, bank, event
from tests.banks.sshd import Sshd, sshd

__all__ = ["adapter", "bank", "sshd"]  # fixtures

pytestmark = pytest.mark.slow


@pytest.fixture
def collect(sshd: Sshd, adapter: Sftp, bank: Bank) -> Callable[[], tuple[list[str], list[str]]]:
    """A way to collect: the ids that were applied, and what was reported as `name: code`."""

    def run() -> tuple[list[str], list[str]]:
        calls: list[BankCall] = []
        wrong: list[WrongResponse] = []
        adapter.collect(bank, calls.append, lambda each: wrong.append(each) or True)  # type: ignore[func-returns-value]
        return [call.id for call in calls], [f"{each.name}: {each.code}" for each in wrong]

    return run


Collected = Callable[[], tuple[list[str], list[str]]]


def lay_out(
    folder: Path, data_name: str | bytes, control_name: str | bytes, *, promised: str | None = None, **changes: Any
) -> None:
    """A response of one event under those names; `promised` is how its control file spells the first of them."""
    data: bytes = changes.pop("data", event(1) + b"\n")
    place = os.fsencode(folder) + b"/"
    Path(os.fsdecode(place + os.fsencode(data_name))).write_bytes(data)
    named = promised if promised is not None else str(data_name)
    control = {"lines": 1, "files": {named: hashlib.sha256(data).hexdigest()}, **changes}
    Path(os.fsdecode(place + os.fsencode(control_name))).write_text(json.dumps(control))


@pytest.mark.parametrize(
    ("data_name", "control_name", "promised"),
    [
        ("RSP_16(1).jsonl", "RSP_16(1).ctl", None),
        ("RSP_14 blank name.jsonl", "RSP_14 blank name.ctl", None),
        ("RSP_15中文（终）.jsonl", "RSP_15中文（终）.ctl", None),
        ("RSP_13UPEXT.JSONL", "RSP_13UPEXT.CTL", None),
        ("RSP_13.jsonl", "RSP_13.CTL", None),
        ("RSP_13.JSONL", "RSP_13.ctl", "RSP_13.jsonl"),
        ("rsp_20261121.jsonl", "rsp_20261121.ctl", None),
        (" RSP_1.jsonl", " RSP_1.ctl", None),
        (" RSP_1.jsonl", "RSP_1.ctl ", "RSP_1.jsonl"),
        ("\u3000RSP_1.jsonl", "RSP_1.ctl", "RSP_1.jsonl"),
        ("\ufeffRSP_1.jsonl", "\ufeffRSP_1.ctl", "RSP_1.jsonl"),
        ("RSP_1 .jsonl", "RSP_1 .ctl", None),
        ("RSP_Café.jsonl", "RSP_Cafe\u0301.ctl", "RSP_Café.jsonl"),
        ("RSP_'$(x)&;[1]#%.jsonl", "RSP_'$(x)&;[1]#%.ctl", None),
        (f"RSP_{'9' * 180}.jsonl", f"RSP_{'9' * 180}.ctl", None),
        ("RSP_.jsonl", "RSP_.ctl", None),
        ("RSP_回复.jsonl".encode("gb18030"), "RSP_回复.ctl".encode("gb18030"), "RSP_回复.jsonl"),
    ],
    ids=repr,
)
def test_a_response_is_applied_however_its_name_is_spelt(
    sshd: Sshd, collect: Collected, data_name: str | bytes, control_name: str | bytes, promised: str | None
) -> None:
    lay_out(sshd.folder("in"), data_name, control_name, promised=promised)
    assert collect() == (["ev-1"], [])
    assert list(sshd.folder("in").iterdir()) == []
    done = {os.fsencode(data_name), os.fsencode(control_name)}
    assert {os.fsencode(path.name) for path in sshd.folder("done").iterdir()} == done
    assert collect() == ([], [])


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("RSP_1.jsonl", "control_missing"),
        ("RSP_1.JSONL", "control_missing"),
        ("RSP_1.ctl", "control_form"),
        ("RSP_1.ctl.txt", "name_ending"),
        ("RSP_1.jsonl.part", "name_ending"),
        ("RSP_1", "name_ending"),
        ("RSP_1.json", "name_ending"),
        ("RSP_1(1).jsonl.gz", "name_ending"),
    ],
)
def test_whatever_else_begins_like_a_response_is_reported_and_the_bank_can_read_why(
    sshd: Sshd, collect: Collected, name: str, code: str
) -> None:
    (sshd.folder("in") / name).write_bytes(b"")
    lay_out(sshd.folder("in"), "RSP_9.jsonl", "RSP_9.ctl")
    assert collect() == (["ev-1"], [f"{name}: {code}"])
    assert sshd.names("in") == [name]
    [told] = [json.loads((sshd.folder("out") / each).read_text()) for each in sshd.names("out")]
    assert (told["file"], told["code"], told["event"]) == (name, code, None)
    assert told["reason"].isascii()


def test_every_reason_has_words_for_the_operator() -> None:
    assert set(RESPONSES) == {*ResponseFault, *Unread}


def test_a_link_is_reported_and_a_folder_may_hold_what_a_control_file_names(sshd: Sshd, collect: Collected) -> None:
    (sshd.folder("in") / "RSP_1.ctl").symlink_to("/etc/hostname")
    (sshd.folder("in") / "RSP_1").mkdir()
    (sshd.folder("in") / "else.txt").write_bytes(b"")
    assert collect() == ([], ["RSP_1.ctl: not_a_file"])


def test_a_copy_that_names_another_file_is_reported(sshd: Sshd, collect: Collected) -> None:
    lay_out(sshd.folder("in"), "RSP_1 (1).jsonl", "RSP_1 (1).ctl", promised="RSP_1.jsonl")
    assert collect() == ([], ["RSP_1 (1).ctl: control_form"])


def test_wrong_responses_however_many_hold_up_none_behind_them(
    sshd: Sshd, collect: Collected, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hub.banks.adapters.sftp.MOST_RESPONSES", 2)
    for number in range(5):
        (sshd.folder("in") / f"RSP_1{number}.ctl").write_bytes(b"{")
        lay_out(sshd.folder("in"), f"RSP_2{number}.jsonl", f"RSP_2{number}.ctl")
    applied = [len(collect()[0]) for _ in range(4)]
    assert applied == [2, 2, 1, 0]


def test_of_two_spellings_each_control_file_has_its_own_data(sshd: Sshd, collect: Collected) -> None:
    lay_out(sshd.folder("in"), "RSP_a.jsonl", "RSP_a.ctl")
    lay_out(sshd.folder("in"), "RSP_A.jsonl", "RSP_A.ctl", data=event(2) + b"\n")
    ids, wrong = collect()
    assert (sorted(ids), wrong, sshd.names("in")) == (["ev-1", "ev-2"], [], [])


def test_files_named_beside_the_lines_move_aside_with_them(sshd: Sshd, collect: Collected) -> None:
    letter = sshd.folder("in") / "RSP_1 附件.pdf"
    letter.write_bytes(b"%PDF")
    data = event(1) + b"\n"
    files = {"RSP_1.jsonl": hashlib.sha256(data).hexdigest(), letter.name: hashlib.sha256(b"%PDF").hexdigest()}
    lay_out(sshd.folder("in"), "RSP_1.jsonl", "RSP_1.ctl", files=files)
    assert collect()[0] == ["ev-1"]
    assert (sshd.names("in"), letter.name in sshd.names("done")) == ([], True)


@pytest.mark.parametrize(
    ("data", "lines"),
    [
        (event(1) + b"\n\n", 1),
        (event(1) + b"\n\n", 2),
        (event(1), 1),
        (event(1) + b"\r\n", 1),
        (event(1) + b"\r\n\r\n", 1),
        (b"\xef\xbb\xbf" + event(1) + b"\n", 1),
        (b"\n" + event(1) + b"\n  \t\n", 1),
        (b"\xef\xbb\xbf" + event(1) + b"\r\n \r\n", 2),
    ],
)
def test_empty_lines_line_ends_and_marks_in_front_are_no_content(
    sshd: Sshd, collect: Collected, data: bytes, lines: int
) -> None:
    lay_out(sshd.folder("in"), "RSP_1.jsonl", "RSP_1.ctl", data=data, lines=lines)
    assert collect() == (["ev-1"], [])


def test_a_control_file_with_a_mark_in_front_is_read(sshd: Sshd, collect: Collected) -> None:
    lay_out(sshd.folder("in"), "RSP_1.jsonl", "RSP_1.ctl")
    control = sshd.folder("in") / "RSP_1.ctl"
    control.write_bytes(b"\xef\xbb\xbf" + control.read_bytes() + b"\r\n")
    assert collect() == (["ev-1"], [])


def test_lines_keep_the_numbers_that_an_editor_shows() -> None:
    assert lines_in(b"\na\r\n\n b \n") == [(2, b"a"), (4, b"b")]
    assert lines_in(b"") == lines_in(b"\n\r\n") == []


def test_names_are_sorted_out_by_what_they_begin_and_end_with() -> None:
    at = datetime(2026, 11, 21, tzinfo=UTC)
    names = ["NEG_1.ctl", "RSP_1.ctl", "xRSP_1.ctl", "rsp_1.jsonl", "RSP_2.jsonl", "RSP_3.x"]
    responses, strays = sorted_out([Entry(name=name, modified_at=at) for name in names])
    assert [(each.control.name, each.data, each.stem) for each in responses] == [("RSP_1.ctl", "rsp_1.jsonl", "RSP_1")]
    assert [(each.entry.name, each.why) for each in strays] == [
        ("RSP_2.jsonl", Unread.CONTROL_MISSING),
        ("RSP_3.x", Unread.NAME_ENDING),
    ]
    assert folded(" RSP_Ｘ.ＣＴＬ ") == "rsp_ｘ.ｃｔｌ"
