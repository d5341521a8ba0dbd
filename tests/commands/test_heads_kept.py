"""A restore compares heads that were kept outside; what it lost of them is excused afterwards, and nothing else."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from hub.wiring import Hub
from tests.applications import ICBC
from tests.commands.conftest import RunHub
from tests.commands.test_records import tamper
from tests.conftest import Submit

_WHY = ("--reason", "the newer backup is lost")
_LOG = ("log_head", "log_end", "log_node", "row_seal", "audit_entry")


class Outside:
    """A place where heads are kept, and the homes of hubs that come one after another."""

    def __init__(self, run_hub: RunHub, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self._run_hub, self._folder, self._monkeypatch = run_hub, folder, monkeypatch
        self.heads = folder / "heads.jsonl"
        self.option = ("--head", str(self.heads))

    def keep(self) -> int:
        """The number of the head that was signed just now."""
        said = self._run_hub("log", "head", "--sign")
        with self.heads.open("a") as out:
            out.write(said.out)
        return int(said.json["number"])

    def back_up(self, name: str) -> str:
        """Where the backup lies that was made just now."""
        assert self._run_hub("backup", str(self._folder / name)).status == 0
        return str(self._folder / name)

    def move_to(self, name: str) -> Path:
        """From now on commands are for another home, which is empty where it is new."""
        home = self._folder / name
        home.mkdir(mode=0o700, exist_ok=True)
        self._monkeypatch.setenv("HUB_HOME", str(home))
        return home


@pytest.fixture
def outside(
    run_hub: RunHub, submitted: Submit, work_off: Callable[[], int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Outside:
    """Such a place, for a hub with a negotiation whose first head was kept."""
    submitted(ICBC)
    work_off()
    made = Outside(run_hub, tmp_path, monkeypatch)
    assert made.keep() == 1
    return made


def write_a_line(run_hub: RunHub, name: str = "an app") -> None:
    assert run_hub("client", "add", "--name", name, "--scope", "applications:read").status == 0


def test_a_log_that_contradicts_a_head_kept_outside_is_not_restored_without_a_reason(
    run_hub: RunHub, hub: Hub, outside: Outside
) -> None:
    tamper(hub, *(f"DELETE FROM {table}" for table in _LOG))
    write_a_line(run_hub)
    assert run_hub("log", "head", "--sign").json["number"] == 1
    backup = outside.back_up("backup")
    home = outside.move_to("empty")
    said = run_hub("restore", backup, "--check", *outside.option)
    assert (said.status, said.error.splitlines()[0]) == (1, "head_broken: head 1: other")
    said = run_hub("restore", backup, *outside.option)
    assert (said.status, said.out) == (1, "")
    assert said.error == (
        "Error: head 1 (other) kept outside is not in the log of this backup: that log, or what was kept, was changed; "
        "find out which, and take another backup, or give --reason TEXT; nothing was written\n"
    )
    # The folder of an embedded hub may hold a database without a table, and no more.
    assert {each.name for each in home.iterdir()} <= {"hub.db", "hub.db-wal", "hub.db-shm"}
    said = run_hub("restore", backup, *outside.option, *_WHY)
    assert (said.status, said.error) == (0, "head_broken: head 1: other\n")
    [line] = [each for each in run_hub("audit", "--json").json if each["kind"] == "restored"]
    kept = json.loads(outside.heads.read_text())
    assert line["details"]["reason"] == _WHY[1]
    assert line["details"]["broken_heads"] == ["head 1: other"]
    assert line["details"]["lost_heads"] == [f"1:{kept['root']}"]


def test_a_head_that_was_altered_where_it_was_kept_is_refused_and_stays_broken(
    run_hub: RunHub, outside: Outside
) -> None:
    backup = outside.back_up("backup")
    kept = json.loads(outside.heads.read_text())
    outside.heads.write_text(json.dumps({**kept, "entries": kept["entries"] + 1}))
    outside.move_to("empty")
    assert "head 1 (signature) kept outside is not in the log" in run_hub("restore", backup, *outside.option).error
    said = run_hub("restore", backup, *outside.option, *_WHY)
    assert (said.status, said.error) == (0, "head_broken: head 1: signature\n")
    assert run_hub("log", "verify", *outside.option).error.startswith("head 1 is broken (signature)")


def test_a_head_that_a_restore_lost_is_excused_from_then_on_by_name(run_hub: RunHub, outside: Outside) -> None:
    backup = outside.back_up("backup")
    write_a_line(run_hub)
    assert outside.keep() == 2
    outside.move_to("second")
    assert run_hub("restore", backup, *outside.option, *_WHY).status == 0
    # One that is not signed anew yet, and then another of the number.
    for number in (None, 2):
        assert number is None or outside.keep() == number
        said = run_hub("log", "verify", *outside.option)
        assert (said.status, said.error.startswith("head 2 was lost by a restore, whose line")) == (0, True)
    assert run_hub("log", "verify", "--json", *outside.option).json["lost_heads"] == [2]
    lost = json.loads(outside.heads.read_text().splitlines()[1])
    assert run_hub("log", "verify", "--printed", f"2:{lost['root']}").status == 0
    backup = outside.back_up("later")
    for how in ("--check", "--drill"):
        said = run_hub("restore", backup, how, *outside.option)
        assert (said.status, said.out.startswith("Whole. ")) == (0, True)
        assert said.error == (
            f"head 2 of {lost['at']} was lost by a restore, whose line in the audit (`restored`) names it: no fault\n"
        )
    assert run_hub("restore", backup, "--drill", "--json", *outside.option).json["lost_heads"] == [2]
    outside.move_to("third")
    assert run_hub("restore", backup, *outside.option).status == 0


def test_only_what_the_restore_named_is_excused(run_hub: RunHub, outside: Outside) -> None:
    backup = outside.back_up("backup")
    write_a_line(run_hub)
    outside.keep()
    outside.move_to("second")
    assert run_hub("restore", backup, *outside.option, *_WHY).status == 0
    outside.move_to("home")
    write_a_line(run_hub, "another")
    assert outside.keep() == 3
    outside.move_to("second")
    said = run_hub("log", "verify", *outside.option)
    assert (said.status, "head 3 is broken (number)" in said.error) == (1, True)
    lines = outside.heads.read_text().splitlines()
    second = json.loads(lines[1])
    outside.heads.write_text(json.dumps({**second, "root": "0" * 64}))
    said = run_hub("log", "verify", *outside.option)
    assert (said.status, said.error.startswith("head 2 is broken (signature)")) == (1, True)
