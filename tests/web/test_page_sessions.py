"""Cookies are for people alone, and good at every host."""

import time
from datetime import timedelta

import pytest
from flask import Flask, session
from itsdangerous import TimestampSigner

from hub.web.page_sessions import PageSessions


def _app() -> Flask:
    app = Flask("sessions")
    app.secret_key = "a secret of this test"
    app.session_interface = PageSessions()

    @app.get("/my/keep")
    def keep() -> str:
        session["seen"] = "yes"
        return "kept"

    @app.get("/my/seen")
    @app.get("/api/v1/seen")
    def seen() -> str:
        return str(session.get("seen"))

    return app


def test_a_page_keeps_its_session_and_a_program_sees_none_of_it() -> None:
    client = _app().test_client()
    client.get("/my/keep")
    assert client.get("/my/seen").text == "yes"
    answer = client.get("/api/v1/seen")
    assert answer.text == "None"
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(
    ("signed", "is_known"),
    [
        (timedelta(minutes=2), True),
        (timedelta(seconds=1), True),
        (timedelta(days=-30), True),
        (timedelta(days=-32), False),
    ],
    ids=["by a host two minutes ahead", "by one a moment ahead", "a month ago", "longer ago"],
)
def test_a_cookie_is_known_whichever_host_signed_it(
    monkeypatch: pytest.MonkeyPatch, signed: timedelta, is_known: bool
) -> None:
    client = _app().test_client()
    with monkeypatch.context() as there:
        there.setattr(TimestampSigner, "get_timestamp", lambda _: int(time.time() + signed.total_seconds()))
        client.get("/my/keep")
    assert client.get("/my/seen").text == ("yes" if is_known else "None")
