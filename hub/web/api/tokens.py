"""Tokens: OAuth 2.0 client credentials by HTTP Basic. Authlib knows the protocol, the services who is who."""

import json
import os
from collections.abc import Mapping
from typing import Any

from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.oauth2.rfc6749 import ClientMixin
from authlib.oauth2.rfc6749.errors import InvalidScopeError
from authlib.oauth2.rfc6749.grants import ClientCredentialsGrant
from flask import Blueprint, Response, request

from hub.domain.actor import HUB
from hub.domain.client import TOKEN_LIFE, Client
from hub.services.accounts import clients
from hub.web.access import Face, face, public
from hub.web.language import language
from hub.web.limits import TOKENS, WRONG_SECRETS
from hub.web.problems import Problem

blueprint = Blueprint("tokens", __name__)
_LONGEST_ID = 64
# The hub speaks plain HTTP to the proxy that ends TLS. Authlib would otherwise raise for every host but the local one.
os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"


class _TokenClient(ClientMixin):  # type: ignore[misc]  # Authlib has no types
    """A client as Authlib asks about it; its secret was judged when it was looked up."""

    def __init__(self, client: Client) -> None:
        self.client = client

    def get_client_id(self) -> str:
        """The client's id."""
        return self.client.id

    def check_client_secret(self, client_secret: str) -> bool:
        """Whether the secret is right; a wrong one is counted, a right one too, by other limits."""
        at = face()
        with at.hub.reading(HUB) as tx:
            right = clients.authenticate(tx, self.client.id, client_secret) is not None
        if right:
            at.limits.count_from_lease(TOKENS, self.client.id)
        return right

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        """HTTP Basic, at the token endpoint."""
        return (method, endpoint) == ("client_secret_basic", "token")

    def check_grant_type(self, grant_type: str) -> bool:
        """Client credentials are all that programs have."""
        return grant_type == "client_credentials"

    def get_allowed_scope(self, scope: str | None) -> str:
        """The scopes that were asked for, or all of the client's; they were judged before."""
        return " ".join(sorted(set(scope.split()) if scope else self.client.scopes))


class _Grant(ClientCredentialsGrant):  # type: ignore[misc]  # Authlib has no types
    """Client credentials, by HTTP Basic alone."""

    TOKEN_ENDPOINT_AUTH_METHODS = ["client_secret_basic"]  # noqa: RUF012 - Authlib's own name

    def validate_requested_scope(self) -> None:
        """Nothing, or an error for a scope that the client does not have: none is dropped in silence."""
        asked = set((self.request.payload.scope or "").split())
        if asked - self.request.client.client.scopes:
            raise InvalidScopeError


def _find_client(client_id: str) -> _TokenClient | None:
    with face().hub.reading(HUB) as tx:
        client = clients.find(tx, client_id[:_LONGEST_ID])
    return None if client is None else _TokenClient(client)


def _make_token(client: _TokenClient, scope: str | None = None, **_: Any) -> dict[str, Any]:
    scopes = client.get_allowed_scope(scope).split()
    hub = face().hub
    with hub.writing(HUB) as tx:
        token = clients.grant_token(tx, client.client, scopes, at=hub.real_clock.now())
    return {
        "access_token": token,
        "token_type": "Bearer",
        "expires_in": int(TOKEN_LIFE.total_seconds()),
        "scope": " ".join(scopes),
    }


def _already_kept(_token: object, _request: object) -> None:
    """A token is kept where it is made, by its digest."""


def _server() -> AuthorizationServer:
    server = AuthorizationServer(query_client=_find_client, save_token=_already_kept)
    server.register_token_generator("default", _make_token)
    server.register_grant(_Grant)
    return server


_SERVER = _server()


@blueprint.route("/oauth/token", methods=["POST"])
@public
def give_token() -> Response:
    """A bearer token for an hour, or a problem that also says what RFC 6749 says."""
    try:
        answer: Response = _SERVER.create_token_response()
    except ValueError:
        # Authlib reads the name and the secret as UTF-8 in Base64, and other bytes are nobody's.
        answer = Response('{"error": "invalid_client"}', status=401, content_type="application/json")
    if answer.status_code < 400:
        return answer
    fields = answer.get_json()
    if answer.status_code == 401:
        _count_wrong_secret(face())
        _note_refusal()
    return _refusal(answer, fields)


def _count_wrong_secret(at: Face) -> None:
    given = request.authorization
    name = given.username if given is not None and given.type == "basic" else None
    at.limits.count((WRONG_SECRETS, ((name or "")[:_LONGEST_ID],)))


def _note_refusal() -> None:
    given = request.authorization
    name = given.username if given is not None and given.type == "basic" else None
    with face().hub.writing(HUB) as tx:
        clients.note_refusal(tx, (name or "")[:_LONGEST_ID])


def _refusal(answer: Response, fields: Mapping[str, str]) -> Response:
    status = answer.status_code
    error = fields["error"]
    kind = "not_authenticated" if status == 401 else "malformed"
    problem = Problem(status=status, kind=kind, code=error, detail_code=error, members={"error": error})
    body = json.dumps(problem.plain(language()), ensure_ascii=False)
    response = Response(body, status=status, content_type="application/problem+json")
    if status == 401:
        response.headers["WWW-Authenticate"] = 'Basic realm="hub", charset="UTF-8"'
    return response
