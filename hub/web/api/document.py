"""The OpenAPI document made whole: names of calls, words, examples, what is always there, and the one call of ours."""

from collections.abc import Iterator
from typing import Any

from hub.web.api.document_examples import EXAMPLES, FORMS
from hub.web.api.document_words import ABOUT, OPERATIONS
from hub.web.api.property_words import PROPERTIES
from hub.web.api.schema_words import OF_SCHEMAS, PATTERNS, PROBLEM, SOMETIMES

Json = dict[str, Any]

_SCHEMAS = "#/components/schemas/"
_METHODS = ("get", "post", "put", "delete")


def completed(document: Json, *, prefix: str, public_url: str) -> Json:
    """The document, changed in place. `prefix` is that of the API, `public_url` where the hub is reached."""
    document["info"]["description"] = ABOUT
    document["servers"] = [{"url": public_url, "description": "this hub"}]
    schemas = document["components"]["schemas"]
    # What the library would add of its own, and no call of ours answers.
    schemas.pop("PaginationMetadata", None)
    document["components"].pop("responses", None)
    for call in _calls(document):
        call["responses"].pop("default", None)
    document["paths"]["/oauth/token"] = {"post": _TOKEN_CALL}
    document["webhooks"] = dict(_NOTICES)
    for path, item in document["paths"].items():
        for parameter in item.get("parameters", []):
            thing = parameter["name"].removesuffix("_id").replace("_", " ")
            parameter.setdefault("description", f"the `id` of the {thing}")
        for method in _METHODS:
            if method in item:
                _name(item[method], method, path.removeprefix(prefix))
    sent = set(_reachable(schemas, [each.get("requestBody") for each in _calls(document)]))
    for name, schema in schemas.items():
        _describe(name, schema, is_sent=name in sent)
        if name not in sent:
            always = set(schema.get("properties", {})) - SOMETIMES.get(name, frozenset())
            schema["required"] = sorted(always)
    schemas["ApiProblem"]["required"] = list(PROBLEM)
    return document


def _calls(document: Json) -> Iterator[Json]:
    for item in document["paths"].values():
        yield from (item[method] for method in _METHODS if method in item)


def _reachable(schemas: Json, within: object) -> Iterator[str]:
    """The names of the schemas that `within` refers to, and those that these refer to."""
    waiting, seen = [within], set()
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict):
            name = str(each.get("$ref", "")).removeprefix(_SCHEMAS)
            if name in schemas and name not in seen:
                seen.add(name)
                yield name
                waiting.append(schemas[name])
            waiting.extend(each.values())
        elif isinstance(each, list):
            waiting.extend(each)


def _name(call: Json, method: str, path: str) -> None:
    call["operationId"] = name = OPERATIONS.get((method, path)) or _usual_name(method, path)
    for media_type, content in call.get("requestBody", {}).get("content", {}).items():
        reference = content.get("schema", {}).get("$ref", "").removeprefix(_SCHEMAS)
        if reference in EXAMPLES:
            content["example"] = EXAMPLES[reference]
        elif media_type in ("multipart/form-data", "application/x-www-form-urlencoded") and name in FORMS:
            content["example"] = FORMS[name]


def _usual_name(method: str, path: str) -> str:
    words = [
        word.replace("-", "_").replace(".", "_") for word in path.strip("/").split("/") if not word.startswith("{")
    ]
    return "_".join([method, *words])


def _describe(name: str, schema: Json, *, is_sent: bool) -> None:
    for property_name, described in schema.get("properties", {}).items():
        words = (
            OF_SCHEMAS.get(f"{name}.{property_name}") or described.get("description") or PROPERTIES.get(property_name)
        )
        if words is not None:
            described["description"] = words
        if is_sent and property_name in PATTERNS:
            described["pattern"] = PATTERNS[property_name]


_TEXT: Json = {"type": "string"}
_TOKEN_CALL: Json = {
    "summary": "A token for the API, good for a quarter of an hour or so; it outlives a restart of the hub.",
    "operationId": "issue_token",
    "tags": ["tokens"],
    "security": [{"client_secret": []}],
    "requestBody": {
        "required": True,
        "content": {
            "application/x-www-form-urlencoded": {
                "schema": {
                    "type": "object",
                    "required": ["grant_type"],
                    "properties": {
                        "grant_type": {"type": "string", "enum": ["client_credentials"], "description": "always this"},
                        "scope": {
                            **_TEXT,
                            "description": "scopes, parted by blanks; all of the client's where left out",
                        },
                    },
                },
                "example": {"grant_type": "client_credentials"},
            }
        },
    },
    "responses": {
        "200": {
            "description": "The token",
            "content": {
                "application/json": {
                    "schema": {
                        "type": "object",
                        "required": ["access_token", "token_type", "expires_in", "scope"],
                        "properties": {
                            "access_token": {**_TEXT, "description": "goes into `Authorization: Bearer …`"},
                            "token_type": {**_TEXT, "description": "Bearer"},
                            "expires_in": {"type": "integer", "description": "in seconds"},
                            "scope": {**_TEXT, "description": "what it is good for, parted by blanks"},
                        },
                    }
                }
            },
        },
        "4XX": {
            "description": "A problem, after RFC 9457",
            "content": {"application/problem+json": {"schema": {"$ref": f"{_SCHEMAS}ApiProblem"}}},
        },
    },
}
_SIGNED_BY: tuple[tuple[str, str], ...] = (
    ("webhook-id", "the same in every attempt: what is known is answered 2xx and not handled again"),
    ("webhook-timestamp", "seconds since 1970, made anew in every attempt"),
    ("webhook-signature", "v1, and Base64 of HMAC-SHA256 over id.timestamp.body; several, parted by blanks"),
)


def _notice(kind: str, summary: str, operation: str, tag: str, data: dict[str, str], example: dict[str, str]) -> Json:
    """What a host app is told of one kind of change; `data` says what each of its words means."""
    words = {name: {**_TEXT, "description": meaning} for name, meaning in data.items()}
    schema = {
        "type": "object",
        "required": ["type", "timestamp", "data"],
        "properties": {
            "type": {"type": "string", "enum": [kind], "description": "always this"},
            "timestamp": {"type": "string", "format": "date-time", "description": "when it changed"},
            "data": {
                "type": "object",
                "description": "what changed; more may come",
                "required": list(words),
                "properties": words,
            },
        },
    }
    shown = {"type": kind, "timestamp": "2026-11-21T10:00:00+08:00", "data": example}
    return {
        "summary": summary,
        "description": (
            "Sent to the client's `notify_url`, signed as Standard Webhooks. Answer any 2xx within 15 seconds. "
            "Anything else is repeated under the same `webhook-id` with growing waits for three days; 410 ends it at "
            "once."
        ),
        "operationId": operation,
        "tags": [tag],
        "security": [],
        "parameters": [
            {"in": "header", "name": name, "required": True, "schema": _TEXT, "description": meaning}
            for name, meaning in _SIGNED_BY
        ],
        "requestBody": {"required": True, "content": {"application/json": {"schema": schema, "example": shown}}},
        "responses": {"204": {"description": "Taken"}},
    }


_ID = "01a2012f11dd7078884db878e0af8b8f"
_NOTICES: Json = {
    "negotiation.updated": {
        "post": _notice(
            "negotiation.updated",
            "A negotiation has changed: fetch it.",
            "notify_client",
            "negotiations",
            {"id": "the negotiation", "status": "its status at that moment"},
            {"id": _ID, "status": "offered"},
        )
    },
    "request.updated": {
        "post": _notice(
            "request.updated",
            "A request beside negotiations has changed with one of its banks: fetch it.",
            "notify_client_of_request",
            "instalment requests",
            {
                "id": "the matter, by the id that its kind knows it by",
                "kind": "`revocation`, `deduction`, `instalments` or `appointment`",
                "bank_code": "the bank with which it changed",
                "status": "its status with that bank at that moment",
            },
            {"id": _ID, "kind": "instalments", "bank_code": "01020000", "status": "quoted"},
        )
    },
}
