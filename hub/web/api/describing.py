"""How routes are described in the OpenAPI document, and the few words that every description shares.

What is described is checked by the schemas that the routes load with; nothing here decides anything.
"""

import threading
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from flask import Flask, Response
from flask_smorest import Api, Blueprint
from marshmallow import fields
from werkzeug.exceptions import HTTPException
from werkzeug.routing import BaseConverter

from hub.domain.evidence import MediaType
from hub.web.access import SCOPES, face, public
from hub.web.api.document import completed
from hub.web.api.document_words import TITLE
from hub.web.idempotency import json_response
from hub.web.problems import http_problem_of, response_of
from schemas.answers import ProblemSchema
from schemas.base import Schema

VERSION = "v1"
PREFIX = f"/api/{VERSION}"
_ID_PATTERN = "[A-Za-z0-9._~-]{1,64}"
_TOKEN = "client_credentials"  # noqa: S105 - a name in the document, not a secret

View = TypeVar("View", bound=Callable[..., Any])
Json = dict[str, Any]


class ApiProblemSchema(ProblemSchema):
    """What went wrong, after RFC 9457; which members are there depends on the code."""

    error = fields.String(metadata={"description": "the code of RFC 6749, of a token that was not given"})


class IdConverter(BaseConverter):
    """An opaque identifier in a path."""

    regex = _ID_PATTERN


class Noun(Blueprint):  # type: ignore[misc]  # flask-smorest has no types
    """The routes about one noun, and their place in the OpenAPI document."""

    def route(self, rule: str, *, methods: Sequence[str] = ("GET",)) -> Callable[[View], View]:
        """The view answers at `rule`."""
        decorate: Callable[[View], View] = super().route(rule, methods=list(methods))
        return decorate


def noun(name: str, description: str, *, below: str = "") -> Noun:
    """The routes about one noun, below the API's own address."""
    return Noun(name, __name__, url_prefix=PREFIX + below, description=description)


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
    about: str = "",
) -> Callable[[View], View]:
    """The route is in the OpenAPI document. `answers`: a status and what it holds, a schema or media types.

    `form` and `raw` are bodies that are no JSON; `key`: the call takes an Idempotency-Key.
    """
    described_as: Json = {
        "responses": {str(status): _answer(holds) for status, holds in answers.items()},
        "security": [{_TOKEN: []}],
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
    return Blueprint.doc(**described_as)  # type: ignore[no-any-return]  # flask-smorest has no types


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


class DescribedApi(Api):  # type: ignore[misc]  # flask-smorest has no types
    """The routes, and the OpenAPI document, which is put together when it is first asked for."""

    ERROR_SCHEMA = ApiProblemSchema

    def __init__(self, app: Flask, nouns: Sequence[Noun]) -> None:
        self._nouns = nouns
        self._describing = threading.Lock()
        self._document: Json | None = None
        super().__init__(app)
        self.register_converter(IdConverter, lambda _: {"type": "string", "pattern": f"^{_ID_PATTERN}$"})
        self.spec.components.security_scheme(_TOKEN, _SCHEME)
        self.spec.components.security_scheme("client_secret", {"type": "http", "scheme": "basic"})
        for each in nouns:
            app.register_blueprint(each)

    @public
    def _openapi_json(self) -> Response:
        with self._describing:
            if self._document is None:
                self._document = self._described()
        return json_response(self._document)

    def _described(self) -> Json:
        for each in self._nouns:
            each.register_views_in_doc(self, self._app, self.spec, name=each.name, parameters=None)
            self.spec.tag({"name": each.name, "description": each.description})
        return completed(self.spec.to_dict(), prefix=PREFIX, public_url=face().hub.settings.public_url)

    def handle_http_exception(self, error: HTTPException) -> Any:
        """As every other error of the web; `problems` registers its own handler behind this one."""
        return response_of(http_problem_of(error))


_SCHEME: Json = {
    "type": "oauth2",
    "flows": {
        "clientCredentials": {
            "tokenUrl": "/oauth/token",
            "scopes": {scope: scope.replace(":", ", ") for scope in SCOPES},
        }
    },
}


def open_api(app: Flask, nouns: Sequence[Noun]) -> None:
    """The nouns' routes are there, and described at `/api/v1/openapi.json`."""
    app.config.update(
        API_TITLE=TITLE,
        API_VERSION=VERSION,
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX=PREFIX,
        OPENAPI_JSON_PATH="openapi.json",
    )
    app.url_map.converters["id"] = IdConverter
    DescribedApi(app, nouns)
