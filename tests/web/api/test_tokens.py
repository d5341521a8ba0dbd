"""Tokens: who gets one, with which scopes, and what a wrong try is told."""

import base64
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from hub.domain.client import Client
from hub.domain.clock import FixedClock
from hub.wiring import Hub
from tests.conftest import AddClient

GRANT = {"grant_type": "client_credentials"}


@pytest.fixture
def known(add_client: AddClient) -> tuple[Client, str]:
    return add_client("host app", "applications:write", "applications:read")


def ask(web: FlaskClient, name: str, secret: str, **form: str) -> TestResponse:
    pair = base64.b64encode(f"{name}:{secret}".encode()).decode()
    return web.post("/oauth/token", data={**GRANT, **form}, headers={"Authorization": f"Basic {pair}"})


def test_a_client_gets_a_token_for_all_its_scopes(web: FlaskClient, known: tuple[Client, str]) -> None:
    client, secret = known
    answer = ask(web, client.id, secret)
    told = answer.get_json()
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert told.pop("access_token")
    assert told == {
        "token_type": "Bearer",
        "expires_in": 3600,
        "scope": "applications:read applications:write",
    }


def test_a_proxy_that_ends_tls_asks_by_plain_http_for_any_host(web: FlaskClient, known: tuple[Client, str]) -> None:
    pair = base64.b64encode(f"{known[0].id}:{known[1]}".encode()).decode()
    headers = {"Authorization": f"Basic {pair}", "Host": "hub.example"}
    assert web.post("/oauth/token", data=GRANT, headers=headers).status_code == 200


def test_the_token_opens_the_api(web: FlaskClient, known: tuple[Client, str]) -> None:
    client, secret = known
    token = ask(web, client.id, secret).get_json()["access_token"]
    answer = web.get("/api/v1/banks", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 200


def test_a_token_can_be_asked_for_with_fewer_scopes(web: FlaskClient, known: tuple[Client, str]) -> None:
    client, secret = known
    told = ask(web, client.id, secret, scope="applications:read").get_json()
    assert told["scope"] == "applications:read"
    headers = {"Authorization": f"Bearer {told['access_token']}", "Idempotency-Key": "1"}
    refused = web.post("/api/v1/launches", json={}, headers=headers)
    assert refused.status_code == 403
    assert refused.get_json()["scope"] == "applications:write"


@pytest.mark.parametrize("scope", ["negotiations:review", "everything", "applications:read everything"])
def test_a_scope_that_the_client_does_not_have_is_refused(
    web: FlaskClient, known: tuple[Client, str], scope: str
) -> None:
    client, secret = known
    answer = ask(web, client.id, secret, scope=scope)
    assert (answer.status_code, answer.get_json()["error"]) == (400, "invalid_scope")
    assert answer.content_type == "application/problem+json"


def test_a_wrong_secret_and_an_unknown_client_are_told_the_same(web: FlaskClient, known: tuple[Client, str]) -> None:
    wrong, unknown = ask(web, known[0].id, "wrong"), ask(web, "nobody", "wrong")
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.headers["WWW-Authenticate"].startswith("Basic")
    assert wrong.data == unknown.data


@pytest.mark.parametrize(
    "form", [{}, {"grant_type": "password"}, {"grant_type": "refresh_token"}], ids=["none", "password", "refresh"]
)
def test_only_client_credentials_are_a_grant(web: FlaskClient, known: tuple[Client, str], form: dict[str, str]) -> None:
    pair = base64.b64encode(f"{known[0].id}:{known[1]}".encode()).decode()
    answer = web.post("/oauth/token", data=form, headers={"Authorization": f"Basic {pair}"})
    assert (answer.status_code, answer.get_json()["error"]) == (400, "unsupported_grant_type")


def test_a_secret_in_the_form_is_no_proof(web: FlaskClient, known: tuple[Client, str]) -> None:
    form = {**GRANT, "client_id": known[0].id, "client_secret": known[1]}
    assert web.post("/oauth/token", data=form).status_code == 401


def test_after_ten_wrong_secrets_a_minute_the_eleventh_is_told_to_wait(
    web: FlaskClient, known: tuple[Client, str]
) -> None:
    client, secret = known
    assert [ask(web, client.id, "wrong").status_code for _ in range(10)] == [401] * 10
    limited = ask(web, client.id, "wrong")
    assert limited.status_code == 429
    assert 1 <= int(limited.headers["Retry-After"]) <= 60
    # Somebody who guesses cannot keep the client itself out.
    assert ask(web, client.id, secret).status_code == 200


def test_a_token_lives_in_real_time_whatever_the_hubs_clock_says(
    web: FlaskClient, hub: Hub, known: tuple[Client, str], clock: FixedClock
) -> None:
    client, secret = known
    clock.at += timedelta(days=400)
    headers = {"Authorization": f"Bearer {ask(web, client.id, secret).get_json()['access_token']}"}
    assert web.get("/api/v1/banks", headers=headers).status_code == 200
    hub.real_clock = FixedClock(hub.real_clock.now() + timedelta(hours=1, seconds=1))
    assert web.get("/api/v1/banks", headers=headers).status_code == 401
