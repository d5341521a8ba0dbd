"""Who may call what: each route says it with `needs` or `public`, and a route that says nothing fails the build.

A call is admitted before anything of its body is read.
"""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import wraps
from typing import Any, Concatenate, Final, ParamSpec, TypeVar, cast

from flask import Response, current_app, g, request

from hub.domain.actor import HUB, Actor, Channel, Party
from hub.domain.china import china_day
from hub.domain.client import Client
from hub.domain.errors import Fault, NotAllowed, NotAuthenticated, Refused
from hub.domain.scope import Scope
from hub.services.accounts import clients
from hub.services.accounts.clients import TOKEN_KNOWN_FOR
from hub.web import idempotency
from hub.web.bodies import JsonBody, fingerprint
from hub.web.idempotency import Effect, KeysInUse, Once
from hub.web.language import language
from hub.web.limits import Limits
from hub.web.sentences import Locale
from hub.web.store_check import StoreCheck
from hub.wiring import Hub

WRITE, READ, REVIEW = Scope.WRITE, Scope.READ, Scope.REVIEW

P = ParamSpec("P")
R = TypeVar("R")


class KnownTokens:
    """Which client a token was found to be of a moment ago: a call in a row of calls costs no lookup.

    A client that is disabled, or a token that ends, is let in for at most `TOKEN_KNOWN_FOR` longer; the command that
    disables one waits for that.
    """

    FRESH_FOR: Final = TOKEN_KNOWN_FOR
    _MOST: Final = 1000

    def __init__(self) -> None:
        self._found: dict[bytes, tuple[datetime, Client]] = {}

    def find(self, hub: Hub, token: str) -> Client | None:
        """The client that holds the token; None for a token that is wrong or over, which is looked up every time."""
        now = hub.real_clock.now()
        # By digest, as in the database: a picture of the memory shows no tokens.
        digest = hashlib.sha256(token.encode()).digest()
        found = self._found.get(digest)
        if found is not None and timedelta() <= now - found[0] < self.FRESH_FOR:
            return found[1]
        with hub.reading(HUB) as tx:
            client = clients.find_by_token(tx, token, at=now)
        if client is None:
            self._found.pop(digest, None)
            return None
        if len(self._found) >= self._MOST:
            self._found.clear()
        self._found[digest] = (now, client)
        return client


@dataclass(frozen=True, slots=True, kw_only=True)
class Face:
    """What the web holds beside the hub: one a process, made with the app."""

    hub: Hub
    limits: Limits
    demo_is_open: bool = False
    keys_in_use: KeysInUse = field(default_factory=KeysInUse)
    tokens: KnownTokens = field(default_factory=KnownTokens)
    store_check: StoreCheck = field(default_factory=StoreCheck)

    @property
    def today(self) -> date:
        """The day it is in China by the hub's clock."""
        return china_day(self.hub.clock.now())


def face() -> Face:
    """The face that the present request came to."""
    return cast("Face", current_app.extensions["hub"])


class ApiCaller:
    """One call of an API client that was let in."""

    def __init__(self, at: Face, client: Client, party: Party) -> None:
        self.hub = at.hub
        self.limits = at.limits
        self.client = client
        bank_code = client.bank_code if party == Party.BANK else None
        self.actor = Actor(party=party, id=f"client/{client.id}", channel=Channel.API, bank_code=bank_code)
        self.body = JsonBody()
        self._keys_in_use = at.keys_in_use

    @property
    def client_id(self) -> str:
        """Whose call it is."""
        return self.client.id

    @property
    def bank_code(self) -> str:
        """The bank that the client is bound to; raises `NotAllowed` for one that is bound to none."""
        if self.client.bank_code is None:
            raise NotAllowed(REVIEW)
        return self.client.bank_code

    @property
    def language(self) -> Locale:
        """What the caller reads."""
        return language()

    @property
    def now(self) -> datetime:
        """The instant it is by the hub's clock."""
        return self.hub.clock.now()

    @property
    def today(self) -> date:
        """The day it is in China by the hub's clock."""
        return china_day(self.now)

    def once(
        self,
        effect: Effect,
        *,
        key_required: bool = False,
        parts: Iterable[bytes] | None = None,
        one_statement: bool = False,
    ) -> Response:
        """The reply of `effect`, which is done in one transaction, and once for each Idempotency-Key.

        `parts` tell the call from another; without them what its JSON body says does. An effect of one statement about
        one row may say so, which costs the database less.
        """
        key = idempotency.key_of_request(required=key_required)
        once = Once(
            hub=self.hub,
            actor=self.actor,
            client_id=self.client_id,
            key=key,
            fingerprint=""
            if key is None
            else fingerprint(request, (self.body.canonical(),) if parts is None else parts),
            keys_in_use=self._keys_in_use,
            one_statement=one_statement,
        )
        answer, replayed = once.do(effect)
        return idempotency.response_of(answer, replayed=replayed)


def refuse(faults: Iterable[Fault]) -> None:
    """Nothing where there are no faults; raises `Refused` with all of them otherwise."""
    found = tuple(faults)
    if found:
        raise Refused(*found)


def needs(*scopes: Scope) -> Callable[[Callable[Concatenate[ApiCaller, P], R]], Callable[P, R]]:
    """The route is for clients whose token has one of `scopes`; it is handed the `ApiCaller`."""

    def decorate(view: Callable[Concatenate[ApiCaller, P], R]) -> Callable[P, R]:
        @wraps(view)
        def admitted(*args: P.args, **kwargs: P.kwargs) -> R:
            return view(_admit(scopes), *args, **kwargs)

        return declared(admitted, " or ".join(scopes))

    return decorate


def public(view: Callable[P, R]) -> Callable[P, R]:
    """The route is for everybody."""
    return declared(view, "everybody")


def declared(view: Callable[P, R], whom: str) -> Callable[P, R]:
    """The route says for whom it is; whatever decides that has to be around `view` already."""
    cast("Any", view).access = whom
    return view


def _admit(scopes: tuple[Scope, ...]) -> ApiCaller:
    at = face()
    client = _client_of_token(at)
    g.client_id = client.id
    held = [scope for scope in scopes if scope in client.scopes]
    if not held:
        raise NotAllowed(scopes[0])
    party = Party.BANK if held[0] == REVIEW else Party.CARDHOLDER
    caller = ApiCaller(at, client, party)
    if party == Party.BANK:
        caller.bank_code  # noqa: B018 - asked for early: it raises for a client without a bank
    return caller


def _client_of_token(at: Face) -> Client:
    authorization = request.authorization
    if authorization is None or authorization.type != "bearer" or not authorization.token:
        raise NotAuthenticated
    client = at.tokens.find(at.hub, authorization.token)
    if client is None:
        raise NotAuthenticated
    return client
