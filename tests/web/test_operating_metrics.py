"""The figures for operators."""

from datetime import timedelta

from flask.testing import FlaskClient

from hub.domain.clock import FixedClock
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
    assert 'hub_mails{state="failed"} 0.0' in figures
    assert "hub_jobs_dead 0.0" in figures
