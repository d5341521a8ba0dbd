"""Which keys there are and since when: of the hub, of clients and of banks. Never a key."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from hub.services.operating.audit import AuditKind
from hub.services.reading.operator.bank_settings import is_hidden
from hub.services.transaction import HubTransaction
from storage import audit, banks, clients, merchants, sealing_keys
from storage.drafts import FORM_CLIENT

_OF_CLIENTS: Final = (AuditKind.CLIENT_RENEWED, AuditKind.CLIENT_ENABLED)
_OF_BANKS: Final = (AuditKind.BANK_ADDED, AuditKind.BANK_SET)


@dataclass(frozen=True, slots=True, kw_only=True)
class SealingKey:
    """A key that seals what is stored. `is_first` is the one that seals now; the others open what they sealed."""

    id: str
    since: datetime
    is_first: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientKey:
    """A client's secret. `before_until`: until when the one before it is good as well, where it still is."""

    name: str
    bank_code: str | None
    since: datetime
    before_until: datetime | None
    is_disabled: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BankKey:
    """A setting of a bank that is kept sealed. `since` is None where the audit does not know."""

    bank_code: str
    name: str
    since: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """All that there are. `gateway` has (number, method, since) of the keys that sign what the gateway answers."""

    sealing: Sequence[SealingKey]
    clients: Sequence[ClientKey]
    banks: Sequence[BankKey]
    gateway: Sequence[tuple[str, str, datetime]]


def list_keys(tx: HubTransaction) -> Keys:
    """All keys, those of the hub the newest first, others by name."""
    first = next(iter(tx.keyring.check_values()))
    return Keys(
        sealing=[
            SealingKey(id=id_, since=at, is_first=id_ == first) for id_, at in sealing_keys.list_noted(tx.session)
        ],
        clients=_of_clients(tx),
        banks=_of_banks(tx),
        gateway=merchants.list_keys(tx),
    )


def _of_clients(tx: HubTransaction) -> list[ClientKey]:
    renewed = {about: at for _, about, at, _ in audit.list_of_kinds(tx, _OF_CLIENTS)}
    return [
        ClientKey(
            name=client.name,
            bank_code=client.bank_code,
            since=renewed.get(client.name, added_at),
            before_until=until if until is not None and until > tx.now else None,
            is_disabled=client.disabled_at is not None,
        )
        for client, added_at, until in clients.list_secrets(tx)
        # The hub's own form and a client without a scope have no secret that anybody was told.
        if client.id != FORM_CLIENT and client.scopes
    ]


def _of_banks(tx: HubTransaction) -> list[BankKey]:
    changed = {
        (about, name): at for _, about, at, details in audit.list_of_kinds(tx, _OF_BANKS) for name in details["keys"]
    }
    return [
        BankKey(bank_code=bank.code, name=name, since=changed.get((bank.code, name)))
        for bank in banks.list_banks(tx)
        for name in sorted(bank.settings)
        if is_hidden(bank, name)
    ]
