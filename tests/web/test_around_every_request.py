"""What stands around every request: id, headers, log line, figures, and what happens when things break."""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from hub.domain.actor import HUB
from hub.domain.clock import FixedClock
from hub.domain.errors import StoreFull, Unusable
from hub.services import first_answers
from hub.settings import Settings
from hub.web import access
from hub.web.store_check import StoreCheck
from hub.wiring import Hub
from tests.applications import ICBC, application
from tests.conftest import SentMessages, Submit
from tests.web.caller import Caller, made


@pytest.mark.parametrize("path", ["/healthz", "/api/v1/banks", "/api/v1/nothing", "/api/docs", "/oauth/token"])
def test_every_answer_bears_an_id_and_the_headers(web: FlaskClient, path: str) -> None:
    answer = web.get(path)
    assert len(answer.headers["X-Request-ID"]) == 24
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"]
    policy = answer.headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in policy
    assert "unsafe-inline" not in policy
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in answer.headers["Permissions-Policy"]


def test_a_page_runs_no_script(web: FlaskClient) -> None:
    assert "script-src 'none'" in web.get("/sign-in/").headers["Content-Security-Policy"]


def test_a_list_of_languages_is_read_to_a_length_that_somebody_could_mean(web: FlaskClient) -> None:
    told = web.get("/api/v1/banks", headers={"Accept-Language": "en," + "x-" * 100_000}).get_json()
    assert told["title"].isascii()


def test_the_log_says_who_looked_for_what_is_not_there_and_no_path_of_ours(
    web: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("INFO", logger="hub.web"):
        web.open("/wp-login.php/13800138000?token=secret", method="X" * 500)
        web.get("/api/v1/negotiations/0123")
    lines = [
        json.loads(record.getMessage()) for record in caplog.records if '"event": "request"' in record.getMessage()
    ]
    assert [(line["address"], line.get("path")) for line in lines] == [
        ("127.0.0.1", "/wp-login.php/…"),
        ("127.0.0.1", None),
    ]
    assert len(lines[0]["method"]) == 20
    assert "secret" not in str(lines)


@pytest.mark.parametrize(
    ("given", "taken"),
    [("abc-DEF_1.2~", True), ("x" * 64, True), ("x" * 65, False), ("a b", False), ("", False), ("é", False)],
)
def test_a_sane_id_of_the_caller_is_taken_over(web: FlaskClient, given: str, taken: bool) -> None:
    answer = web.get("/healthz", headers={"X-Request-ID": given})
    assert (answer.headers["X-Request-ID"] == given) is taken


def test_the_api_is_never_stored_by_anybody(web: FlaskClient, host_app: Caller) -> None:
    assert host_app.get("/banks").headers["Cache-Control"] == "no-store"
    assert web.post("/oauth/token").headers["Cache-Control"] == "no-store"


def test_the_process_lives_and_can_work(web: FlaskClient) -> None:
    assert web.get("/healthz").get_json() == {"status": "ok"}
    answer = web.get("/readyz")
    assert (answer.status_code, answer.get_json()) == (200, {"status": "ok"})


def test_a_hub_without_its_store_is_not_ready(web: FlaskClient, hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    def check() -> None:
        raise Unusable("no store")

    monkeypatch.setattr(hub.store, "check", check)
    answer = web.get("/readyz")
    assert (answer.status_code, answer.get_json()["failing"]) == (503, ["evidence"])


def test_a_store_that_was_fine_is_not_tried_for_each_who_asks(
    web: FlaskClient, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    trials: list[str] = []
    monkeypatch.setattr(hub.store, "check", lambda: trials.append("tried"))
    monkeypatch.setattr(hub, "real_clock", FixedClock(hub.real_clock.now()))
    assert [web.get("/readyz").status_code for _ in range(5)] == [200] * 5
    assert len(trials) == 1
    hub.real_clock = FixedClock(hub.real_clock.now() + StoreCheck.FRESH_FOR)
    assert web.get("/readyz").status_code == 200
    assert len(trials) == 2


def test_a_store_that_is_back_is_found_at_once(web: FlaskClient, hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    def check() -> None:
        raise Unusable("no store")

    with monkeypatch.context() as broken_store:
        broken_store.setattr(hub.store, "check", check)
        assert web.get("/readyz").status_code == 503
    assert web.get("/readyz").status_code == 200


def test_a_hub_without_its_database_is_not_ready_and_says_so(web: FlaskClient, hub: Hub) -> None:
    with broken(hub):
        assert web.get("/readyz").get_json()["failing"] == ["database"]
        assert web.get("/healthz").status_code == 200


@contextmanager
def broken(hub: Hub) -> Iterator[None]:
    """Every statement fails, as when the database has gone away."""

    def fail(*_: object) -> None:
        raise sa.exc.OperationalError("SELECT secret", {"card": "6222100000000007"}, Exception("gone away"))

    sa.event.listen(hub.database.engine, "before_cursor_execute", fail)
    sa.event.listen(hub.database._reading, "before_cursor_execute", fail)
    try:
        yield
    finally:
        sa.event.remove(hub.database.engine, "before_cursor_execute", fail)
        sa.event.remove(hub.database._reading, "before_cursor_execute", fail)


def test_a_database_that_is_gone_is_503_with_a_time_to_come_back(hub: Hub, host_app: Caller) -> None:
    with broken(hub):
        answer = host_app.get("/banks")
    told = answer.get_json()
    assert (answer.status_code, told["code"], answer.headers["Retry-After"]) == (503, "unavailable", "2")
    assert "secret" not in answer.get_data(as_text=True)


def test_a_full_store_is_507_and_reading_goes_on(hub: Hub, host_app: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = made(host_app.upload())["id"]

    def write(*_: object, **__: object) -> None:
        raise StoreFull("no room")

    monkeypatch.setattr(hub.store, "write", write)
    refused = host_app.upload()
    assert (refused.status_code, refused.get_json()["code"]) == (507, "store_full")
    assert host_app.get(f"/evidence/{kept}/content").status_code == 200


def test_an_unknown_error_is_500_with_a_reference_and_its_text_stays_inside(
    app: Flask, host_app: Caller, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    app.testing = False
    app.config["PROPAGATE_EXCEPTIONS"] = False

    def fail(*_: object) -> None:
        raise ValueError("王小明 6222100000000007")

    monkeypatch.setattr(access.ApiCaller, "today", property(fail))
    answer = host_app.post("/quotes", {}, headers={"X-Request-ID": "told-by-me", "Accept-Language": "en"})
    told = answer.get_json()
    assert (answer.status_code, told["code"], told["reference"]) == (500, "server_error", "told-by-me")
    assert "told-by-me" in told["detail"]
    everything = answer.get_data(as_text=True) + caplog.text
    assert "6222100000000007" not in everything
    assert "王小明" not in everything
    assert "ValueError" in caplog.text
    assert "ValueError" not in answer.get_data(as_text=True)


def test_an_unknown_error_comes_out_in_tests(host_app: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ValueError("seen")

    monkeypatch.setattr(access.ApiCaller, "today", property(fail))
    with pytest.raises(ValueError, match="seen"):
        host_app.post("/quotes", {})


def test_a_log_line_holds_no_body_no_name_and_no_number(
    host_app: Caller, caplog: pytest.LogCaptureFixture, sms: SentMessages
) -> None:
    caplog.set_level(logging.DEBUG, logger="hub")
    body = application()
    told = made(host_app.post("/applications", body))
    path = f"/negotiations/{told['negotiations'][0]['id']}"
    host_app.get(path, query_string={"subject": body["applicant"]["subject"]})
    lines = [json.loads(record.getMessage()) for record in caplog.records if record.name == "hub.web"]
    assert lines[0]["route"] == "/api/v1/applications"
    assert lines[-1]["route"] == "/api/v1/negotiations/<id:negotiation_id>"
    assert {"request_id", "method", "status", "duration_ms", "client", "timestamp", "level"} <= set(lines[0])
    applicant = body["applicant"]
    for secret in ("name", "id_number", "mobile", "subject"):
        assert applicant[secret] not in caplog.text
    assert body["accounts"][0]["card_number"] not in caplog.text
    assert host_app.token not in caplog.text


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


def test_a_key_that_another_process_works_on_is_409(
    hub: Hub, host_app: Caller, settings: Settings, clock: FixedClock
) -> None:
    if settings.on_sqlite:
        pytest.skip("on SQLite the file's write lock already lets one at a time work")
    other = Hub(settings, clock=clock)
    with other.writing(HUB) as tx:
        first_answers.find_first_answer(tx, host_app.client.id, "k", fingerprint="f")
        answer = host_app.post("/applications", application(), key="k")
    other.close()
    assert (answer.status_code, answer.get_json()["code"]) == (409, "idempotency_key_busy")
    assert host_app.post("/applications", application(), key="k").status_code == 201
