"""The headers of every answer."""

import pytest
from flask.testing import FlaskClient

from tests.web.caller import Caller


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
    assert "script-src 'self';" in web.get("/sign-in/").headers["Content-Security-Policy"]


def test_the_api_is_never_stored_by_anybody(web: FlaskClient, host_app: Caller) -> None:
    assert host_app.get("/banks").headers["Cache-Control"] == "no-store"
    assert web.post("/oauth/token").headers["Cache-Control"] == "no-store"
