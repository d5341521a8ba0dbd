"""`hub doctor`: a line for each part, and nothing changed by looking."""

import hashlib
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from hub import health
from hub.clocks import SystemClock
from hub.commands import serving
from hub.documents.confinement import Walls
from hub.documents.scanner import Scanner
from hub.findings import Part
from hub.health import examination
from hub.settings import PRODUCTION
from hub.wiring import hub_from_environment
from storage import schema
from storage.database import create_engine
from tests.commands.conftest import RunHub

pytestmark = pytest.mark.slow

ON_THE_DATABASE = ("store", "mail", "calendar", "jobs", "deliveries", "tasks")


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
    states = {each["part"]: each["state"] for each in said.json["parts"]}
    assert set(states) == {"settings", *(each.name.lower() for each in Part)} - {"work"}
    assert states["database"] == states["migrations"] == states["keys"] == "fine"
    assert states["scanner"] == "warning"
    assert all(each["detail"] for each in said.json["parts"])


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
    found = {each["part"]: (each["state"], each["detail"]) for each in said.json["parts"]}
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
            "not looked at: the migrations come first",
        )
        assert not hub.is_up_to_date
    finally:
        hub.close()


def test_a_hub_of_an_older_version_says_whose_the_database_is(run_hub: RunHub, home: Path) -> None:
    engine = create_engine(f"sqlite:///{home / 'hub.db'}")
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999', runs_from = '9999'")
    engine.dispose()
    whose = "the database is of a newer version of the hub (database 9999"
    for words in (("bank", "list"), ("db", "upgrade"), ("up", "--port", "0")):
        said = run_hub(*words)
        assert (said.status, said.error.count("\n")) == (1, 1), said.error
        assert whose in said.error
    found = {each["part"]: each["detail"] for each in run_hub("doctor", "--json").json["parts"]}
    assert found["migrations"].startswith(whose)
    assert found["keys"] == "not looked at: the migrations come first"


@pytest.mark.parametrize(
    ("there", "state", "detail"),
    [
        (Walls(filters_calls=True, landlock=7), "fine", "limits, a system-call filter and Landlock 7"),
        (
            Walls(filters_calls=True, landlock=0),
            "warning",
            "limits, a system-call filter and no Landlock; this kernel has no Landlock: docs/operating.md",
        ),
        (
            Walls(filters_calls=False, landlock=0),
            "warning",
            (
                "limits, no system-call filter and no Landlock; this kernel has no seccomp and no Landlock: "
                "docs/operating.md"
            ),
        ),
    ],
)
def test_the_doctor_names_the_walls_around_what_decodes(
    monkeypatch: pytest.MonkeyPatch, run_hub: RunHub, there: Walls, state: str, detail: str
) -> None:
    monkeypatch.setattr(health, "walls", lambda: there)
    line = next(each for each in run_hub("doctor", "--json").json["parts"] if each["part"] == Part.DECODING)
    assert (line["state"], line["detail"]) == (state, f"files are decoded and papers printed behind {detail}")


def test_who_decodes_files_is_warned_once_of_missing_walls(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(serving, "walls", lambda: Walls(filters_calls=True, landlock=7))
    serving._warn_of_missing_walls()
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(serving, "walls", lambda: Walls(filters_calls=True, landlock=0))
    serving._warn_of_missing_walls()
    assert capsys.readouterr().err == "WARNING: this kernel has no Landlock around what decodes files\n"


@pytest.mark.parametrize(
    ("days", "state", "detail"),
    [
        (2, "fine", "ClamAV 1.4.6 answers, its signatures are 2 days old"),
        (8, "warning", "ClamAV 1.4.6 answers, its signatures are 8 days old: does freshclam run?"),
        (None, "warning", "ClamAV 1.4.6 answers, without signatures of a vendor: does freshclam run?"),
    ],
)
def test_the_doctor_says_how_old_the_scanners_signatures_are(
    monkeypatch: pytest.MonkeyPatch, run_hub: RunHub, days: int | None, state: str, detail: str
) -> None:
    made_at = None if days is None else SystemClock().now() - timedelta(days=days, hours=1)
    monkeypatch.setenv("HUB_SCANNER_URL", "tcp://127.0.0.1:1")
    monkeypatch.setattr(health, "ping", lambda _url: None)
    monkeypatch.setattr(health, "look_at", lambda _url: Scanner(name="ClamAV 1.4.6", signatures_made_at=made_at))
    line = next(each for each in run_hub("doctor", "--json").json["parts"] if each["part"] == Part.SCANNER)
    assert (line["state"], line["detail"]) == (state, detail)


def test_the_doctor_says_whether_papers_are_read_for_amounts(
    monkeypatch: pytest.MonkeyPatch, run_hub: RunHub, tmp_path: Path
) -> None:
    def line() -> tuple[str, str]:
        found = next(each for each in run_hub("doctor", "--json").json["parts"] if each["part"] == Part.OCR)
        return found["state"], found["detail"]

    assert line() == ("fine", "off: no file is read for amounts; HUB_OCR turns it on")
    monkeypatch.setenv("HUB_OCR", "tesseract")
    state, detail = line()
    assert state == "fine"
    assert re.fullmatch(r"Tesseract \S+ reads papers for amounts, behind the limits that decoding has", detail)
    monkeypatch.setenv("TESSDATA_PREFIX", str(tmp_path))
    assert line() == (
        "wrong",
        "Tesseract does not read Chinese here: apt-get install tesseract-ocr tesseract-ocr-chi-sim",
    )
