"""Banks: adding, setting and finding them."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from hub.domain.bank import Bank, read_rules
from hub.domain.errors import NotFound
from hub.domain.issuers import bank_key
from storage.records import BankRecord, Record
from storage.transaction import Transaction

# What is known in a transaction once it was asked for: a bank by its code, and all of them.
_BY_CODE, _ALL = "bank_by_code", "all_banks"
# Asked with every submission, so without a record each.
_TABLE = Record.metadata.tables["bank"]
_LIST = sa.select(_TABLE).order_by(_TABLE.c.code)


def _forget(tx: Transaction) -> None:
    for name in (_BY_CODE, _ALL):
        tx.known.pop(name, None)


def _value(record: BankRecord | sa.Row[Any]) -> Bank:
    return Bank(
        code=record.code,
        name_zh=record.name_zh,
        name_en=record.name_en,
        adapter=record.adapter,
        settings=dict(record.settings),
        rules=read_rules(record.settings),
    )


def add_bank(
    tx: Transaction, *, code: str, name_zh: str, name_en: str, adapter: str, settings: Mapping[str, str]
) -> Bank:
    """The bank takes applications from now on. The caller has checked that it is new and its settings are right."""
    record = BankRecord(
        code=code,
        name_zh=name_zh,
        name_en=name_en,
        adapter=adapter,
        settings={name: text for name, text in settings.items() if text},
        added_at=tx.now,
    )
    tx.session.add(record)
    tx.session.flush()
    _forget(tx)
    return _value(record)


def set_settings(tx: Transaction, code: str, settings: Mapping[str, str]) -> Bank:
    """`settings` are in force beside those set before, and the keys of empty ones are not set any more.

    An open clock keeps the terms it was opened under.
    """
    record = tx.session.get(BankRecord, code, with_for_update=True)
    if record is None:
        raise NotFound
    record.settings = {name: text for name, text in {**record.settings, **settings}.items() if text}
    tx.session.flush()
    _forget(tx)
    return _value(record)


def get_bank(tx: Transaction, code: str) -> Bank:
    """The bank with exactly this code; raises `NotFound`."""
    known: dict[str, Bank] = tx.known.setdefault(_BY_CODE, {})
    if code not in known:
        record = tx.session.get(BankRecord, code)
        if record is None:
            raise NotFound
        known[code] = _value(record)
    return known[code]


def list_banks(tx: Transaction) -> list[Bank]:
    """All banks, ordered by code."""
    if _ALL not in tx.known:
        tx.known[_BY_CODE] = {row.code: _value(row) for row in tx.session.execute(_LIST)}
        tx.known[_ALL] = list(tx.known[_BY_CODE].values())
    return list(tx.known[_ALL])


def banks_by_key(tx: Transaction) -> dict[str, Bank]:
    """All banks by their institution, so that a bank's card-centre code finds it as well as its own."""
    return {bank_key(bank.code): bank for bank in list_banks(tx)}
