"""API clients as the operator sees them: adding, listing, renewing a secret, and stopping one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from hub.banks.pairs.signers import SignMethod
from hub.domain.client import Client
from hub.domain.errors import InvalidValue, NotFound, Unusable
from hub.domain.people import free_text
from hub.domain.scope import Scope
from hub.services.applications import gateway
from hub.services.operating import audit
from hub.services.operating.audit import AuditKind
from hub.services.transaction import HubTransaction
from storage import banks, clients
from storage.drafts import FORM_CLIENT
from storage.merchants import OwnKey

_NAME_LIMIT = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class MerchantWanted:
    """How a client comes through the gateway as well: its number there, and the public key, PEM, that it signs for."""

    mer_id: str
    public_key: bytes
    method: SignMethod = SignMethod.RSA


def add(tx: HubTransaction, *, name: str, scopes: Sequence[str], bank_code: str | None) -> tuple[Client, str]:
    """The client may call the API with the secret that is told here and never again.

    Raises `InvalidValue` for an unknown scope, a bank's scope without a bank and a bank without it, `NotFound` for an
    unknown bank, `Unusable` for a name that is taken.
    """
    for scope in scopes:
        if scope not in set(Scope):
            raise InvalidValue("scope_unknown", scope=scope, scopes=", ".join(Scope))
    if (Scope.REVIEW in scopes) != (bank_code is not None):
        raise InvalidValue("scope_needs_bank" if bank_code is None else "bank_needs_scope", scope=Scope.REVIEW)
    if bank_code is not None:
        bank_code = banks.of_institution(tx, bank_code).code
    named = free_text(name, limit=_NAME_LIMIT).strip()
    if not named:
        raise InvalidValue("name_required")
    if clients.find_client_named(tx, named) is not None:
        raise Unusable(f"a client named {named} is there already; choose another name")
    audit.note(tx, AuditKind.CLIENT_ADDED, named, scopes=sorted(set(scopes)), bank=bank_code)
    return clients.add_client(tx, name=named, scopes=list(dict.fromkeys(scopes)), bank_code=bank_code)


def add_merchant(tx: HubTransaction, client: Client, wanted: MerchantWanted) -> OwnKey:
    """The client can come through the gateway; gives the key with which the hub answers it there.

    Raises `InvalidValue` for a client that may not write applications, and for a number or key that cannot be used.
    """
    if Scope.WRITE not in client.scopes:
        raise InvalidValue("gateway_needs_scope", scope=Scope.WRITE)
    audit.note(tx, AuditKind.CLIENT_SET, client.name, keys=["mer_id", "public_key"])
    return gateway.add_merchant(
        tx, client_id=client.id, mer_id=wanted.mer_id, method=wanted.method, public_key=wanted.public_key
    )


def set_public_key(tx: HubTransaction, name: str, public_key: bytes, *, method: SignMethod | None) -> OwnKey:
    """The client's messages to the gateway need this key from now on; gives the hub's own key there.

    Raises `Unusable` for a client that does not come through the gateway, and `InvalidValue` for an unusable key.
    """
    client = _named(tx, name)
    audit.note(tx, AuditKind.CLIENT_SET, client.name, keys=["public_key"])
    try:
        return gateway.set_public_key(tx, client_id=client.id, method=method, public_key=public_key)
    except NotFound as error:
        raise Unusable(f"{client.name} does not come through the gateway; add a client with --mer-id") from error


def renew(tx: HubTransaction, name: str, *, overlap: timedelta) -> tuple[Client, str]:
    """A new secret, told this once; the old one is good for `overlap` longer. Raises `Unusable`."""
    client = _named(tx, name)
    if client.disabled_at is not None:
        raise Unusable(f"{client.name} is disabled; `hub client enable` gives it a new secret")
    audit.note(tx, AuditKind.CLIENT_RENEWED, client.name, overlap_hours=int(overlap.total_seconds() // 3600))
    return client, clients.renew_secret(tx, client.id, overlap=overlap)


def disable(tx: HubTransaction, name: str) -> Client:
    """The client opens nothing any more: neither its secret, nor tokens, launches and sessions that came of it.

    What it made stays, and goes on. Raises `Unusable` for an unknown one, and where it is disabled already.
    """
    client = _named(tx, name)
    if client.disabled_at is not None:
        raise Unusable(f"{client.name} is disabled already")
    clients.disable(tx, client.id)
    audit.note(tx, AuditKind.CLIENT_DISABLED, client.name)
    return client


def enable(tx: HubTransaction, name: str) -> tuple[Client, str]:
    """The client may call again, with a new secret that is told this once; the old one stays useless.

    Raises `Unusable` for an unknown client and for one that is not disabled.
    """
    client = _named(tx, name)
    if client.disabled_at is None:
        raise Unusable(f"{client.name} is not disabled; `hub client renew` gives it a new secret")
    clients.enable(tx, client.id)
    audit.note(tx, AuditKind.CLIENT_ENABLED, client.name)
    return client, clients.renew_secret(tx, client.id, overlap=timedelta())


def _named(tx: HubTransaction, name: str) -> Client:
    found = clients.find_client_named(tx, name.strip())
    # The client of the hub's own form is nobody's, and has no secret to leak.
    if found is None or found.id == FORM_CLIENT:
        raise Unusable(f"there is no client named {name}; `hub client list` names all")
    return found


def list_all(tx: HubTransaction) -> list[Client]:
    """All clients, ordered by name."""
    return clients.list_clients(tx)
