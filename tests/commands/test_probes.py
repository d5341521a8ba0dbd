"""`hub doctor --json`, as probes read it: one schema, names that stay, and a status that says the same."""

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from jsonschema import Draft202012Validator

from hub import health
from hub.findings import Finding, Part, fine, warning, wrong
from hub.health import work
from hub.services.evidence import judging
from hub.services.operating.heartbeats import Heartbeat
from hub.wiring import Hub
from tests.applications import ICBC
from tests.commands.conftest import CommandResult, RunHub
from tests.conftest import Submit
from tests.deploy import DEPLOY

pytestmark = pytest.mark.slow

SCHEMA = json.loads((DEPLOY / "doctor.schema.json").read_text(encoding="utf-8"))
# What probes out there name: nothing is ever taken away here without a new number of the schema.
NAMES = [
    *("settings", "database", "migrations", "walls", "keys", "home", "store", "mail", "sms", "scanner", "proxies"),
    *(
        "decoding",
        "ocr",
        "identity",
        "fonts",
        "pdf_speed",
        "seal",
        "calendar",
        "backup",
        "jobs",
        "deliveries",
        "tasks",
        "work",
    ),
]


def read(said: CommandResult) -> Any:
    """What a probe reads, once it is as the schema has it and the status says the same."""
    Draft202012Validator(SCHEMA).validate(said.json)
    worst = [each for each in ("wrong", "warning", "fine") if any(part["state"] == each for part in said.json["parts"])]
    assert said.json["state"] == worst[0]
    assert said.status == (1 if worst[0] == "wrong" else 0)
    return {part["part"]: part["state"] for part in said.json["parts"]}


def test_the_names_stay() -> None:
    assert SCHEMA["properties"]["schema"]["const"] == 1
    assert SCHEMA["properties"]["parts"]["items"]["properties"]["part"]["enum"] == NAMES
    assert ["settings", *(part.name.lower() for part in Part)] == NAMES


def test_a_hub_that_works_is_read_with_a_status_of_nought(run_hub: RunHub) -> None:
    said = run_hub("doctor", "--json")
    assert list(read(said)) == [each for each in NAMES if each != "work"]
    assert "Traceback" not in said.error


@pytest.mark.parametrize(("found", "status"), [(fine("x"), 0), (warning("x"), 0), (wrong("x"), 1)])
def test_the_worst_part_is_the_state_of_all(
    run_hub: RunHub, monkeypatch: pytest.MonkeyPatch, found: Finding, status: int
) -> None:
    monkeypatch.setattr(health, "look", lambda _hub, part: found if part is Part.JOBS else fine("x"))
    said = run_hub("doctor", "--json")
    assert (read(said)["jobs"], said.status, said.json["state"]) == (found.state, status, found.state)
    assert run_hub("doctor").status == status


def test_settings_that_cannot_be_read_are_read_by_a_probe(run_hub: RunHub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUB_DATABASE_URL", "nonsense")
    said = run_hub("doctor", "--json")
    assert (read(said), said.error) == ({"settings": "wrong"}, "")
    assert "HUB_DATABASE_URL" in said.json["parts"][0]["detail"]


def test_a_database_that_is_away_is_wrong_and_what_stands_on_it(
    run_hub: RunHub, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUB_DATABASE_URL", "postgresql+psycopg://nobody@127.0.0.1:1/hub")
    said = run_hub("doctor", "--json")
    states = read(said)
    assert "does it run, and may the hub in? See HUB_DATABASE_URL" in said.out
    assert {states[each] for each in ("database", "migrations", "store", "jobs", "tasks")} == {"wrong"}
    assert states["fonts"] == "fine"


def test_a_hub_that_should_run_is_asked_whether_its_work_is_done(
    run_hub: RunHub, hub: Hub, submitted: Submit, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert read(run_hub("doctor", "--json", "--running"))["work"] == "fine"
    submitted(ICBC, files=0)
    monkeypatch.setattr(work, "NOBODY_WORKS_S", -1.0)
    said = run_hub("doctor", "--json", "--running")
    assert (read(said)["work"], said.status) == ("wrong", 1)
    assert read(run_hub("doctor", "--json")).get("work") is None


def test_a_hub_without_a_worker_is_told_also_where_nothing_waits(
    run_hub: RunHub, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    # It was started just now, and its worker may be about to begin.
    assert read(run_hub("doctor", "--json", "--running"))["work"] == "fine"
    Heartbeat(hub, hub.real_clock, lambda: "slot-1").beat()
    with hub.database.engine.begin() as connection:
        for column in ("sealing_key.first_used_at", "worker_beat.at"):
            table, _, name = column.partition(".")
            connection.execute(sa.text(f"UPDATE {table} SET {name} = datetime({name}, '-3 minutes')"))
    said = run_hub("doctor", "--json", "--running")
    assert (read(said)["work"], said.status) == ("wrong", 1)
    told = "no worker has said for two minutes that it is there: does `hub worker` run?"
    assert said.json["parts"][-1]["detail"] == told
    Heartbeat(hub, hub.real_clock, lambda: "slot-1").beat()
    assert read(run_hub("doctor", "--json", "--running"))["work"] == "fine"


def test_files_that_wait_while_a_worker_runs_are_not_said_to_want_one(
    run_hub: RunHub, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(judging, "waiting", lambda _: judging.Waiting(files=1, longest_s=300.0))
    assert read(run_hub("doctor", "--json", "--running"))["work"] == "wrong"
    Heartbeat(hub, hub.real_clock, lambda: "slot-1").beat()
    said = run_hub("doctor", "--json", "--running")
    assert read(said)["work"] == "warning"
    assert "`scanner`" in said.json["parts"][-1]["detail"]


@pytest.mark.parametrize(("found", "status"), [(fine("x"), 0), (warning("two given up"), 1), (wrong("away"), 2)])
def test_the_check_for_nagios_says_the_same_in_its_own_numbers(
    run_hub: RunHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, found: Finding, status: int
) -> None:
    monkeypatch.setattr(health, "look", lambda _hub, part: found if part is Part.JOBS else fine("x"))
    (tmp_path / "said.json").write_text(run_hub("doctor", "--json").out)
    [check] = re.findall(r"```sh\n(hub doctor .*?)```", (DEPLOY / "alarms.md").read_text("utf-8"), re.DOTALL)
    line = check.replace("hub doctor --json --running", "cat said.json")
    said = subprocess.run(["/bin/sh", "-c", line], cwd=tmp_path, capture_output=True, text=True, check=False)
    detail = "" if found.state == "fine" else f"; jobs: {found.detail}"
    assert (said.returncode, said.stdout, said.stderr) == (status, f"{found.state}{detail}\n", "")
