"""Banks: adding, setting and finding them. What is secret of their settings is sealed in their rows."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

import sqlalchemy as sa

from hub.domain.bank import Bank
from hub.domain.bank_settings import read_rules
from hub.domain.creditor import BANK_STANDING, CreditorKind, Regulator, Standing
from hub.domain.errors import NotFound, Unusable
from hub.domain.issuers import bank_key
from storage.records import BankRecord, Record
from storage.sealed_json import open_json, seal_json
from storage.transaction import Known, Transaction

# A bank by its code, and all of them at once.
_BY_CODE, _ALL = Known[str, Bank](), Known[None, list[Bank]]()
# Asked with every submission, so without a record each.
_TABLE = Record.metadata.tables["bank"]
_LIST = sa.select(_TABLE).order_by(_TABLE.c.code)


def _forget(tx: Transaction) -> None:
    _BY_CODE.of(tx).clear()
    _ALL.of(tx).clear()


def _value(tx: Transaction, record: BankRecord | sa.Row[Any]) -> Bank:
    secrets = _secrets(tx, record)
    return Bank(
        code=record.code,
        name_zh=record.name_zh,
        name_en=record.name_en,
        adapter=record.adapter,
        settings={**record.settings, **secrets},
        rules=read_rules(record.settings),
        secret=frozenset(secrets),
        is_open=record.closed_at is None,
        standing=Standing(
            kind=CreditorKind(record.kind), licence_no=record.licence_no, regulator=Regulator(record.regulator)
        ),
    )


def _secrets(tx: Transaction, record: BankRecord | sa.Row[Any]) -> dict[str, str]:
    if record.secrets_sealed is None:
        return {}
    opened: dict[str, str] = open_json(tx, record.secrets_sealed, table="bank", column="secrets", row=record.code)
    return opened


def _set(tx: Transaction, record: BankRecord, settings: Mapping[str, str], secret: Collection[str]) -> None:
    """The record has these settings and no others; those called `secret` are sealed."""
    hidden = {name: text for name, text in settings.items() if name in secret}
    record.settings = {name: text for name, text in settings.items() if name not in secret}
    record.secrets_sealed = seal_json(tx, hidden, table="bank", column="secrets", row=record.code)


def add_bank(
    tx: Transaction,
    *,
    code: str,
    name_zh: str,
    name_en: str,
    adapter: str,
    settings: Mapping[str, str],
    secret: Collection[str] = (),
    is_open: bool = True,
    standing: Standing = BANK_STANDING,
) -> Bank:
    """The bank is there, and takes applications if it `is_open`; those of its settings called `secret` are sealed.

    The caller has checked that it is new and its settings are right.
    """
    record = BankRecord(
        code=code,
        name_zh=name_zh,
        name_en=name_en,
        kind=standing.kind,
        licence_no=standing.licence_no,
        regulator=standing.regulator,
        adapter=adapter,
        added_at=tx.now,
        closed_at=None if is_open else tx.now,
    )
    _set(tx, record, {name: text for name, text in settings.items() if text}, secret)
    tx.session.add(record)
    tx.session.flush()
    _forget(tx)
    return _value(tx, record)


def _locked(tx: Transaction, code: str) -> BankRecord:
    record = tx.session.get(BankRecord, code, with_for_update=True)
    if record is None:
        raise NotFound
    return record


def _written(tx: Transaction, record: BankRecord) -> Bank:
    tx.session.flush()
    _forget(tx)
    return _value(tx, record)


def set_settings(tx: Transaction, code: str, settings: Mapping[str, str], *, secret: Collection[str] = ()) -> Bank:
    """`settings` are in force beside those set before, and the keys of empty ones are not set any more.

    Those called `secret` are sealed, also where they were set before. An open clock keeps the terms it was opened
    under.
    """
    record = _locked(tx, code)
    before = _secrets(tx, record)
    whole = {**record.settings, **before, **settings}
    _set(tx, record, {name: text for name, text in whole.items() if text}, {*before, *secret})
    return _written(tx, record)


def set_names(tx: Transaction, code: str, *, name_zh: str, name_en: str) -> Bank:
    """The bank is called so."""
    record = _locked(tx, code)
    record.name_zh, record.name_en = name_zh, name_en
    return _written(tx, record)


def set_standing(tx: Transaction, code: str, standing: Standing) -> Bank:
    """The creditor is of that kind, with that licence. The caller sees to what is open with it."""
    record = _locked(tx, code)
    record.kind, record.licence_no, record.regulator = standing.kind, standing.licence_no, standing.regulator
    return _written(tx, record)


def set_adapter(tx: Transaction, code: str, adapter: str) -> Bank:
    """The bank is reached by that kind of adapter. The caller sees to its settings and to what is on its way."""
    record = _locked(tx, code)
    record.adapter = adapter
    return _written(tx, record)


def set_open(tx: Transaction, code: str, *, is_open: bool) -> Bank:
    """The bank takes new applications, or none."""
    record = _locked(tx, code)
    record.closed_at = None if is_open else record.closed_at or tx.now
    return _written(tx, record)


def seal_secrets(tx: Transaction, secret_settings: Callable[[str], Collection[str]]) -> None:
    """What is secret of rows from before secrets were sealed is sealed.

    `secret_settings` says what is secret of a kind of adapter. A row is left as it is while its kind is not installed.
    """
    for record in tx.session.scalars(sa.select(BankRecord).where(BankRecord.secrets_sealed.is_(None))):
        try:
            secret = secret_settings(record.adapter)
        except Unusable:
            continue
        _set(tx, record, dict(record.settings), secret)
    tx.session.flush()
    _forget(tx)


def has_unsealed_secrets(tx: Transaction) -> bool:
    """Whether a row is from before secrets were sealed."""
    return bool(tx.session.scalar(sa.select(sa.exists().where(_TABLE.c.secrets_sealed.is_(None)))))


def get_bank(tx: Transaction, code: str) -> Bank:
    """The bank with exactly this code; raises `NotFound`."""
    known = _BY_CODE.of(tx)
    if code not in known:
        record = tx.session.get(BankRecord, code)
        if record is None:
            raise NotFound
        known[code] = _value(tx, record)
    return known[code]


def of_institution(tx: Transaction, code: str) -> Bank:
    """The bank that this code reaches, its card centre's or its own; raises `NotFound`."""
    found = banks_by_key(tx).get(bank_key(code))
    if found is None:
        raise NotFound
    return found


def list_banks(tx: Transaction) -> list[Bank]:
    """All banks, the closed ones too, ordered by code."""
    known = _ALL.of(tx)
    if None not in known:
        known[None] = [_value(tx, row) for row in tx.session.execute(_LIST)]
        _BY_CODE.of(tx).update((bank.code, bank) for bank in known[None])
    return list(known[None])


def banks_by_key(tx: Transaction) -> dict[str, Bank]:
    """All banks by their institution, so that a bank's card-centre code finds it as well as its own."""
    return {bank_key(bank.code): bank for bank in list_banks(tx)}
