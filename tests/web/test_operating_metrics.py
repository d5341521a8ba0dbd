"""The figures for operators."""

import threading
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from hub.domain.clock import FixedClock
from hub.domain.errors import Unavailable, Unusable
from hub.services.reading.operator.figure import Figure
from hub.web import operating_metrics
from hub.web.operating_metrics import KEPT_S
from hub.wiring import Hub
from tests.applications import ICBC
from tests.conftest import Submit
from tests.web.caller import Caller, made


def test_the_figures_count_requests_and_what_waits(
    web: FlaskClient, host_app: Caller, submitted: Submit, clock: FixedClock
) -> None:
    submitted(ICBC, files=0)
    made(host_app.upload())
    clock.at += timedelta(seconds=90)
    figures = web.get("/metrics").get_data(as_text=True)
    assert 'hub_requests_total{method="POST",route="/api/v1/evidence",status="201"} 1.0' in figures
    assert 'hub_jobs_waiting{queue="documents"} 1.0' in figures
    assert "hub_request_seconds_bucket" in figures
    assert "hub_database_up 1.0" in figures
    assert "hub_files_waiting 1.0" in figures
    assert "hub_files_longest_waiting_seconds 90.0" in figures
    assert f'hub_bank_line_closed{{bank="{ICBC}"}} 0.0' in figures
    assert 'hub_mails{channel="mail",state="failed"} 0.0' in figures
    assert "hub_jobs_dead 0.0" in figures
    assert "hub_evidence_store_up 1.0" in figures
    assert "hub_evidence_store_free_bytes" in figures
    assert 'hub_verdicts{reason="",status="checking"} 1.0' in figures


def test_the_database_is_asked_once_in_a_few_seconds_however_many_look(
    app: Flask, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[float] = []
    seconds = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: seconds[0])

    def note_look(*_: object, **__: object) -> list[Figure]:
        looks.append(seconds[0])
        return []

    monkeypatch.setattr(operating_metrics, "figures", note_look)
    found = hub.jobs.count_waiting

    def slow_count() -> dict[str, int]:
        threading.Event().wait(0.05)
        return found()

    monkeypatch.setattr(hub.jobs, "count_waiting", slow_count)

    def look() -> None:
        assert b"hub_database_up 1.0" in app.test_client().get("/metrics").data

    together = [threading.Thread(target=look) for _ in range(4)]
    for each in together:
        each.start()
    for each in together:
        each.join()
    assert looks == [100.0]
    seconds[0] += KEPT_S
    look()
    assert looks == [100.0, 100.0 + KEPT_S]


def test_without_the_database_the_figures_say_so_and_how_the_store_is(
    web: FlaskClient, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away() -> dict[str, int]:
        raise Unavailable("starting")

    monkeypatch.setattr(hub.jobs, "count_waiting", away)
    answer = web.get("/metrics")
    figures = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert "hub_database_up 0.0" in figures
    assert "hub_evidence_store_up 1.0" in figures
    assert "hub_deliveries" not in figures


def test_a_store_that_is_gone_or_hangs_is_down_and_holds_up_nobody(
    web: FlaskClient, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on = threading.Event()

    def gone() -> None:
        raise Unusable("no store")

    def says(check: Callable[[], object]) -> bool:
        monkeypatch.setattr(hub.store, "check", check)
        figures = web.get("/metrics").get_data(as_text=True)
        return "hub_evidence_store_up 1.0" in figures and "hub_evidence_store_up 0.0" not in figures

    monkeypatch.setattr(operating_metrics, "_STORE_WITHIN_S", 0.1)
    assert not says(gone)
    assert not says(go_on.wait)
    assert not says(go_on.wait)
    go_on.set()
    monkeypatch.setattr(operating_metrics, "_STORE_WITHIN_S", 10.0)
    assert says(lambda: None)


def test_nothing_of_a_person_stands_in_the_figures(web: FlaskClient, host_app: Caller, submitted: Submit) -> None:
    submitted(ICBC, files=1)
    made(host_app.upload())
    figures = web.get("/metrics").get_data(as_text=True)
    labels = {label for line in figures.splitlines() if "{" in line for label in _labels(line)}
    assert labels <= {
        "bank", "channel", "kind", "le", "method", "outcome", "queue", "reason", "route", "state", "status", "worker"
    }  # fmt: skip


def _labels(line: str) -> list[str]:
    within = line.partition("{")[2].rpartition("}")[0]
    return [each.partition("=")[0] for each in within.split(",") if "=" in each]
