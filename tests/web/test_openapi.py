"""The OpenAPI document: valid, complete, true of real answers; and the page that shows it, which asks nobody else."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask, Response, request
from flask.testing import FlaskClient
from openapi_schema_validator import OAS31Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from hub.domain.clock import FixedClock
from tests.conftest import SentMessages
from tests.web.caller import Caller
from tests.web.test_whole_way import test_one_application_to_two_banks_up_to_an_agreement as whole_way


@pytest.fixture
def document(web: FlaskClient) -> Any:
    return web.get("/api/v1/openapi.json").get_json()


def test_the_document_is_valid(document: Any) -> None:
    OpenAPIV31SpecValidator(document).validate()
    assert document["openapi"] == "3.1.0"


def test_every_route_of_the_api_is_described(app: Flask, document: Any) -> None:
    routes = {
        re.sub(r"<id:(\w+)>", r"{\1}", rule.rule)
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/v1/") and not rule.rule.endswith("openapi.json")
    }
    assert set(document["paths"]) == routes


def test_every_post_takes_an_idempotency_key(document: Any) -> None:
    for path, item in document["paths"].items():
        if "post" in item:
            keys = [each for each in item["post"].get("parameters", []) if each.get("name") == "Idempotency-Key"]
            assert [each["required"] for each in keys] == [path == "/api/v1/applications"], path


def test_answers_are_as_they_are_described(
    app: Flask,
    document: Any,
    host_app: Caller,
    bank_app: Callable[[str], Caller],
    work_off: Callable[[], int],
    sms: SentMessages,
    clock: FixedClock,
) -> None:
    answers: list[tuple[str, str, Response]] = []

    def record(response: Response) -> Response:
        if request.url_rule is not None:
            path = re.sub(r"<id:(\w+)>", r"{\1}", request.url_rule.rule)
            answers.append((path, request.method.lower(), response))
        return response

    app.after_request_funcs.setdefault(None, []).append(record)
    whole_way(host_app, bank_app, work_off, sms, clock)
    host_app.post("/applications", {})
    host_app.get("/negotiations")
    checked = 0
    for path, method, response in answers:
        described = document["paths"][path][method]["responses"]
        by_status = described.get(str(response.status_code), described["default"])
        if response.is_json:
            schema = {**by_status["content"][response.mimetype]["schema"], "components": document["components"]}
            OAS31Validator(schema).validate(response.get_json())
            checked += 1
    assert checked > 20


def test_the_page_asks_no_other_host(web: FlaskClient) -> None:
    page = web.get("/api/docs")
    text = page.get_data(as_text=True)
    addresses = re.findall(r'(?:src|href)="([^"]+)"', text)
    assert addresses
    for address in addresses:
        assert address.startswith("/api/docs/")
        assert web.get(address, buffered=True).status_code == 200
    assert "unsafe" not in page.headers["Content-Security-Policy"]
    assert "<style" not in text
    assert not re.search(r"<script(?![^>]*src=)", text)
    assert "validatorUrl: null" in web.get("/api/docs/start.js").get_data(as_text=True)


def test_only_the_pages_own_assets_are_given_out(web: FlaskClient) -> None:
    assert web.get("/api/docs/assets/index.html").status_code == 404
    assert web.get("/api/docs/assets/..%2Fflask_swagger_ui.py").status_code == 404
