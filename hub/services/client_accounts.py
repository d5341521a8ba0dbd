"""API clients as the operator sees them: adding and listing."""

from collections.abc import Sequence
from dataclasses import dataclass

from hub.banks.signers import SignMethod
from hub.domain.errors import InvalidValue, Unusable
from hub.domain.people import free_text
from hub.services import gateway
from hub.services.transaction import HubTransaction
from storage import banks, clients
from storage.clients import Client
from storage.merchants import OwnKey

BANK_SCOPE = "negotiations:review"
SCOPES = ("applications:write", "applications:read", BANK_SCOPE)
_NAME_LIMIT = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class MerchantWanted:
    """How a client comes through the gateway as well: its number there, and the public key, PEM, that it signs for."""

    mer_id: str
    public_key: bytes
    method: SignMethod = SignMethod.RSA


def add(tx: HubTransaction, *, name: str, scopes: Sequence[str], bank_code: str | None) -> tuple[Client, str]:
    """The client may call the API with the secret that is told here and never again.

    Raises `InvalidValue` for an unknown scope and for a bank's scope without a bank, `NotFound` for an unknown bank,
    `Unusable` for a name that is taken.
    """
    for scope in scopes:
        if scope not in SCOPES:
            raise InvalidValue("scope_unknown", scope=scope, scopes=", ".join(SCOPES))
    if (BANK_SCOPE in scopes) != (bank_code is not None):
        raise InvalidValue("scope_needs_bank", scope=BANK_SCOPE)
    if bank_code is not None:
        banks.get_bank(tx, bank_code)
    named = free_text(name, limit=_NAME_LIMIT).strip()
    if not named:
        raise InvalidValue("name_required")
    if clients.find_client_named(tx, named) is not None:
        raise Unusable(f"a client named {named} is there already; choose another name")
    return clients.add_client(tx, name=named, scopes=list(dict.fromkeys(scopes)), bank_code=bank_code)


def add_merchant(tx: HubTransaction, client: Client, wanted: MerchantWanted) -> OwnKey:
    """The client can come through the gateway; gives the key with which the hub answers it there.

    Raises `InvalidValue` for a client that may not write applications, and for a number or key that cannot be used.
    """
    if gateway.SCOPE not in client.scopes:
        raise InvalidValue("gateway_needs_scope", scope=gateway.SCOPE)
    return gateway.add_merchant(
        tx, client_id=client.id, mer_id=wanted.mer_id, method=wanted.method, public_key=wanted.public_key
    )


def list_all(tx: HubTransaction) -> list[Client]:
    """All clients, ordered by name."""
    return clients.list_clients(tx)
