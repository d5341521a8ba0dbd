"""What is on record of backups: each that was made, checked or drilled, here or by another program."""

from datetime import timedelta
from pathlib import Path

import pytest

from hub import health
from hub.domain.actor import HUB
from hub.domain.backup_note import BackupKind, BackupState
from hub.domain.clock import FixedClock
from hub.findings import Finding, Part, State
from hub.services.backups import noting
from hub.wiring import Hub
from tests.commands.conftest import CommandResult, RunHub


def states(run_hub: RunHub) -> list[tuple[str, str]]:
    return [(each["kind"], each["state"]) for each in run_hub("backups", "list", "--json").json]


def test_a_backup_is_on_record_with_its_moment_and_its_size(run_hub: RunHub, hub: Hub, tmp_path: Path) -> None:
    made = run_hub("backup", str(tmp_path / "kept"), "--json").json
    [noted] = run_hub("backups", "list", "--json").json
    size = sum(each.stat().st_size for each in (tmp_path / "kept").rglob("*") if each.is_file())
    manifest = (tmp_path / "kept" / "manifest.json").stat().st_size
    assert noted == {
        "kind": "whole", "state": "made", "made_at": made["made_at"], "bytes": size - manifest,
        "checked_at": None, "drilled_at": None,
    }  # fmt: skip


def test_what_a_check_and_a_drill_found_whole_is_on_record(run_hub: RunHub, hub: Hub, tmp_path: Path) -> None:
    folder = str(tmp_path / "kept")
    run_hub("backup", folder)
    assert run_hub("restore", folder, "--check").status == 0
    assert states(run_hub) == [("whole", "checked")]
    assert run_hub("restore", folder, "--drill").status == 0
    assert states(run_hub) == [("whole", "drilled")]


@pytest.mark.parametrize("how", ["--check", "--drill"])
def test_what_is_not_whole_is_not_on_record_as_whole(run_hub: RunHub, hub: Hub, tmp_path: Path, how: str) -> None:
    folder = tmp_path / "kept"
    run_hub("backup", str(folder))
    next(folder.glob("rows-*/audit_entry.gz")).unlink()
    assert run_hub("restore", str(folder), how).status == 1
    assert states(run_hub) == [("whole", "made")]


def test_a_backup_is_checked_where_its_hub_is_gone(
    run_hub: RunHub, hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = str(tmp_path / "kept")
    run_hub("backup", folder)
    monkeypatch.setenv("HUB_DATABASE_URL", "postgresql+psycopg://hub@127.0.0.1:1/hub")
    said = run_hub("restore", folder, "--check")
    assert (said.status, "Whole. " in said.out) == (0, True)
    assert said.error == "Not put on record: the hub's database cannot be used here.\n"


def test_a_check_writes_nothing_into_the_hub_that_is_still_to_be_restored(
    run_hub: RunHub, hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, empty = str(tmp_path / "kept"), tmp_path / "empty"
    run_hub("backup", folder)
    empty.mkdir(mode=0o700)
    monkeypatch.setenv("HUB_HOME", str(empty))
    assert run_hub("restore", folder, "--check").status == 0
    assert list(empty.iterdir()) == []


def test_another_program_puts_its_backup_on_record(run_hub: RunHub, hub: Hub) -> None:
    said = run_hub("backups", "note", "--kind", "database", "--bytes", "4096", "--state", "checked")
    assert (said.status, said.out.rstrip().endswith("database  checked: on record.")) == (0, True)
    [noted] = run_hub("backups", "list", "--json").json
    assert (noted["kind"], noted["bytes"], noted["checked_at"], noted["drilled_at"]) == (
        "database", 4096, noted["made_at"], None,
    )  # fmt: skip


@pytest.mark.parametrize("words", [(), ("--kind", "half"), ("--kind", "whole", "--bytes", "-1")])
def test_words_that_do_not_fit_are_refused_and_nothing_is_noted(
    run_hub: RunHub, hub: Hub, words: tuple[str, ...]
) -> None:
    said: CommandResult = run_hub("backups", "note", *words)
    assert said.status == 2
    assert states(run_hub) == []


def found_after(hub: Hub, *noted: tuple[timedelta, BackupState]) -> Finding:
    """What the doctor of production finds where the newest backups are so old."""
    hub.real_clock = FixedClock(hub.real_clock.now())
    with hub.writing(HUB) as tx:
        for age, state in noted:
            noting.note_made(tx, BackupKind.WHOLE, state, at=hub.real_clock.now() - age, size=None)
    return health.look(hub, Part.BACKUP)


HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("noted", "state", "words"),
    [
        ([], State.FINE, "none noted"),
        ([(HOUR, BackupState.DRILLED)], State.FINE, "the newest is 1 h old"),
        ([(HOUR, BackupState.CHECKED)], State.FINE, "the newest checked 1 h, the newest drilled none yet"),
        ([(35 * HOUR, BackupState.DRILLED)], State.FINE, "the newest is 35 h old"),
        ([(37 * HOUR, BackupState.DRILLED)], State.WARNING, "does hub-backup.timer run?"),
        ([(HOUR, BackupState.MADE), (61 * HOUR, BackupState.DRILLED)], State.WARNING, "--check"),
        ([(HOUR, BackupState.CHECKED), (217 * HOUR, BackupState.DRILLED)], State.WARNING, "--drill"),
        ([(HOUR, BackupState.CHECKED), (215 * HOUR, BackupState.DRILLED)], State.FINE, "the newest drilled 8 days"),
    ],
)
def test_the_doctor_says_how_old_the_newest_backups_are(
    hub: Hub, noted: list[tuple[timedelta, BackupState]], state: State, words: str
) -> None:
    found = found_after(hub, *noted)
    assert (found.state, words in found.detail) == (state, True), found.detail


def test_what_is_long_overwritten_is_on_record_no_more(hub: Hub) -> None:
    hub.real_clock = FixedClock(hub.real_clock.now())
    with hub.writing(HUB) as tx:
        for days in (401, 30, 0):
            at = hub.real_clock.now() - timedelta(days=days)
            noting.note_made(tx, BackupKind.WHOLE, BackupState.MADE, at=at, size=1)
        assert [(hub.real_clock.now() - each.made_at).days for each in noting.listed(tx)] == [0, 30]
