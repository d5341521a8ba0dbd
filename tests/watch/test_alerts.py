"""The rules of alarms: their checker takes them, and each is set off by a fault of its own."""

import re
from pathlib import Path

import pytest
import yaml

from tests.deploy import DEPLOY
from tests.watch import ALERTS, test_faults
from tests.watch.prometheus import asked, asks_promtool, rules


@asks_promtool
def test_prometheus_takes_the_rules() -> None:
    said = asked("check", "rules", ALERTS)
    assert (said.returncode, said.stderr) == (0, "")
    assert f"{len(rules())} rules found" in said.stdout


def test_every_alarm_is_set_off_by_a_fault() -> None:
    faults = Path(test_faults.__file__).read_text(encoding="utf-8")
    assert {rule["alert"] for rule in rules()} == set(re.findall(r'"(Hub[A-Z]\w+)"', faults))


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule["alert"])
def test_an_alarm_says_how_urgent_it_is_and_where_it_stands_what_to_do(rule: dict[str, dict[str, str]]) -> None:
    assert rule["labels"]["severity"] in {"page", "ticket"}
    assert rule["annotations"]["summary"]
    assert rule["annotations"]["runbook_url"] == f"docs/deploy/alarms.md#{str(rule['alert']).lower()}"


def test_somebody_is_told_of_what_is_urgent_and_somebody_of_the_rest() -> None:
    found = yaml.safe_load((DEPLOY / "prometheus" / "alertmanager.yml").read_text(encoding="utf-8"))
    route, told = found["route"], {each["name"] for each in found["receivers"] if each["email_configs"]}
    assert [each["matchers"] for each in route["routes"]] == [['severity="page"']]
    assert {route["receiver"], *(each["receiver"] for each in route["routes"])} == told
    asked_at = yaml.safe_load((DEPLOY / "prometheus" / "prometheus.yml").read_text(encoding="utf-8"))["alerting"]
    assert asked_at["alertmanagers"] == [{"static_configs": [{"targets": ["127.0.0.1:9093"]}]}]
