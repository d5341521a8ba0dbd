"""API clients: adding them, proving who calls, their tokens, and sending a person over to the hub's pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from hub.domain.actor import Actor, Channel, Party
from hub.domain.client import Client
from hub.domain.plain import Plain
from hub.services.operating import audit
from hub.services.operating.audit import AuditKind
from hub.services.transaction import HubTransaction
from storage import clients

PORTAL_CLIENT = "portal"
LAUNCH_LIFE = timedelta(minutes=5)
# How long a process may remember whose token it was, so that a row of calls costs no lookup each.
TOKEN_KNOWN_FOR = timedelta(milliseconds=500)


@dataclass(frozen=True, slots=True, kw_only=True)
class LaunchCode:
    """A one-time way in: `code` signs one person in until `expires_at`."""

    code: str
    expires_at: datetime


def portal_client_id(tx: HubTransaction) -> str:
    """Whose the recordings are that come through the portal: a client without a scope, whose secret nobody was told.

    It is made where it is not there yet.
    """
    found = clients.find_client_named(tx, PORTAL_CLIENT)
    if found is None:
        found, _ = clients.add_client(tx, name=PORTAL_CLIENT, scopes=(), bank_code=None)
    return found.id


def authenticate(tx: HubTransaction, client_id: str, secret: str) -> Client | None:
    """The client whose id and secret these are, or None."""
    right = clients.secret_is_right(tx, client_id, secret)
    client = clients.find_client(tx, client_id)
    return client if right else None


def grant_token(tx: HubTransaction, client: Client, scopes: Sequence[str], *, at: datetime) -> str:
    """A bearer token with these of the client's scopes, good for `TOKEN_LIFE` of real time from `at`."""
    party = Party.CARDHOLDER if client.bank_code is None else Party.BANK
    actor = Actor(party=party, id=f"client/{client.id}", channel=Channel.API)
    audit.note(tx, AuditKind.TOKEN_GRANTED, client.name, actor=actor)
    return clients.add_token(tx, client, scopes, at=at)


def note_refusal(tx: HubTransaction, client_id: str) -> None:
    """Somebody asked for a token in vain; an id that is nobody's is not kept: it may be anything."""
    known = clients.find_client(tx, client_id)
    audit.note(tx, AuditKind.TOKEN_REFUSED, "" if known is None else known.name)


def find(tx: HubTransaction, client_id: str) -> Client | None:
    """The client of that id, or None."""
    return clients.find_client(tx, client_id)


def find_by_token(tx: HubTransaction, token: str, *, at: datetime) -> Client | None:
    """The client that holds the token, with the token's scopes, unless either has ended at `at`."""
    return clients.find_by_token(tx, token, at=at)


def launch(tx: HubTransaction, client_id: str, person: Plain) -> LaunchCode:
    """`person`, whom the host app has signed in, can be sent to the hub's pages once, within five minutes."""
    code, expires_at = clients.add_launch(tx, client_id, person, life=LAUNCH_LIFE)
    return LaunchCode(code=code, expires_at=expires_at)
