"""`hub calendar`, `hub clock` and `hub sla`."""

import json
from pathlib import Path

import pytest

from tests.applications import ICBC
from tests.commands.conftest import RunHub
from tests.conftest import Submit


def test_the_clock_is_shown_as_json_too(run_hub: RunHub) -> None:
    assert run_hub("clock", "advance", "3d").status == 0
    shown = run_hub("clock", "show", "--json").json
    assert shown["ahead_by_s"] == 3 * 86_400
    assert shown["now"].endswith("+08:00")


# The clock.


def test_the_clock_is_moved_on_by_minutes_hours_and_days_and_set_back(run_hub: RunHub, home: Path) -> None:
    for by in ("3d", "12h", "30m"):
        assert run_hub("clock", "advance", by).status == 0
    assert json.loads((home / "clock.json").read_text())["ahead_by_s"] == (3 * 24 + 12.5) * 3600
    assert run_hub("clock", "reset").status == 0
    assert not (home / "clock.json").exists()


@pytest.mark.parametrize("by", ["3", "d", "3w", "-3d", "1.5d", ""])
def test_a_step_that_is_none_is_one_line(run_hub: RunHub, home: Path, by: str) -> None:
    said = run_hub("clock", "advance", "--", by)
    assert (said.status, len(said.error.splitlines())) == (1, 1)
    assert not (home / "clock.json").exists()


def test_the_clock_does_not_leave_the_calendar(run_hub: RunHub, home: Path) -> None:
    said = [run_hub("clock", "advance", "999999d") for _ in range(4)]
    assert {each.status for each in said} == {1}
    assert not (home / "clock.json").exists()


def test_whatever_falls_due_meanwhile_has_happened(run_hub: RunHub, submitted: Submit, work_off: object) -> None:
    sent = submitted(ICBC, files=0)
    work_off()  # type: ignore[operator]
    assert [each["breached"] for each in run_hub("sla", "report", "--json").json] == [False]
    said = run_hub("clock", "advance", "40d")
    assert said.status == 0
    [line] = run_hub("sla", "report", "--json").json
    assert (line["breached"], line["working_days_left"], line["bank_code"]) == (True, 0, ICBC)
    assert line["negotiation"].startswith("XS-")
    assert sent.negotiation


def test_a_report_can_be_of_another_time(run_hub: RunHub) -> None:
    assert run_hub("sla", "report", "--as-of", "2026-11-21T18:00:00+08:00", "--json").json == []
    for wrong in ("yesterday", "2026-11-21T18:00:00", "9999-12-31T23:59:59Z"):
        said = run_hub("sla", "report", "--as-of", wrong)
        assert (said.status, len(said.error.splitlines()), wrong in said.error) == (1, 1, True)
