"""The OpenAPI document: valid, complete, true of real answers; and the page that shows it, which asks nobody else."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask, Response, request
from flask.testing import FlaskClient
from marshmallow import class_registry
from openapi_schema_validator import OAS31Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from hub.domain.clock import FixedClock
from hub.services.notifications.client_notices import REQUEST_TYPE, TYPE
from hub.web.api.document_examples import EXAMPLES
from hub.web.api.document_words import OPERATIONS
from hub.web.api.property_words import PROPERTIES
from schemas.base import read
from tests.conftest import SentMessages
from tests.web.caller import Caller, made
from tests.web.test_whole_way import test_one_application_to_two_banks_up_to_an_agreement as whole_way


@pytest.fixture
def database(sqlite_database: str) -> str:
    """One kind is enough: the document is the same on both."""
    return sqlite_database


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
    assert set(document["paths"]) == {*routes, "/oauth/token"}


def test_every_post_takes_an_idempotency_key(document: Any) -> None:
    for path, item in document["paths"].items():
        if "post" in item and path != "/oauth/token":
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
        by_status = described.get(str(response.status_code)) or described[f"{response.status_code // 100}XX"]
        if response.is_json:
            schema = {**by_status["content"][response.mimetype]["schema"], "components": document["components"]}
            OAS31Validator(schema).validate(response.get_json())
            checked += 1
    assert checked > 20


def calls_of(document: Any) -> dict[str, Any]:
    """Every call by its name."""
    calls = [
        item[each] for item in document["paths"].values() for each in ("get", "post", "put", "delete") if each in item
    ]
    named = {call["operationId"]: call for call in calls}
    assert len(named) == len(calls)
    return named


def test_every_call_has_a_short_name_that_stays(document: Any) -> None:
    assert set(calls_of(document)) == set(OPERATIONS.values())
    assert all(re.fullmatch(r"[a-z]+(_[a-z]+)+", name) and len(name) <= 32 for name in OPERATIONS.values())


def test_the_document_says_where_the_hub_is_and_how_to_begin(document: Any) -> None:
    assert [each["url"] for each in document["servers"]] == ["http://127.0.0.1:8000"]
    assert "Idempotency-Key" in document["info"]["description"]
    assert all(each.isascii() for each in (document["info"]["title"], *document["components"]["schemas"]))
    assert "default" not in {status for call in calls_of(document).values() for status in call["responses"]}


def test_every_word_is_of_a_property_that_there_is(document: Any) -> None:
    schemas = document["components"]["schemas"].values()
    assert set(PROPERTIES) <= {name for schema in schemas for name in schema.get("properties", {})}


def test_every_property_says_what_it_means(document: Any) -> None:
    properties = {
        each for schema in document["components"]["schemas"].values() for each in schema.get("properties", {})
    }
    assert set(PROPERTIES) <= properties
    silent = [
        f"{name}.{each}"
        for name, schema in document["components"]["schemas"].items()
        for each, described in schema.get("properties", {}).items()
        if not described.get("description")
    ]
    assert silent == []
    parameters = [
        each
        for item in document["paths"].values()
        for within in (item, *(call for call in item.values() if isinstance(call, dict)))
        for each in within.get("parameters", [])
    ]
    assert len(parameters) > 60
    assert all(each.get("description") for each in parameters)


def test_every_answer_says_what_is_always_there(document: Any) -> None:
    schemas = document["components"]["schemas"]
    answers = [schema for name, schema in schemas.items() if name.endswith(("Answer", "Page"))]
    assert len(answers) > 20
    assert all(schema["required"] for schema in answers)
    assert {"type", "title", "status", "detail", "code"} <= set(schemas["ApiProblem"]["required"])


def test_every_body_has_an_example_that_its_schema_takes(document: Any) -> None:
    bodies = {name: call["requestBody"] for name, call in calls_of(document).items() if "requestBody" in call}
    for name, body in bodies.items():
        shown = [content for media_type, content in body["content"].items() if media_type != "application/octet-stream"]
        assert all("example" in content for content in shown), name
    for name, example in EXAMPLES.items():
        schema = class_registry.get_class(f"{name}Schema")
        assert read(schema(), example)[1] == [], name
        described = {**document["components"]["schemas"][name], "components": document["components"]}
        OAS31Validator(described).validate(example)
    optional = {name for name, body in bodies.items() if not body["required"]}
    assert optional == {
        *("acknowledge_negotiation", "withdraw_negotiation", "send_confirmation_code", "decline_offer"),
        *("erase_person", "confirm_revocation"),
        *("include_account", "leave_out_account", "agree_pay_day"),
        *(
            each.format(name)
            for each in ("send_{}_code", "decline_{}", "withdraw_{}")
            for name in ("early_settlement", "pay_day")
        ),
        *("ask_for_clearance", "issue_clearance"),
    }


def test_the_example_of_an_application_is_taken(host_app: Caller) -> None:
    files = [{**each, "id": made(host_app.upload())["id"]} for each in EXAMPLES["Application"]["evidence"]]
    told = made(host_app.post("/applications", {**EXAMPLES["Application"], "evidence": files}))
    assert [each["bank"]["code"] for each in told["negotiations"]] == ["01020000"]


def test_bodies_that_may_be_left_out_can_be(host_app: Caller, icbc: Caller, delivered: str) -> None:
    made(icbc.post(f"/bank{delivered}/acknowledge"), 200)
    made(host_app.post(f"{delivered}/withdraw"), 200)


def test_bytes_are_described_as_what_is_sent_and_as_what_any_client_reads(document: Any, host_app: Caller) -> None:
    calls = calls_of(document)
    file = made(host_app.upload())
    sent = host_app.get(f"/evidence/{file['id']}/content").mimetype
    for name in ("download_evidence", "download_bank_evidence"):
        assert {sent, "image/png", "application/octet-stream"} <= set(calls[name]["responses"]["200"]["content"])
    for name in ("download_agreement", "download_application_form", "download_bank_agreement"):
        assert set(calls[name]["responses"]["200"]["content"]) == {"application/pdf", "application/octet-stream"}


def test_numbers_of_people_and_cards_have_patterns_that_let_every_spelling_pass(document: Any) -> None:
    schemas = document["components"]["schemas"]
    mobile, card = (
        schemas[name]["properties"][each]["pattern"]
        for name, each in (("Applicant", "mobile"), ("Account", "card_number"))
    )
    assert all(re.fullmatch(mobile, each) for each in ("13800138000", "+86 138-0013-8000", "１３８００１３８０００"))
    assert all(re.fullmatch(card, each) for each in ("6222100000000007", "6222 1000 0000 0007"))
    assert not re.fullmatch(mobile, "1380013800")
    assert "pattern" not in schemas["MaskedApplicant"]["properties"]["mobile"]


@pytest.mark.parametrize("kind", [TYPE, REQUEST_TYPE])
def test_the_notice_to_host_apps_is_described_as_it_is_sent(document: Any, kind: str) -> None:
    call = document["webhooks"][kind]["post"]
    content = call["requestBody"]["content"]["application/json"]
    OAS31Validator(content["schema"]).validate(content["example"])
    assert content["schema"]["properties"]["type"]["enum"] == [kind]
    assert {each["name"] for each in call["parameters"]} == {"webhook-id", "webhook-timestamp", "webhook-signature"}
