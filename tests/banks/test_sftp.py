"""The sftp way against a real sshd: batches appear whole or not at all, and responses are read once they agree."""

import hashlib
import json
import random
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import PrivateFormat

from hub.banks import sftp_responses, sftp_session
from hub.banks.adapters.sftp import Sftp, make
from hub.banks.port import BankCall, Batch, Enclosure, Message, MessageKind, Refusal, WrongResponse
from hub.banks.sftp_keys import read_host_key
from hub.domain.bank import Bank, BankRules
from hub.domain.errors import BatchUnfit, EvidenceDamaged, HostNotTrusted, InvalidValue, TryAgain
from tests.banks.sshd import PrivateKey, Sshd, sshd, write_key
from tests.weather.proxy import Proxy, Weather, proxy_of

__all__ = ["sshd"]

NAME = "NEG_20261121_0001"
RSA = rsa.generate_private_key(65537, 2048)
ECDSA = ec.generate_private_key(ec.SECP256R1())


class Surroundings:
    """Every host may be reached, under its own name."""

    def check_host(self, host: str) -> str:
        return host


@pytest.fixture
def adapter() -> Sftp:
    return make(Surroundings())  # type: ignore[arg-type]


def a_bank(settings: dict[str, str], **changes: str) -> Bank:
    return Bank(
        code="01020000",
        name_zh="中国工商银行",
        name_en="ICBC",
        adapter="sftp",
        settings={**settings, **changes},
        rules=BankRules(),
    )


@pytest.fixture
def bank(sshd: Sshd) -> Bank:
    return a_bank(sshd.settings)


def enclosure(content: bytes, number: int = 0, media_type: str = "application/pdf") -> Enclosure:
    return Enclosure(
        id=f"e{number}",
        kind="payslip",
        file_name="工资单.pdf",
        media_type=media_type,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        read=lambda: iter([content[: len(content) // 2], content[len(content) // 2 :]]),
    )


def message(number: int, *files: Enclosure, **said: Any) -> Message:
    return Message(
        id=f"{number:032x}",
        kind=MessageKind.SUBMITTED,
        negotiation=f"n{number}",
        body=json.dumps({"negotiation": f"n{number}", "reference": "XS-1", **said}, ensure_ascii=False).encode(),
        queued_at=datetime(2026, 11, 21, tzinfo=UTC),
        enclosures=files,
    )


def a_batch(*messages: Message) -> Batch:
    return Batch(day="20261121", number=1, messages=messages)


BYTES = random.Random(7).randbytes(30_000)
BATCH = a_batch(message(1, enclosure(BYTES, 1), enclosure(b"a picture", 2, "image/jpeg"), text="一\n行"), message(2))


def digest_of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def disagreements(folder: Path) -> list[str]:
    """What a bank would see wrong just now: files that a control file names and that are not as it says."""
    wrong = []
    for control in folder.glob("*.ctl"):
        for name, sha256 in json.loads(control.read_text())["files"].items():
            if not (folder / name).is_file() or digest_of(folder / name) != sha256:
                wrong.append(name)
    return wrong


def places(folder: Path) -> dict[str, tuple[int, int]]:
    """Where each file lies on the disk and since when: what is written anew gets another place."""
    found = {path: path.stat() for path in folder.rglob("*") if path.is_file()}
    return {str(path.relative_to(folder)): (stat.st_ino, stat.st_mtime_ns) for path, stat in found.items()}


# Out.


@pytest.mark.slow
def test_a_batch_is_a_line_a_message_its_files_and_a_control_file_that_agrees(
    sshd: Sshd, adapter: Sftp, bank: Bank
) -> None:
    receipt = adapter.deliver_batch(BATCH, bank)
    out = sshd.folder("out")
    assert sshd.names("out") == [f"{NAME}.ctl", f"{NAME}.jsonl", f"{NAME}/e1.pdf", f"{NAME}/e2.jpg"]
    assert (out / NAME / "e1.pdf").read_bytes() == BYTES
    first, second = (out / f"{NAME}.jsonl").read_bytes().splitlines()
    assert json.loads(first) == {
        "delivery_id": f"{1:032x}",
        "type": "negotiation.submitted",
        "negotiation": "n1",
        "files": [{"name": "e1.pdf", "kind": "payslip"}, {"name": "e2.jpg", "kind": "payslip"}],
        "reference": "XS-1",
        "text": "一\n行",
    }
    assert json.loads(second)["delivery_id"] == f"{2:032x}"
    control = json.loads((out / f"{NAME}.ctl").read_bytes())
    assert control["lines"] == 2
    assert control["files"] == {name: digest_of(out / name) for name in sshd.names("out")[1:]}
    assert receipt.detail == f"{NAME}.ctl"


@pytest.mark.slow
def test_a_batch_that_has_arrived_is_not_written_again(sshd: Sshd, adapter: Sftp, bank: Bank) -> None:
    assert not adapter.has_batch(BATCH, bank)
    adapter.deliver_batch(BATCH, bank)
    before = places(sshd.folder("out"))
    adapter.deliver_batch(BATCH, bank)
    assert (places(sshd.folder("out")), adapter.has_batch(BATCH, bank)) == (before, True)


@pytest.mark.slow
def test_what_an_earlier_attempt_left_whole_is_kept_and_what_differs_is_replaced(
    sshd: Sshd, adapter: Sftp, bank: Bank
) -> None:
    folder = sshd.folder("out") / NAME
    folder.mkdir()
    (folder / "e1.pdf").write_bytes(BYTES)
    (folder / "e2.jpg").write_bytes(b"b picture")
    (folder / "e2.jpg.part").write_bytes(b"left over")
    before = places(folder)
    adapter.deliver_batch(BATCH, bank)
    assert places(folder)["e1.pdf"] == before["e1.pdf"]
    assert sorted(places(folder)) == ["e1.pdf", "e2.jpg"]
    assert disagreements(sshd.folder("out")) == []


@pytest.mark.slow
def test_a_cut_at_any_size_leaves_no_control_file_with_a_wrong_file(sshd: Sshd, adapter: Sftp) -> None:
    cuts = 0
    with proxy_of(sshd.port) as proxy:
        bank = a_bank(sshd.settings, port=str(proxy.port))
        for number, after in enumerate(range(1024, 120_000, 4096), start=1):
            batch = replace(BATCH, number=number)
            with proxy.during(Weather(cut_up_after=after)):
                try:
                    adapter.deliver_batch(batch, bank)
                except TryAgain:
                    cuts += 1
                    assert not (sshd.folder("out") / f"NEG_20261121_{number:04d}.ctl").exists()
                else:
                    break
            assert disagreements(sshd.folder("out")) == []
            adapter.deliver_batch(batch, bank)
            assert (sshd.folder("out") / f"NEG_20261121_{number:04d}.ctl").exists()
    assert cuts >= 8
    assert disagreements(sshd.folder("out")) == []
    assert not [name for name in sshd.names("out") if name.endswith(".part")]


@pytest.mark.slow
def test_a_batch_whose_last_answer_is_lost_is_found_there(sshd: Sshd, adapter: Sftp) -> None:
    lost, number, too_few, enough = 0, 0, 2000, 20_000
    with proxy_of(sshd.port) as proxy:
        bank = a_bank(sshd.settings, port=str(proxy.port))
        # Nearer and nearer to where the very last answer just comes through.
        while enough - too_few > 8:
            number, after = number + 1, (too_few + enough) // 2
            batch = replace(BATCH, number=number)
            control = sshd.folder("out") / f"NEG_20261121_{number:04d}.ctl"
            with proxy.during(Weather(cut_down_after=after)):
                try:
                    adapter.deliver_batch(batch, bank)
                    enough = after
                except TryAgain:
                    too_few = after
                    lost += control.exists()
            there = places(sshd.folder("out")) if control.exists() else {}
            adapter.deliver_batch(batch, bank)
            assert places(sshd.folder("out")).items() >= there.items()
    assert lost >= 1


@pytest.mark.slow
def test_at_no_moment_of_a_slow_transfer_a_control_file_stands_before_its_files(sshd: Sshd, adapter: Sftp) -> None:
    ended, wrong, looks = threading.Event(), [], 0

    def watch() -> None:
        nonlocal looks
        while not ended.is_set():
            wrong.extend(disagreements(sshd.folder("out")))
            looks += 1

    watcher = threading.Thread(target=watch)
    with proxy_of(sshd.port) as proxy, proxy.during(Weather(bytes_a_second=60_000)):
        watcher.start()
        try:
            adapter.deliver_batch(BATCH, a_bank(sshd.settings, port=str(proxy.port)))
        finally:
            ended.set()
            watcher.join()
    assert (wrong, looks > 10, adapter.has_batch(BATCH, a_bank(sshd.settings))) == ([], True, True)


@pytest.mark.slow
def test_two_workers_that_write_one_batch_at_once_leave_it_right(sshd: Sshd, adapter: Sftp, bank: Bank) -> None:
    meet, ended = threading.Barrier(2), []

    def send() -> None:
        meet.wait()
        try:
            ended.append(adapter.deliver_batch(BATCH, bank).detail)
        except TryAgain as error:
            ended.append(error.detail)

    for _ in range(3):
        threads = [threading.Thread(target=send) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert disagreements(sshd.folder("out")) == []
    adapter.deliver_batch(BATCH, bank)
    assert (len(ended), disagreements(sshd.folder("out"))) == (6, [])


@pytest.mark.slow
@pytest.mark.parametrize("damage", ["changed", "cut", "unreadable"])
def test_a_batch_with_a_damaged_file_is_not_sent_and_names_the_message(
    sshd: Sshd, adapter: Sftp, bank: Bank, damage: str
) -> None:
    def read() -> Iterator[bytes]:
        yield BYTES[:-1] if damage == "cut" else BYTES[:-1] + b"x"
        if damage == "unreadable":
            raise EvidenceDamaged

    damaged = replace(enclosure(BYTES, 1), read=read)
    with pytest.raises(BatchUnfit) as refusal:
        adapter.deliver_batch(a_batch(message(1), message(2, damaged)), bank)
    assert refusal.value.message_id == f"{2:032x}"
    assert not {f"{NAME}.ctl", f"{NAME}/e1.pdf"} & set(sshd.names("out"))


@pytest.mark.slow
def test_a_name_that_another_batch_has_is_refused(sshd: Sshd, adapter: Sftp, bank: Bank) -> None:
    adapter.deliver_batch(BATCH, bank)
    for ask in (adapter.deliver_batch, adapter.has_batch):
        with pytest.raises(BatchUnfit) as refusal:
            ask(a_batch(message(3)), bank)
        assert refusal.value.message_id is None
    assert disagreements(sshd.folder("out")) == []


@pytest.mark.slow
def test_a_server_that_lacks_the_folder_says_which(sshd: Sshd, adapter: Sftp) -> None:
    with pytest.raises(TryAgain, match="/nowhere/"):
        adapter.deliver_batch(BATCH, a_bank(sshd.settings, out_dir=str(sshd.root / "nowhere")))


# Who is at the other end.


@pytest.mark.slow
def test_a_server_with_another_host_key_is_told_nothing(sshd: Sshd, adapter: Sftp, tmp_path: Path) -> None:
    other = write_key(tmp_path / "other")
    with pytest.raises(HostNotTrusted, match="another host key"):
        adapter.deliver_batch(BATCH, a_bank(sshd.settings, host_key=other))
    with pytest.raises(HostNotTrusted, match="no host key of the kind"):
        adapter.deliver_batch(BATCH, a_bank(sshd.settings, host_key=write_key(tmp_path / "rsa", RSA)))
    assert sshd.names("out") == []
    assert "Accepted" not in (sshd.root / "log").read_text()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("key", "form"),
    [
        (RSA, PrivateFormat.OpenSSH),
        (RSA, PrivateFormat.TraditionalOpenSSL),
        (RSA, PrivateFormat.PKCS8),
        (ECDSA, PrivateFormat.OpenSSH),
        (ECDSA, PrivateFormat.PKCS8),
    ],
)
def test_keys_of_each_kind_and_form_sign_in_to_hosts_of_each_kind(
    sshd: Sshd, adapter: Sftp, key: PrivateKey, form: PrivateFormat
) -> None:
    sshd.stop()
    sshd.authorize(write_key(sshd.root / "ours", key, form))
    host_key = write_key(sshd.root / "host_key", key)
    sshd.start()
    settings = {**sshd.settings, "our_private_key": str(sshd.root / "ours"), "host_key": f"{host_key} the bank's"}
    adapter.deliver_batch(BATCH, a_bank(settings))
    assert disagreements(sshd.folder("out")) == []


@pytest.mark.slow
def test_a_key_that_the_server_does_not_know_is_tried_again_later(sshd: Sshd, adapter: Sftp, bank: Bank) -> None:
    sshd.authorize()
    with pytest.raises(TryAgain, match="sign in"):
        adapter.deliver_batch(BATCH, bank)


@pytest.fixture
def access(sshd: Sshd) -> sftp_session.Access:
    settings = sshd.settings
    return sftp_session.Access(
        host="bank.example",
        address="127.0.0.1",
        port=sshd.port,
        user=settings["user"],
        private_key=Path(settings["our_private_key"]),
        host_key=read_host_key(settings["host_key"]),
    )


@pytest.mark.slow
def test_a_server_that_never_speaks_is_left_in_time(access: sftp_session.Access) -> None:
    limits = sftp_session.Limits(connect_s=0.3, setup_s=0.6)
    with (
        socket.create_server(("127.0.0.1", 0)) as silent,
        pytest.raises(TryAgain, match=r"bank\.example"),
        sftp_session.opened(replace(access, port=silent.getsockname()[1]), limits),
    ):
        pass


def _stalled(proxy: Proxy, session: sftp_session.Session, path: Path) -> None:
    proxy.weather = Weather(stalls=True)
    session.write(str(path), iter([b"x" * 1000] * 100))


@pytest.mark.slow
@pytest.mark.parametrize("limits", [{"answer_s": 0.5}, {"whole_s": 0.5}])
def test_a_server_that_hangs_in_the_middle_is_left_in_time(
    sshd: Sshd, access: sftp_session.Access, limits: dict[str, float]
) -> None:
    with (
        proxy_of(sshd.port) as proxy,
        pytest.raises(TryAgain, match=r"bank\.example: write"),
        sftp_session.opened(replace(access, port=proxy.port), sftp_session.Limits(**limits)) as session,
    ):
        _stalled(proxy, session, sshd.folder("out") / "x")
    assert "x" not in sshd.names("out")


@pytest.mark.slow
def test_a_file_that_another_worker_began_meanwhile_is_not_taken_for_whole(
    sshd: Sshd, access: sftp_session.Access
) -> None:
    class Died(Exception):
        pass

    def dies() -> Iterator[bytes]:
        yield BYTES[:10]
        raise Died

    with sftp_session.opened(access) as one, sftp_session.opened(access) as other:

        def interrupted() -> Iterator[bytes]:
            yield BYTES[:20_000]
            with pytest.raises(Died):
                other.write(str(sshd.folder("out") / "x"), dies())
            yield BYTES[20_000:]

        with pytest.raises(TryAgain, match="did not arrive whole"):
            one.write(str(sshd.folder("out") / "x"), interrupted())
    assert "x" not in sshd.names("out")


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("host", "sftp.bank.example", None),
        ("host", "10.0.0.7", None),
        ("host", "2001:db8::7", None),
        ("host", "sftp://bank.example", "sftp_host"),
        ("host", "bank.example:22", "sftp_host"),
        ("host", "", "sftp_host"),
        ("port", "2222", None),
        ("port", "0", "whole_number_between"),
        ("port", "65536", "whole_number_between"),
        ("port", "٢٢", "whole_number_between"),
        ("user", "hub", None),
        ("user", "", "text_characters"),
        ("out_dir", "/hub/out/", None),
        ("out_dir", "out", None),
        ("out_dir", " ", "sftp_folder"),
        ("in_dir", "/hub/../etc", "sftp_folder"),
        ("done_dir", "/hub\n", "sftp_folder"),
        ("host_key", "ssh-ed25519", "sftp_host_key"),
        ("host_key", "ssh-ed25519 not-base64!", "sftp_host_key"),
        ("host_key", "ssh-dss AAAAB3NzaC1kc3MAAACB", "sftp_host_key"),
        ("host_key", "ssh-rsa AAAAC3NzaC1lZDI1NTE5AAAAIJd7c1yMBYOnYKEMyYgjPLGLOqqTW5Yw5bWkX3bkSxmD", "sftp_host_key"),
        ("our_private_key", "/no/such/file", "sftp_private_key"),
        ("our_private_key", __file__, "sftp_private_key"),
    ],
)
def test_settings_are_checked_when_they_are_set(adapter: Sftp, name: str, text: str, code: str | None) -> None:
    if code is None:
        adapter.settings[name](text)
        return
    with pytest.raises(InvalidValue) as refusal:
        adapter.settings[name](text)
    assert refusal.value.code == code


def test_a_small_key_or_one_with_a_passphrase_is_refused(adapter: Sftp, tmp_path: Path) -> None:
    write_key(tmp_path / "small", rsa.generate_private_key(65537, 1024))
    subprocess.run(["ssh-keygen", "-q", "-N", "a passphrase", "-f", tmp_path / "locked"], check=True)
    for name in ("small", "locked"):
        with pytest.raises(InvalidValue, match="sftp_private_key"):
            adapter.settings["our_private_key"](str(tmp_path / name))


@pytest.mark.slow
def test_the_web_process_checks_settings_without_the_library(tmp_path: Path) -> None:
    line = write_key(tmp_path / "key")
    looks = (
        "import sys, hub.app; from hub.banks.adapters.sftp import make; adapter = make(None); "
        f"adapter.settings['our_private_key'](r'{tmp_path / 'key'}'); adapter.settings['host_key']('{line}'); "
        "sys.exit('paramiko' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", looks], check=False).returncode == 0


# Back.


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


def event(number: int, **changes: Any) -> bytes:
    said = {"event": f"ev-{number}", "type": "acknowledged", "negotiation": "n1", "data": {"一": number}, **changes}
    return json.dumps(said, ensure_ascii=False).encode()


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
    one = sftp_responses.call_of(b'{"event":"e","type":"message","negotiation":"n","data":{"text":"a"}}\r')
    other = sftp_responses.call_of(b'{"data": {"text": "a"}, "negotiation": "n", "type": "message", "event": "e"}')
    changed = sftp_responses.call_of(b'{"event":"e","type":"message","negotiation":"n","data":{"text":"b"}}')
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
