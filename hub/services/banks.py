"""Banks as the operator sees them: adding, setting, listing."""

import re
from collections.abc import Mapping

from hub.domain.bank import Bank
from hub.domain.errors import InvalidValue, NotFound, Unusable
from hub.domain.issuers import bank_key
from hub.domain.people import free_text
from hub.services.transaction import HubTransaction
from storage import banks

_CODE = re.compile(r"\d{8}")
_NAME_LIMIT = 100


def add(
    tx: HubTransaction, *, code: str, name_zh: str, name_en: str, adapter: str, settings: Mapping[str, str]
) -> Bank:
    """The bank takes applications from now on.

    Raises `InvalidValue` for a code, name or setting that cannot be, and `Unusable` for a bank that is there
    already, under this code or another of the same institution.
    """
    if not _CODE.fullmatch(code):
        raise InvalidValue("bank_code")
    names = [free_text(name, limit=_NAME_LIMIT).strip() for name in (name_zh, name_en)]
    if not all(names):
        raise InvalidValue("name_required")
    tx.adapters.check_settings(adapter, settings)
    there = banks.banks_by_key(tx).get(bank_key(code))
    if there is not None:
        raise Unusable(f"{there.name_en} is there already, as {there.code}; change it with `hub bank set {there.code}`")
    return banks.add_bank(tx, code=code, name_zh=names[0], name_en=names[1], adapter=adapter, settings=settings)


def change(tx: HubTransaction, code: str, settings: Mapping[str, str]) -> Bank:
    """`settings` are in force beside those set before; an empty value takes its key away, so the default holds.

    Raises `NotFound`, and `InvalidValue` naming what is wrong or what the bank would lack; then nothing is changed.
    """
    bank = banks.get_bank(tx, code)
    tx.adapters.check_settings(bank.adapter, settings, beside=bank.settings)
    return banks.set_settings(tx, code, settings)


def get(tx: HubTransaction, code: str) -> Bank:
    """The bank with exactly this code; raises `NotFound`."""
    return banks.get_bank(tx, code)


def of_institution(tx: HubTransaction, code: str) -> Bank:
    """The bank that this code reaches, its card centre's or its own; raises `NotFound`."""
    found = banks.banks_by_key(tx).get(bank_key(code))
    if found is None:
        raise NotFound
    return found


def list_all(tx: HubTransaction) -> list[Bank]:
    """All banks, ordered by code."""
    return banks.list_banks(tx)
