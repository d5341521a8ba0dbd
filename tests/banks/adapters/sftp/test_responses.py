"""What a bank lays out on its sshd: read once its files agree, applied in order, and moved aside."""

import errno
import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import paramiko
import pytest

from hub.banks.adapters.sftp import Sftp
from hub.banks.adapters.sftp.files import call_of
from hub.banks.port import BankCall, Refusal, WrongResponse
from hub.domain.bank import Bank
from hub.domain.errors import InvalidValue, TryAgain
from tests.banks.sftp_batches import a_bank, adapter, bank, event
from tests.banks.sshd import Sshd, sshd

__all__ = ["adapter", "bank", "sshd"]


@dataclass
class Heard:
    """What the hub was given: calls that it applies unless `refuses` names their id, and reports."""

    calls: list[BankCall] = field(default_factory=list)
    wrong: list[WrongResponse] = field(default_factory=list)
    refuses: dict[str, Refusal] = field(default_factory=dict)
    meanwhile: Callable[[BankCall], None] = lambda _: None

    def apply(self, call: BankCall) -> Refusal | None:
        self.meanwhile(call)
        self.calls.append(call)
        return self.refuses.get(call.id)

    def report(self, wrong: WrongResponse) -> bool:
        self.wrong.append(wrong)
        return True

    @property
    def ids(self) -> list[str]:
        return [call.id for call in self.calls]

    @property
    def codes(self) -> list[str]:
        return [wrong.code for wrong in self.wrong]


@pytest.fixture
def heard() -> Heard:
    return Heard()


def lay_out(sshd: Sshd, name: str, lines: Sequence[bytes], /, **changes: Any) -> None:
    """A response of the bank, as it should be but for `changes` of its control file; `ctl` is that as bytes."""
    data = b"".join(line + b"\n" for line in lines)
    folder = sshd.folder("in")
    (folder / f"{name}.jsonl").write_bytes(data)
    control = {"lines": len(lines), "files": {f"{name}.jsonl": hashlib.sha256(data).hexdigest()}}
    content = changes.pop("ctl", None) or json.dumps({**control, **changes}).encode()
    (folder / f"{name}.ctl").write_bytes(content)


@pytest.mark.slow
def test_responses_are_applied_in_order_and_moved_aside(sshd: Sshd, adapter: Sftp, bank: Bank, heard: Heard) -> None:
    lay_out(sshd, "RSP_2", [event(3)])
    lay_out(sshd, "RSP_1", [event(1), event(2)])
    lay_out(sshd, "RSP_empty", [])
    assert adapter.collect(bank, heard.apply, heard.report) == 3
    assert (heard.ids, heard.wrong) == (["ev-1", "ev-2", "ev-3"], [])
    assert json.loads(heard.calls[0].content) == {"type": "acknowledged", "negotiation": "n1", "data": {"一": 1}}
    assert (sshd.names("in"), sshd.names("out")) == ([], [])
    assert sshd.names("done") == sorted(f"RSP_{each}.{end}" for each in ("1", "2", "empty") for end in ("ctl", "jsonl"))
    assert adapter.collect(bank, heard.apply, heard.report) == 0


@pytest.mark.slow
def test_nothing_is_read_before_its_control_file_is_there(sshd: Sshd, adapter: Sftp, bank: Bank, heard: Heard) -> None:
    lay_out(sshd, "RSP_1", [event(1)])
    control = sshd.folder("in") / "RSP_1.ctl"
    control.rename(control.with_suffix(".ctl.part"))
    (sshd.folder("in") / "NEG_1.ctl").write_bytes(b"{}")
    assert adapter.collect(bank, heard.apply, heard.report) == 0
    assert (heard.calls, heard.codes, len(sshd.names("in"))) == ([], ["control_missing", "name_ending"], 3)
    assert all(wrong.lies_since is not None for wrong in heard.wrong)
    control.with_suffix(".ctl.part").rename(control)
    assert adapter.collect(bank, heard.apply, heard.report) == 1


SHA = hashlib.sha256(event(1) + b"\n").hexdigest()


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"files": {"RSP_1.jsonl": "0" * 64}}, "file_differs"),
    ({"files": {"RSP_1.jsonl": SHA.upper()}}, "control_form"),
    ({"lines": 2}, "lines_differ"),
    ({"lines": 0}, "lines_differ"),
    ({"lines": True}, "control_form"),
    ({"lines": "1"}, "control_form"),
    ({"lines": 1001}, "too_large"),
    ({"files": {"RSP_1.jsonl": SHA, "RSP_1/more.pdf": SHA}}, "file_missing"),
    ({"files": {"RSP_2.jsonl": SHA}}, "control_form"),
    ({"files": {"RSP_1.jsonl": SHA, "../host_key": SHA}}, "control_form"),
    ({"files": {"RSP_1.jsonl": SHA, "/etc/passwd": SHA}}, "control_form"),
    ({"files": [SHA]}, "control_form"),
    ({"ctl": b"{"}, "control_form"),
    ({"ctl": b"[" * 100_000}, "control_form"),
    ({"ctl": b" " * 300_000}, "too_large"),
]


@pytest.mark.slow
def test_a_response_that_does_not_agree_is_left_and_reported(
    sshd: Sshd, adapter: Sftp, bank: Bank, heard: Heard
) -> None:
    for changes, code in WRONG:
        lay_out(sshd, "RSP_1", [event(1)], **changes)
        lay_out(sshd, "RSP_9", [event(9)])
        heard.calls.clear()
        heard.wrong.clear()
        for _ in range(2):
            adapter.collect(bank, heard.apply, heard.report)
        assert (heard.codes, heard.ids, changes) == ([code] * 2, ["ev-9"], changes)
        assert heard.wrong[0] == heard.wrong[1]
        assert sshd.names("in") == ["RSP_1.ctl", "RSP_1.jsonl"]
    lay_out(sshd, "RSP_1", [event(1)])
    assert adapter.collect(bank, heard.apply, heard.report) == 1


@pytest.mark.slow
def test_an_altered_or_missing_or_huge_data_file_is_never_applied(
    sshd: Sshd, adapter: Sftp, bank: Bank, heard: Heard
) -> None:
    data = sshd.folder("in") / "RSP_1.jsonl"
    lay_out(sshd, "RSP_1", [event(1), event(2)])
    whole = data.read_bytes()
    data.write_bytes(whole[:-20])
    adapter.collect(bank, heard.apply, heard.report)
    data.write_bytes(whole.replace(b"ev-1", b"ev-7"))
    adapter.collect(bank, heard.apply, heard.report)
    with data.open("wb") as file:
        file.truncate(17 * 2**20)
    adapter.collect(bank, heard.apply, heard.report)
    data.unlink()
    adapter.collect(bank, heard.apply, heard.report)
    assert (heard.codes, heard.calls) == (["file_differs", "file_differs", "too_large", "file_missing"], [])
    data.write_bytes(whole)
    assert adapter.collect(bank, heard.apply, heard.report) == 2


@pytest.mark.slow
def test_files_named_beside_the_lines_must_agree_too(sshd: Sshd, adapter: Sftp, bank: Bank, heard: Heard) -> None:
    more = sshd.folder("in") / "RSP_1" / "letter.pdf"
    more.parent.mkdir()
    more.write_bytes(b"altered")
    files = {"RSP_1.jsonl": SHA, "RSP_1/letter.pdf": hashlib.sha256(b"a letter").hexdigest()}
    lay_out(sshd, "RSP_1", [event(1)], files=files)
    adapter.collect(bank, heard.apply, heard.report)
    assert (heard.codes, heard.calls) == (["file_differs"], [])
    more.write_bytes(b"a letter")
    assert adapter.collect(bank, heard.apply, heard.report) == 1


@pytest.mark.slow
def test_a_line_that_cannot_be_applied_stops_no_other_and_goes_back_with_its_reason(
    sshd: Sshd, adapter: Sftp, bank: Bank, heard: Heard
) -> None:
    heard.refuses["ev-2"] = Refusal(code="status_conflict", text="too late", status=409)
    heard.refuses[""] = Refusal(code="json_syntax", text="no JSON", status=400)
    twice = b'{"event":"ev-5","event":"ev-6","type":"acknowledged","negotiation":"n1"}'
    lines = [event(1), event(2), b"half a li", event(3), twice, b"[]", b"", event(4, event=7)]
    lay_out(sshd, "RSP_1", lines)
    assert adapter.collect(bank, heard.apply, heard.report) == 2
    assert heard.ids == ["ev-1", "ev-2", "", "ev-3", "", "", ""]
    assert [call.content for call in heard.calls if not call.id] == [lines[2], lines[4], lines[5], lines[7]]
    rejected = [json.loads(line) for line in (sshd.folder("out") / "RSP_1.rejected.jsonl").read_text().splitlines()]
    assert [(each["event"], each["line"], each["code"], each["reason"]) for each in rejected] == [
        ("ev-2", 2, "status_conflict", "too late"),
        (None, 3, "json_syntax", "no JSON"),
        (None, 5, "json_syntax", "no JSON"),
        (None, 6, "json_syntax", "no JSON"),
        (7, 8, "json_syntax", "no JSON"),
    ]
    assert (rejected[0]["negotiation"], rejected[1]["text"]) == ("n1", "half a li")
    assert (sshd.names("in"), len(sshd.names("done"))) == ([], 2)


def test_the_same_event_written_in_another_order_is_the_same_content() -> None:
    one = call_of(b'{"event":"e","type":"message","negotiation":"n","data":{"text":"a"}}\r')
    other = call_of(b'{"data": {"text": "a"}, "negotiation": "n", "type": "message", "event": "e"}')
    changed = call_of(b'{"event":"e","type":"message","negotiation":"n","data":{"text":"b"}}')
    assert (one, one.digest != changed.digest) == (other, True)


@pytest.mark.slow
def test_a_run_that_stops_half_way_leaves_everything_and_gives_the_same_again(
    sshd: Sshd, adapter: Sftp, bank: Bank, heard: Heard
) -> None:
    lay_out(sshd, "RSP_1", [event(1), event(2)])

    def stop(call: BankCall) -> None:
        if call.id == "ev-2":
            raise TryAgain("the database is away")

    heard.meanwhile = stop
    with pytest.raises(TryAgain, match="away"):
        adapter.collect(bank, heard.apply, heard.report)
    assert (heard.ids, len(sshd.names("in")), sshd.names("done")) == (["ev-1"], 2, [])
    heard.meanwhile = lambda _: None
    assert adapter.collect(bank, heard.apply, heard.report) == 2
    assert heard.ids == ["ev-1", "ev-1", "ev-2"]


@pytest.mark.slow
def test_a_server_that_goes_before_the_files_are_moved_gives_the_same_events_again(
    sshd: Sshd, adapter: Sftp, bank: Bank, heard: Heard
) -> None:
    lay_out(sshd, "RSP_1", [event(1), event(2)])
    heard.meanwhile = lambda call: sshd.stop() if call.id == "ev-2" else None
    with pytest.raises(TryAgain):
        adapter.collect(bank, heard.apply, heard.report)
    heard.meanwhile = lambda _: None
    sshd.start()
    assert adapter.collect(bank, heard.apply, heard.report) == 2
    assert (heard.ids, heard.wrong) == (["ev-1", "ev-2", "ev-1", "ev-2"], [])


@pytest.mark.slow
def test_a_run_that_ended_between_the_two_moves_is_completed_without_applying_again(
    sshd: Sshd, adapter: Sftp, bank: Bank, heard: Heard
) -> None:
    lay_out(sshd, "RSP_1", [event(1)])
    (sshd.folder("in") / "RSP_1.jsonl").rename(sshd.folder("done") / "RSP_1.jsonl")
    assert adapter.collect(bank, heard.apply, heard.report) == 0
    assert (heard.calls, heard.wrong, sshd.names("in"), len(sshd.names("done"))) == ([], [], [], 2)


@pytest.mark.slow
def test_a_name_that_is_taken_in_the_done_folder_gets_a_number(
    sshd: Sshd, adapter: Sftp, bank: Bank, heard: Heard
) -> None:
    for number in range(3):
        lay_out(sshd, "RSP_1", [event(number)])
        assert adapter.collect(bank, heard.apply, heard.report) == 1
    assert sshd.names("done") == sorted(
        ["RSP_1.ctl", "RSP_1.jsonl", "RSP_1.2.ctl", "RSP_1.2.jsonl", "RSP_1.3.ctl", "RSP_1.3.jsonl"]
    )
    assert b"ev-0" in (sshd.folder("done") / "RSP_1.jsonl").read_bytes()


@pytest.mark.slow
def test_one_folder_for_new_and_done_is_refused(sshd: Sshd, adapter: Sftp, heard: Heard) -> None:
    bank = a_bank(sshd.settings, done_dir=sshd.settings["in_dir"] + "/")
    with pytest.raises(TryAgain, match="same folder"):
        adapter.collect(bank, heard.apply, heard.report)


@pytest.mark.slow
@pytest.mark.parametrize("at", ["RSP_1.jsonl", "slip.pdf"])
def test_what_another_worker_moves_aside_just_now_is_no_fault_of_the_bank(
    sshd: Sshd, adapter: Sftp, bank: Bank, heard: Heard, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    lay_out(sshd, "RSP_1", [event(1)], files={"RSP_1.jsonl": SHA, "slip.pdf": hashlib.sha256(b"x").hexdigest()})
    (sshd.folder("in") / "slip.pdf").write_bytes(b"x")
    opened = paramiko.SFTPClient.open

    def opened_late(client: paramiko.SFTPClient, path: bytes, mode: str) -> paramiko.SFTPFile:
        if path == str(sshd.folder("in") / at).encode():
            for name in ("RSP_1.jsonl", "slip.pdf"):
                (sshd.folder("in") / name).rename(sshd.folder("done") / name)
        return opened(client, path, mode)

    monkeypatch.setattr(paramiko.SFTPClient, "open", opened_late)
    assert adapter.collect(bank, heard.apply, heard.report) == 0
    assert (heard.wrong, sshd.names("in"), sshd.names("out")) == ([], [], [])


@pytest.mark.slow
def test_a_name_that_is_too_long_for_its_rejections_holds_up_nothing_and_they_are_written_all_the_same(
    sshd: Sshd, adapter: Sftp, bank: Bank, heard: Heard
) -> None:
    long = "RSP_A" + "长" * 79
    heard.refuses["ev-2"] = Refusal(code="not_found", text="not_found", status=422)
    lay_out(sshd, long, [event(1), event(2)])
    lay_out(sshd, "RSP_B", [event(3)])
    assert adapter.collect(bank, heard.apply, heard.report) == 2
    assert (heard.ids, heard.wrong, sshd.names("in")) == (["ev-1", "ev-2", "ev-3"], [], [])
    [rejections] = sshd.names("out")
    assert (rejections.startswith("RSP_A长"), rejections.endswith(".rejected.jsonl")) == (True, True)
    assert b"not_found" in (sshd.folder("out") / rejections).read_bytes()


@pytest.mark.slow
@pytest.mark.parametrize("ending", [".ctl", ".jsonl"])
def test_a_file_that_our_user_may_not_read_is_reported_and_holds_up_nothing(
    sshd: Sshd, adapter: Sftp, bank: Bank, heard: Heard, monkeypatch: pytest.MonkeyPatch, ending: str
) -> None:
    lay_out(sshd, "RSP_1", [event(1)])
    lay_out(sshd, "RSP_2", [event(2)])
    opened = paramiko.SFTPClient.open

    # As a server says it; the one of these tests may run as somebody who may read everything.
    def refused(client: paramiko.SFTPClient, path: bytes, *mode: Any) -> paramiko.SFTPFile:
        if path.decode().endswith(f"RSP_1{ending}"):
            raise PermissionError(errno.EACCES, "Permission denied")
        return opened(client, path, *mode)

    with monkeypatch.context() as patched:
        patched.setattr(paramiko.SFTPClient, "open", refused)
        assert adapter.collect(bank, heard.apply, heard.report) == 1
    assert (heard.ids, heard.codes, heard.wrong[0].name) == (["ev-2"], ["file_unreadable"], "RSP_1.ctl")
    assert heard.wrong[0].lies_since is not None
    assert b"may not read it" in (sshd.folder("out") / "RSP_1.rejected.jsonl").read_bytes()
    assert adapter.collect(bank, heard.apply, heard.report) == 1


def test_a_bank_has_another_folder_for_what_is_done(adapter: Sftp, bank: Bank) -> None:
    adapter.check_fit(bank.settings)
    with pytest.raises(InvalidValue, match="sftp_folders_alike"):
        adapter.check_fit({**bank.settings, "done_dir": f"{bank.settings['in_dir']}/"})
