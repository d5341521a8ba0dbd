"""What Prometheus would make of scrapes: rules over them, asked of its own checker."""

import json
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml
from flask import Flask
from prometheus_client.parser import text_string_to_metric_families

from tests.watch import ALERTS

PROMTOOL = shutil.which("promtool") or shutil.which("promtool", path=str(Path(sys.executable).parent))
asks_promtool = pytest.mark.skipif(PROMTOOL is None, reason="this machine has no promtool; `.ci/setup --tests` has it")

Scrape = Mapping[str, float]
"""Series, in the words of Prometheus, with their values."""

_WHERE = {"job": "hub", "instance": "127.0.0.1:9100"}
# So long all is as in the first scrape, and afterwards as in the second.
_BEFORE_MIN, _AFTER_MIN = 61, 60
# An alarm that comes at all comes within this.
_WITHIN_MIN = 40


def scraped(text: str) -> dict[str, float]:
    """The series of an answer, as Prometheus would keep them; the scrape itself is one."""
    found = {
        _series(sample.name, sample.labels): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if not sample.name.endswith("_created")
    }
    return {**found, _series("up", {}): 1.0}


def scrape_of(app: Flask) -> dict[str, float]:
    """The series that `app` tells just now."""
    answer = app.test_client().get("/metrics")
    assert answer.status_code == 200
    return scraped(answer.get_data(as_text=True))


def down() -> dict[str, float]:
    """What Prometheus keeps of a scrape that was not answered."""
    return {_series("up", {}): 0.0}


def _series(name: str, labels: Mapping[str, str]) -> str:
    words = ",".join(f"{key}={json.dumps(value, ensure_ascii=False)}" for key, value in {**labels, **_WHERE}.items())
    return f"{name}{{{words}}}"


def asked(*words: str | Path) -> "subprocess.CompletedProcess[str]":
    """What promtool says."""
    assert PROMTOOL is not None
    return subprocess.run([PROMTOOL, *map(str, words)], capture_output=True, text=True, timeout=120, check=False)


def rules() -> list[dict[str, Any]]:
    """Every rule of the file."""
    groups = yaml.safe_load(ALERTS.read_text(encoding="utf-8"))["groups"]
    return [rule for group in groups for rule in group["rules"]]


def fires_exactly(expected: Sequence[str], before: Scrape, after: Scrape, folder: Path) -> str:
    """Empty where after the change from one scrape to the other these alarms fire and no other; else what is wrong."""
    series = [
        {"series": name, "values": f"{_held(before.get(name), _BEFORE_MIN)} {_held(after.get(name), _AFTER_MIN)}"}
        for name in sorted({*before, *after})
    ]
    question = {
        "expr": f'group by (alertname) (max_over_time(ALERTS{{alertstate="firing"}}[{_WITHIN_MIN}m]))',
        "eval_time": f"{_BEFORE_MIN + _WITHIN_MIN - 1}m",
        "exp_samples": [{"labels": f'{{alertname="{name}"}}', "value": 1} for name in sorted(expected)],
    }
    test = {
        "rule_files": [str(ALERTS)],
        "evaluation_interval": "1m",
        "tests": [{"interval": "1m", "input_series": series, "promql_expr_test": [question]}],
    }
    path = folder / "fault.json"
    path.write_text(json.dumps(test), encoding="utf-8")
    said = asked("test", "rules", path)
    return "" if said.returncode == 0 else said.stdout + said.stderr


def _held(value: float | None, minutes: int) -> str:
    return f"_x{minutes}" if value is None else f"{value!r}+0x{minutes - 1}"
