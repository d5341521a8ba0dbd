"""`hub doctor`: a line for each part, and nothing changed by looking."""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from hub.health import Part, examination
from hub.settings import PRODUCTION
from hub.wiring import hub_from_environment
from storage import schema
from storage.database import create_engine
from tests.commands.conftest import RunHub

pytestmark = pytest.mark.slow

ON_THE_DATABASE = ("evidence store", "mail", "calendar", "jobs", "deliveries", "tasks")


def never_started(home: Path) -> None:
    (home / "hub.db").unlink()


def never_there(home: Path) -> None:
    never_started(home)
    home.rmdir()


def behind(home: Path) -> None:
    engine = create_engine(f"sqlite:///{home / 'hub.db'}")
    schema.downgrade(engine, "-1")
    engine.dispose()


def without_keys(home: Path) -> None:
    """Its database is up to date and empty, as `hub db upgrade` leaves it."""


def content_of(home: Path) -> dict[str, str]:
    """The digest of every file below, but for what SQLite keeps while somebody reads."""
    files = [each for each in home.rglob("*") if each.is_file() and each.suffix not in {".db-shm", ".db-wal"}]
    return {str(each.relative_to(home)): hashlib.sha256(each.read_bytes()).hexdigest() for each in files}


def test_there_is_a_line_for_each_part(run_hub: RunHub) -> None:
    said = run_hub("doctor", "--json")
    states = {each["part"]: each["state"] for each in said.json}
    assert set(states) == {*Part} - {Part.WORK}
    assert states["database"] == states["migrations"] == states["keys"] == "fine"
    assert states["scanner"] == "warning"
    assert all(each["detail"] for each in said.json)


@pytest.mark.parametrize(
    ("left_as", "first"),
    [
        (never_there, "database"),
        (never_started, "database"),
        (behind, "migrations"),
        (without_keys, "keys"),
    ],
)
def test_looking_makes_nothing_of_an_embedded_hub_that_is_not_ready(
    left_as: Callable[[Path], None], first: str, run_hub: RunHub, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HUB_SECRET_KEYS")
    left_as(home)
    before = content_of(home)
    said = run_hub("doctor", "--json")
    found = {each["part"]: (each["state"], each["detail"]) for each in said.json}
    assert content_of(home) == before
    assert home.exists() is (left_as is not never_there)
    # The hub sees to it by itself, so nothing is wrong; what stands on it has to wait.
    assert said.status == 0
    assert (found[first][0], "`hub up`" in found[first][1]) == ("warning", True)
    assert {found[part] for part in ON_THE_DATABASE} == {("warning", "not looked at: made by the first start")}
    assert found["fonts"][0] == "fine"


def test_a_production_hub_that_is_behind_is_wrong_and_stays_so(run_hub: RunHub, home: Path) -> None:
    behind(home)
    hub = hub_from_environment()
    hub.settings = replace(hub.settings, env=PRODUCTION)
    try:
        found = examination(hub)
        assert (found[Part.MIGRATIONS].state, found[Part.MIGRATIONS].detail) == ("wrong", "run `hub db upgrade`")
        assert (found[Part.STORE].state, found[Part.STORE].detail) == (
            "wrong",
            "not looked at: run `hub db upgrade` first",
        )
        assert not hub.is_up_to_date
    finally:
        hub.close()
