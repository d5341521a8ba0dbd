"""The dashboard and the rules ask for figures that are there, and every figure is asked for."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.watch import DASHBOARD, DEPLOY
from tests.watch.conftest import Watched
from tests.watch.prometheus import asked, asks_promtool, rules, scrape_of

_FIGURE = re.compile(r"\bhub_[a-z_]+\b")


def dashboard() -> dict[str, object]:
    found: dict[str, object] = json.loads(DASHBOARD.read_text(encoding="utf-8"))
    return found


def questions() -> Iterator[str]:
    """What each panel asks, as Grafana sends it."""
    for panel in dashboard()["panels"]:  # type: ignore[attr-defined]
        for target in panel.get("targets", []):
            yield target["expr"].replace("$__rate_interval", "2m").replace("$bank", ".*")


@asks_promtool
def test_prometheus_takes_each_question_of_the_dashboard(tmp_path: Path) -> None:
    recorded = [{"record": f"panel:{number}", "expr": expr} for number, expr in enumerate(questions())]
    path = tmp_path / "questions.json"
    path.write_text(json.dumps({"groups": [{"name": "dashboard", "rules": recorded}]}), encoding="utf-8")
    said = asked("check", "rules", path)
    assert (said.returncode, said.stderr) == (0, "")
    assert len(recorded) > 30


@asks_promtool
def test_prometheus_takes_its_settings_with_the_rules_beside_them() -> None:
    said = asked("check", "config", DEPLOY / "prometheus" / "prometheus.yml")
    assert (said.returncode, said.stderr) == (0, ""), said.stdout


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_figures_and_those_who_ask_for_them_are_the_same(watched: Watched) -> None:
    watched.app.test_client().get("/sign-in/")
    there = {series.partition("{")[0] for series in scrape_of(watched.app)}
    asked_for = set(_FIGURE.findall(" ".join(questions())))
    by_rules = set(_FIGURE.findall(" ".join(rule["expr"] for rule in rules())))
    assert asked_for | by_rules <= there
    # Sum and count are what a histogram brings along.
    assert there - asked_for - {"up", "hub_request_seconds_sum", "hub_request_seconds_count"} == set()


def test_panels_lie_beside_each_other() -> None:
    taken: set[tuple[int, int]] = set()
    ids = []
    for panel in dashboard()["panels"]:  # type: ignore[attr-defined]
        at = panel["gridPos"]
        ids.append(panel["id"])
        place = {(at["x"] + across, at["y"] + down) for across in range(at["w"]) for down in range(at["h"])}
        assert not place & taken, panel["title"]
        assert at["x"] + at["w"] <= 24
        taken |= place
    assert len(set(ids)) == len(ids)
