"""The log of requests."""

import json
import logging

import pytest
from flask.testing import FlaskClient

from tests.applications import application
from tests.conftest import SentMessages
from tests.web.caller import Caller, made


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
