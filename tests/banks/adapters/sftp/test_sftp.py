"""The sftp way against a real sshd: batches appear whole or not at all; and its settings."""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from hub.banks.adapters.sftp import Sftp
from hub.domain.bank import Bank
from hub.domain.errors import BatchUnfit, EvidenceDamaged, InvalidValue, TryAgain
from tests.banks.sftp_batches import (
    BATCH,
    BYTES,
    NAME,
    a_bank,
    a_batch,
    adapter,
    bank,
    digest_of,
    disagreements,
    enclosure,
    message,
    places,
)
from tests.banks.sshd import Sshd, sshd, write_key
from tests.weather.proxy import Weather, proxy_of

__all__ = ["adapter", "bank", "sshd"]


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
