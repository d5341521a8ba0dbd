"""What a bank's folder must pass."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from hub.banks.conformance.report import Mark
from tests.banks.conformance.trials import Run, failed, started
from tests.banks.sshd import write_key

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("name", ["out_dir", "in_dir", "done_dir"])
def test_a_folder_that_is_not_there_fails_and_nothing_is_sent(
    name: str, port: int, tmp_path: Path, examine: Run
) -> None:
    with started("sftp", port, tmp_path) as far:
        checks = examine(far, **{name: "/not/there"})
    assert failed(checks) == [f"{name} can be read"]
    behind = checks[[check.name for check in checks].index(f"{name} can be read") + 1 :]
    assert {check.mark for check in behind} == {Mark.NOT_ASKED}
    assert far.wrote("came") == []


def test_the_test_leaves_no_file_of_its_own_but_batches_that_withdraw_it(
    port: int, tmp_path: Path, examine: Run
) -> None:
    with started("sftp", port, tmp_path) as far:
        examine(far)
        files = tmp_path / "bank" / "files"
        assert list((files / "in").iterdir()) == []
        assert {path.name[:4] for path in (files / "done").iterdir()} == {"RSP_"}
        *_, last = sorted((files / "out").glob("NEG_*.jsonl"))
    messages = [json.loads(line) for line in last.read_text().splitlines()]
    assert messages[-1]["type"] == "negotiation.withdrawn"
    assert all("不是真实申请" in json.dumps(each, ensure_ascii=False) for each in messages)


def test_responses_about_anything_else_are_left_where_they_lie(port: int, tmp_path: Path, examine: Run) -> None:
    with started("sftp", port, tmp_path) as far:
        far.behave("accept,stray")
        checks = examine(far)
        left = sorted(path.suffix for path in (tmp_path / "bank" / "files" / "in").iterdir())
    assert (failed(checks), set(left)) == ([], {".ctl", ".jsonl"})


@pytest.mark.parametrize(
    ("behaviour", "fails"),
    [
        ("accept,garbled", ["its control files agree"]),
        ("silent", ["lays out a response about the test application"]),
        ("accept,out-of-order", ["acknowledges before it decides"]),
        ("ask", ["decides: an offer or a rejection"]),
        ("accept,replayed", ["says one thing under one id"]),
    ],
)
def test_what_a_bank_lays_out_wrong_fails_the_check_that_is_about_it(
    port: int, tmp_path: Path, examine: Run, behaviour: str, fails: list[str]
) -> None:
    with started("sftp", port, tmp_path) as far:
        far.behave(behaviour)
        assert failed(examine(far)) == fails


@pytest.mark.parametrize("kind", ["ed25519", "rsa"])
def test_another_host_key_is_named_and_trusted_by_nobody(kind: str, port: int, tmp_path: Path, examine: Run) -> None:
    key = rsa.generate_private_key(65537, 2048) if kind == "rsa" else None
    other = write_key(tmp_path / "other", key).strip()
    with started("sftp", port, tmp_path) as far:
        first, *rest = examine(far, host_key=other)
    assert ("host key" in first.came, "host_key" in first.to_do) == (True, True)
    assert {check.mark for check in rest} == {Mark.NOT_ASKED}
