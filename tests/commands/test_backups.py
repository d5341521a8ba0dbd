"""`hub backup` and `hub restore`: what they say, what they refuse, and what a kill in the middle leaves behind."""

import errno
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from hub.domain.actor import HUB
from hub.steps import KILLED
from hub.wiring import Hub
from storage.backup_folder import Digesting
from storage.records import NegotiationRecord
from tests.applications import ICBC
from tests.commands.conftest import RunHub
from tests.conftest import Submit


@pytest.fixture
def reference(hub: Hub, submitted: Submit, work_off: Callable[[], int]) -> str:
    """The reference of a negotiation that its bank has."""
    sent = submitted(ICBC)
    work_off()
    with hub.reading(HUB) as tx:
        return tx.session.get_one(NegotiationRecord, sent.negotiation).reference


@pytest.fixture
def empty(home: Path) -> Path:
    """Another home, with nothing in it."""
    made = home.parent / "empty"
    made.mkdir(mode=0o700)
    return made


def killed_at(step: str, *words: str, cwd: Path) -> None:
    """The command, in a process of its own, ended at that step as a cut of the power would."""
    done = subprocess.run(
        [sys.executable, "-m", "hub", *words],
        cwd=cwd, env=os.environ | {"TEST_CRASH_AT": step}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == KILLED, done.stderr


def knows(hub_home: Path, reference: str, run_hub: RunHub) -> bool:
    said = run_hub("record", "export", reference, "-o", str(hub_home / "record.zip"), "--reason", "drill")
    return said.status == 0


def test_a_hub_goes_and_comes_back(
    run_hub: RunHub, reference: str, tmp_path: Path, empty: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = str(tmp_path / "backup")
    said = run_hub("backup", folder)
    assert (said.status, said.error) == (0, "")
    assert "The secret keys are not in it" in said.out
    assert run_hub("restore", folder, "--check").out.startswith("Whole. ")
    monkeypatch.setenv("HUB_HOME", str(empty))
    said = run_hub("restore", folder)
    assert (said.status, said.error) == (0, "")
    assert said.out.startswith(f"Restored: {folder}: ")
    assert run_hub("check", "--all").status == 0
    assert knows(tmp_path, reference, run_hub)
    assert [each["kind"] for each in run_hub("task", "list", "--json").json] == ["restored"]


def test_a_drill_leaves_nothing_behind_and_says_how_long_it_took(
    run_hub: RunHub, reference: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = str(tmp_path / "backup")
    run_hub("backup", folder)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    before = {each.name for each in tmp_path.iterdir()}
    said = run_hub("restore", folder, "--drill")
    assert (said.status, said.error) == (0, "")
    assert "restored and checked: read in " in said.out
    assert {each.name for each in tmp_path.iterdir()} == before
    next((tmp_path / "backup" / "objects").glob("*/*")).unlink()
    said = run_hub("restore", folder, "--drill", "--json")
    assert said.status == 1
    assert said.json["faults"][0]["kind"] == "file_missing"
    assert {each.name for each in tmp_path.iterdir()} == before


def test_only_an_empty_hub_is_restored_into(run_hub: RunHub, reference: str, home: Path, tmp_path: Path) -> None:
    run_hub("backup", str(tmp_path / "backup"))
    said = run_hub("restore", str(tmp_path / "backup"))
    assert said.status == 1
    assert said.error.startswith("Error: the hub is not empty (its database has rows in ")
    assert len(said.error.splitlines()) == 1
    assert run_hub("check", "--all").status == 0
    assert not (home / "restore-unfinished").exists()


def test_a_lost_key_is_one_line_before_anything_is_written(
    run_hub: RunHub, reference: str, tmp_path: Path, empty: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_hub("backup", str(tmp_path / "backup"))
    monkeypatch.setenv("HUB_HOME", str(empty))
    for keys in ("another-secret-that-is-long-enough-to-be-one", None):
        monkeypatch.delenv("HUB_SECRET_KEYS")
        if keys is not None:
            monkeypatch.setenv("HUB_SECRET_KEYS", keys)
        said = run_hub("restore", str(tmp_path / "backup"))
        assert (said.status, len(said.error.splitlines())) == (1, 1)
        assert "nothing was written" in said.error
        if keys is None:
            assert "put the secret keys back first" in said.error
        # The folder of an embedded hub may hold a database without a table, and no more.
        assert {each.name for each in empty.iterdir()} <= {"hub.db", "hub.db-wal", "hub.db-shm"}
        monkeypatch.setenv("HUB_SECRET_KEYS", "")


def test_a_head_kept_outside_that_the_backup_does_not_reach_stops_it(
    run_hub: RunHub, reference: str, tmp_path: Path, empty: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_hub("backup", str(tmp_path / "backup"))
    head = tmp_path / "head.json"
    head.write_text(run_hub("log", "head", "--sign").out)
    monkeypatch.setenv("HUB_HOME", str(empty))
    said = run_hub("restore", str(tmp_path / "backup"), "--head", str(head))
    assert said.status == 1
    assert "was kept outside, and the log of the backup ends with head 0" in said.error
    said = run_hub("restore", str(tmp_path / "backup"), "--head", str(head), "--reason", "the newer one is lost")
    assert said.status == 0
    assert said.error.startswith("head_newer: head 1 of ")
    assert "the newer one is lost" in run_hub("audit", "--json").out


@pytest.mark.parametrize("step", ["backup.rows", "backup.objects"])
@pytest.mark.parametrize("is_first", [True, False])
def test_a_backup_that_was_killed_does_not_pass_for_one(
    step: str, is_first: bool, run_hub: RunHub, reference: str, tmp_path: Path
) -> None:
    folder = str(tmp_path / "backup")
    if not is_first:
        run_hub("backup", folder)
    killed_at(step, "backup", folder, cwd=tmp_path)
    said = run_hub("restore", folder, "--check")
    if is_first:
        assert said.status == 1
        assert "one was begun there and broken off" in said.error
    else:
        # The one before is whole still.
        assert (said.status, said.error) == (0, "")
    assert run_hub("backup", folder).status == 0
    assert run_hub("restore", folder, "--check").status == 0
    assert len(list((tmp_path / "backup").glob("rows-*"))) == 1


@pytest.mark.parametrize("step", ["restore.object", "restore.objects", "restore.rows", "restore.committed"])
def test_a_restore_that_was_killed_says_so_and_is_begun_again(
    step: str, run_hub: RunHub, reference: str, tmp_path: Path, empty: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = str(tmp_path / "backup")
    run_hub("backup", folder)
    monkeypatch.setenv("HUB_HOME", str(empty))
    killed_at(step, "restore", folder, cwd=tmp_path)
    said = run_hub("task", "list")
    assert said.status == 1
    assert f"a restore was begun and not finished ({folder}): run it again" in said.error
    doctor = {each["part"]: each for each in run_hub("doctor", "--json").json["parts"]}
    assert (doctor["database"]["state"], "restore was begun" in doctor["database"]["detail"]) == ("wrong", True)
    said = run_hub("restore", folder)
    assert (said.status, said.error) == (0, "")
    assert run_hub("check", "--all").status == 0
    assert [each["kind"] for each in run_hub("task", "list", "--json").json] == ["restored"]


def test_a_drill_over_the_evidence_of_another_moment_names_what_differs(
    run_hub: RunHub, hub: Hub, reference: str, submitted: Submit, tmp_path: Path
) -> None:
    run_hub("backup", str(tmp_path / "old"))
    more = submitted(ICBC).evidence
    run_hub("backup", str(tmp_path / "new"))
    said = run_hub("restore", str(tmp_path / "new"), "--drill", "--evidence", str(tmp_path / "old"))
    assert said.status == 1
    assert [f"row_without_object: evidence {each}" for each in more] == [
        line.rpartition(": ")[0] for line in said.error.splitlines()[:-2]
    ]
    assert said.error.splitlines()[-2].startswith("NOT WHOLE, 1 fault.")
    assert "take another backup" in said.error.splitlines()[-1]
    said = run_hub("restore", str(tmp_path / "old"), "--drill", "--evidence", str(tmp_path / "new"), "--json")
    assert [(each["kind"], each["detail"]) for each in said.json["faults"]] == [
        ("object_without_row", f"was of evidence {each}") for each in more
    ]
    said = run_hub("restore", str(tmp_path / "old"), "--evidence", str(tmp_path / "new"))
    assert (said.status, "--evidence goes with --drill" in said.error) == (2, True)


def test_a_full_disk_is_one_line_and_no_backup(
    run_hub: RunHub, reference: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_room(_self: Digesting, _data: bytes) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Digesting, "write", no_room)
    said = run_hub("backup", str(tmp_path / "backup"))
    assert (said.status, said.out) == (1, "")
    assert said.error.startswith(f"Error: {tmp_path / 'backup'}/rows-")
    assert said.error.endswith(": No space left on device; make room.\n")
    assert run_hub("restore", str(tmp_path / "backup"), "--check").status == 1


def test_a_drill_over_rows_that_were_changed_ends_with_that(run_hub: RunHub, reference: str, tmp_path: Path) -> None:
    run_hub("backup", str(tmp_path / "backup"))
    [table] = (tmp_path / "backup").glob("rows-*/negotiation.gz")
    table.write_bytes(table.read_bytes()[:-9])
    said = run_hub("restore", str(tmp_path / "backup"), "--drill")
    assert said.status == 1
    assert said.error.splitlines()[:-1] == [
        f"file_changed: {table.relative_to(tmp_path / 'backup')}",
        "NOT WHOLE, 1 fault. Its rows cannot be restored, so nothing else was tried.",
    ]
