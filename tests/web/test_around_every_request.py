"""What stands around every request: id, headers, log line, figures, and what happens when things break."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from hub.app import create_app
from hub.domain.actor import HUB
from hub.domain.clock import FixedClock
from hub.domain.errors import StoreFull
from hub.domain.plain import Plain
from hub.services import first_answers
from hub.services.accounts import clients
from hub.services.transaction import HubTransaction
from hub.settings import Settings
from hub.web import access
from hub.wiring import Hub
from tests.applications import application
from tests.web.caller import Caller, made

PERSON = {
    "subject": "user-1",
    "name": "王小明",
    "mobile": "13800138000",
    "id_type": "resident_id",
    "id_number": "11010519491231002X",
    "cards": [],
}


def test_the_process_lives_and_can_work(web: FlaskClient) -> None:
    assert web.get("/healthz").get_json() == {"status": "ok"}
    answer = web.get("/readyz")
    assert (answer.status_code, answer.get_json()) == (200, {"status": "ok"})


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_doubled_slash_leads_nowhere(web: FlaskClient, method: str) -> None:
    answer = web.open("/api/v1//banks", method=method, headers={"Host": "elsewhere.example"})
    assert (answer.status_code, answer.mimetype, "Location" in answer.headers) == (
        404,
        "application/problem+json",
        False,
    )


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


def test_no_variable_of_the_framework_lets_an_error_out_with_its_words(
    hub: Hub, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("FLASK_DEBUG", "1")
    app = create_app(hub)

    def fail(*_: object) -> None:
        raise ValueError("王小明")

    monkeypatch.setitem(app.view_functions, "health.alive", fail)
    answer = app.test_client().get("/healthz")
    assert (app.debug, answer.status_code) == (False, 500)
    assert "王小明" not in answer.get_data(as_text=True) + caplog.text


def test_a_broken_constraint_is_500_at_the_first_try(
    app: Flask, host_app: Caller, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    app.testing = False
    app.config["PROPAGATE_EXCEPTIONS"] = False
    tries: list[None] = []

    def forget_a_value(tx: HubTransaction, *_: object) -> None:
        tries.append(None)
        tx.session.execute(sa.text("UPDATE access_token SET client_id = NULL"))

    monkeypatch.setattr(clients, "launch", forget_a_value)
    answer = host_app.post("/launches", PERSON)
    assert (answer.status_code, answer.get_json()["code"], len(tries)) == (500, "server_error", 1)
    assert "IntegrityError" in caplog.text


def test_a_lost_race_is_run_again_and_the_caller_hears_nothing_of_it(
    host_app: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries: list[None] = []
    launch = clients.launch

    def lose_once(tx: HubTransaction, client_id: str, person: Plain) -> clients.LaunchCode:
        tries.append(None)
        if len(tries) == 1:
            tx.session.execute(sa.text("INSERT INTO access_token SELECT * FROM access_token"))
        return launch(tx, client_id, person)

    monkeypatch.setattr(clients, "launch", lose_once)
    assert host_app.post("/launches", PERSON).status_code == 201
    assert len(tries) == 2


def test_an_unknown_error_comes_out_in_tests(host_app: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ValueError("seen")

    monkeypatch.setattr(access.ApiCaller, "today", property(fail))
    with pytest.raises(ValueError, match="seen"):
        host_app.post("/quotes", {})


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
