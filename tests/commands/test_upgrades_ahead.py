"""`hub db upgrade --check` says what is ahead, by words and by its status, and changes nothing."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from storage import schema
from storage.database import create_engine
from tests.commands.conftest import RunHub

NEWEST = schema.newest_revision()
CODES = {"nothing": 0, "expands": 3, "contracts": 4, "newer": 5, "too_new": 6}


def _bring(home: Path, *, run: str, runs_from: str) -> None:
    """The database says so of itself, and its tables are as they were."""
    engine = create_engine(f"sqlite:///{home / 'hub.db'}")
    with engine.begin() as connection:
        marks = {"run": run, "runs_from": runs_from}
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = :run, runs_from = :runs_from", marks)
    engine.dispose()


def _back(home: Path, revision: str) -> None:
    engine = create_engine(f"sqlite:///{home / 'hub.db'}")
    schema.downgrade(engine, revision)
    engine.dispose()


@pytest.fixture
def ahead(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of migrations that are found; more can be put there."""
    found = shutil.copytree(schema.MIGRATIONS, tmp_path / "migrations")
    monkeypatch.setattr(schema, "MIGRATIONS", found)
    return found / "versions"


def _add(versions: Path, revision: str, before: str, *, expands: str) -> None:
    text = f'"""Do {revision}."""\nrevision = "{revision}"\ndown_revision = "{before}"\n{expands}\n'
    (versions / f"{revision}_more.py").write_text(text + "\ndef upgrade() -> None: ...\n", encoding="utf-8")


def _lines(run_hub: RunHub, expected: str) -> list[str]:
    """What it says, after it ended as it should by both words and JSON."""
    said, for_programs = run_hub("db", "upgrade", "--check"), run_hub("db", "upgrade", "--check", "--json")
    assert (said.error, for_programs.error) == ("", "")
    assert (said.status, for_programs.status, for_programs.json["status"]) == (CODES[expected],) * 2 + (expected,)
    return said.out.splitlines()


def test_of_a_database_that_is_up_to_date_there_is_nothing_to_do(run_hub: RunHub) -> None:
    assert _lines(run_hub, "nothing") == [f"Nothing to do: the database is at {NEWEST}."]


def test_steps_beside_which_the_release_before_goes_on_are_listed_in_their_order(run_hub: RunHub, ahead: Path) -> None:
    _add(ahead, "9001", NEWEST, expands="expands = True")
    _add(ahead, "9002", "9001", expands="expands = True")
    assert _lines(run_hub, "expands") == [
        "9001  expand    Do 9001",
        "9002  expand    Do 9002",
        "Ahead: 2, up to 9002. The release before may go on meanwhile and afterwards.",
    ]
    assert run_hub("db", "upgrade", "--check", "--json").json == {
        "status": "expands",
        "database": NEWEST,
        "code": "9002",
        "steps": [{"revision": each, "kind": "expand", "what": f"Do {each}"} for each in ("9001", "9002")],
    }


@pytest.mark.parametrize("said", ["expands = False", ""])
def test_one_step_that_contracts_or_does_not_say_is_enough_to_stop_everything(
    run_hub: RunHub, ahead: Path, said: str
) -> None:
    _add(ahead, "9001", NEWEST, expands=said)
    _add(ahead, "9002", "9001", expands="expands = True")
    first, _, last = _lines(run_hub, "contracts")
    assert first == "9001  contract  Do 9001"
    assert last == "Ahead: 2, up to 9002. Stop every web and worker of the release before first."


def test_a_database_that_says_from_which_code_on_it_is_used_runs_with_that_alone(run_hub: RunHub, home: Path) -> None:
    _bring(home, run="9999", runs_from=NEWEST)
    assert _lines(run_hub, "newer") == [
        f"The database is of a newer version (9999, this one knows {NEWEST}). This one runs on it."
    ]
    assert run_hub("bank", "list").status == 0
    _bring(home, run="9999", runs_from="9998")
    assert _lines(run_hub, "too_new") == [
        f"The database is of a newer version (9999, this one knows {NEWEST}). This one does not run on it."
    ]
    assert run_hub("bank", "list").status == 1


def test_the_tables_say_after_each_move_from_which_code_on_they_are_used(home: Path, ahead: Path) -> None:
    _add(ahead, "9001", NEWEST, expands="expands = True")
    _add(ahead, "9002", "9001", expands="expands = False\ndef downgrade() -> None: ...")
    engine = create_engine(f"sqlite:///{home / 'hub.db'}")
    marks = {}
    for revision in ("9001", "9002"):
        schema.upgrade(engine, revision)
        marks[revision] = schema.standing(engine).runs_from
    schema.downgrade(engine, "9001")
    marks["back"] = schema.standing(engine).runs_from
    engine.dispose()
    before = max(each.revision for each in schema.steps(after=None) if not each.expands and each.revision <= NEWEST)
    assert marks == {"9001": before, "9002": "9002", "back": before}


def test_what_is_behind_stays_behind(run_hub: RunHub, home: Path) -> None:
    _back(home, "0077")
    *listed, last = _lines(run_hub, "contracts")
    kinds = {each.revision: each.kind for each in schema.steps(after="0077")}
    assert [each.split()[:2] for each in listed] == [list(each) for each in sorted(kinds.items())]
    assert last.startswith(f"Ahead: {len(kinds)}, up to {NEWEST}.")
    assert _lines(run_hub, "contracts") == [*listed, last]
    assert run_hub("db", "upgrade").status == 0
    assert _lines(run_hub, "nothing") == [f"Nothing to do: the database is at {NEWEST}."]


def test_of_a_hub_that_was_never_started_nothing_is_made(run_hub: RunHub, home: Path) -> None:
    (home / "hub.db").unlink()
    (said,) = _lines(run_hub, "expands")
    assert said.startswith(f"Ahead: {len(schema.steps(after=None))}, up to {NEWEST}.")
    assert list(home.iterdir()) == []


def test_json_is_for_the_look_alone(run_hub: RunHub) -> None:
    assert run_hub("db", "upgrade", "--json").status == 2
