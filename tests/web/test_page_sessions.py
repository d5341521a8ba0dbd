"""Cookies are for people alone."""

from flask import Flask, session

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
