"""How routes are described in the OpenAPI document, and the few words that every description shares.

What is described is checked by the schemas that the routes load with; nothing here decides anything.
"""

import inspect
import re
from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar, cast

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from flask import Blueprint, Flask, Response
from marshmallow import fields
from werkzeug.routing import BaseConverter

from hub.domain.evidence import MediaType
from hub.domain.scope import Scope
from hub.web.access import face, public
from hub.web.api.document import completed
from hub.web.api.document_words import TITLE
from hub.web.idempotency import json_response
from schemas.base import Schema
from schemas.problem import ProblemSchema

VERSION = "v1"
PREFIX = f"/api/{VERSION}"
_ID_PATTERN = "[A-Za-z0-9._~-]{1,64}"
_IN_PATH = re.compile(r"<id:(\w+)>")
_TOKEN = "client_credentials"  # noqa: S105 - a name in the document, not a secret

View = TypeVar("View", bound=Callable[..., Any])
Json = dict[str, Any]


class ApiProblemSchema(ProblemSchema):
    """What went wrong, after RFC 9457; which members are there depends on the code."""

    error = fields.String(metadata={"description": "the code of RFC 6749, of a token that was not given"})


class IdConverter(BaseConverter):
    """An opaque identifier in a path."""

    regex = _ID_PATTERN


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One call as the OpenAPI document shows it: at `rule`, an address in Flask's spelling."""

    rule: str
    method: str
    described_as: Json


class Noun(Blueprint):
    """The routes about one noun, and their place in the OpenAPI document."""

    def __init__(self, name: str, description: str, *, prefix: str) -> None:
        super().__init__(name, __name__, url_prefix=prefix)
        self.description = description
        self.prefix = prefix
        self.operations: list[Operation] = []

    def route(self, rule: str, *, methods: Sequence[str] = ("GET",), **_: Any) -> Callable[[View], View]:
        """The view answers at `rule`, and is in the document under the words of its docstring."""
        register = super().route(rule, methods=list(methods))

        def decorate(view: View) -> View:
            summary, _, description = (inspect.getdoc(view) or "").partition("\n\n")
            words: Json = {"summary": summary, **({"description": description} if description else {})}
            described = dict(cast("Any", view).described_as)
            described_as = {"responses": described.pop("responses"), **words, "tags": [self.name], **described}
            self.operations += [
                Operation(rule=self.prefix + rule, method=method.lower(), described_as=described_as)
                for method in methods
            ]
            return register(view)

        return decorate


def noun(name: str, description: str, *, below: str = "") -> Noun:
    """The routes about one noun, below the API's own address."""
    return Noun(name, description, prefix=PREFIX + below)


def described(
    answers: dict[int, type[Schema] | Sequence[str] | None],
    *,
    body: type[Schema] | None = None,
    form: Json | None = None,
    raw: Sequence[str] = (),
    body_optional: bool = False,
    query: Sequence[Json] = (),
    key: bool = False,
    key_required: bool = False,
    needs_token: bool = True,
    about: str = "",
) -> Callable[[View], View]:
    """The route is in the OpenAPI document. `answers`: a status and what it holds, a schema or media types.

    `form` and `raw` are bodies that are no JSON; `key`: the call takes an Idempotency-Key.
    """
    described_as: Json = {
        "responses": {str(status): _answer(holds) for status, holds in answers.items()},
        "security": [{_TOKEN: []}] if needs_token else [],
    }
    # By their classes: a generated client that cannot read a good answer would take it for what `default` says.
    for status in ("4XX", "5XX"):
        described_as["responses"][status] = {
            "description": "A problem, after RFC 9457",
            "content": {"application/problem+json": {"schema": ApiProblemSchema}},
        }
    contents = _bodies(body, form, raw)
    if contents:
        described_as["requestBody"] = {"content": contents, "required": not body_optional}
    parameters = [*query, *([_key_header(required=key_required)] if key or key_required else [])]
    if parameters:
        described_as["parameters"] = parameters
    if about:
        described_as["description"] = about

    def decorate(view: View) -> View:
        cast("Any", view).described_as = described_as
        return view

    return decorate


def _answer(holds: type[Schema] | Sequence[str] | None) -> Json:
    if holds is None:
        return {"description": "Done"}
    if isinstance(holds, type):
        return {"description": "Done", "content": {"application/json": {"schema": holds}}}
    return {"description": "The bytes", "content": {each: {"schema": FILE} for each in holds}}


def _bodies(body: type[Schema] | None, form: Json | None, raw: Sequence[str]) -> Json:
    contents: Json = {}
    if body is not None:
        contents["application/json"] = {"schema": body}
    if form is not None:
        contents["multipart/form-data"] = {"schema": form}
    return contents | {each: {"schema": FILE} for each in raw}


def _key_header(*, required: bool) -> Json:
    return {
        "in": "header",
        "name": "Idempotency-Key",
        "required": required,
        "schema": {"type": "string", "minLength": 1, "maxLength": 64, "pattern": "^[!-~]+$"},
        "description": "The same key with the same call gives the first answer again",
    }


def query_of(name: str, schema: Json, description: str, *, required: bool = False) -> Json:
    """A parameter of the query string."""
    return {"in": "query", "name": name, "required": required, "schema": schema, "description": description}


def form_of(properties: Json, *required: str) -> Json:
    """The parts of a form."""
    return {"type": "object", "properties": properties, "required": list(required)}


TEXT: Json = {"type": "string"}
FILE: Json = {"type": "string", "format": "binary"}
TIME: Json = {"type": "string", "format": "date-time"}
# Beside what is sent, a type that every generated client can read.
BYTES = "application/octet-stream"
PDF = ("application/pdf", BYTES)
EVIDENCE = (*(str(each) for each in MediaType), BYTES)
PAGE_QUERY = (
    query_of("limit", {"type": "integer", "minimum": 1, "maximum": 200, "default": 50}, "items of a page"),
    query_of("cursor", TEXT, "next_cursor of the page before"),
)


_SCHEME: Json = {
    "type": "oauth2",
    "flows": {
        "clientCredentials": {
            "tokenUrl": "/oauth/token",
            "scopes": {scope.value: scope.replace(":", ", ") for scope in Scope},
        }
    },
}


def document(nouns: Sequence[Noun], *, public_url: str) -> Json:
    """The OpenAPI document of the nouns' routes; `public_url` is where the hub is reached."""
    spec = APISpec(TITLE, VERSION, "3.1.0", plugins=[MarshmallowPlugin()])
    spec.components.security_scheme(_TOKEN, _SCHEME)
    spec.components.security_scheme("client_secret", {"type": "http", "scheme": "basic"})
    spec.components.schema("ApiProblem", schema=ApiProblemSchema)
    for each in nouns:
        for operation in each.operations:
            spec.path(
                _IN_PATH.sub(r"{\1}", operation.rule),
                # apispec puts references into what it is handed, and apps of one process share the routes.
                operations={operation.method: deepcopy(operation.described_as)},
                parameters=[_path_parameter(name) for name in _IN_PATH.findall(operation.rule)],
            )
        spec.tag({"name": each.name, "description": each.description})
    return completed(spec.to_dict(), prefix=PREFIX, public_url=public_url)


def _path_parameter(name: str) -> Json:
    return {"in": "path", "name": name, "required": True, "schema": {"type": "string", "pattern": f"^{_ID_PATTERN}$"}}


def open_api(app: Flask, nouns: Sequence[Noun]) -> None:
    """The nouns' routes are there, and described at `/api/v1/openapi.json`."""
    app.url_map.converters["id"] = IdConverter
    for each in nouns:
        app.register_blueprint(each)

    @cache
    def described_once() -> Json:
        """Put together when it is first asked for: a start need not wait for it."""
        return document(nouns, public_url=face().hub.settings.public_url)

    @app.get(f"{PREFIX}/openapi.json")
    @public
    def openapi_json() -> Response:
        return json_response(described_once())
