"""Plain data sealed into one column and opened from it."""

import json
from typing import Any

from hub.domain.plain import canonical
from storage.transaction import Transaction


def seal_json(tx: Transaction, data: Any, *, table: str, column: str, row: str) -> bytes:
    """`data` sealed for one table, column and row."""
    return tx.keyring.seal(canonical(data), table=table, column=column, row=row)


def open_json(tx: Transaction, sealed: bytes, *, table: str, column: str, row: str) -> Any:
    """What `seal_json` sealed for that place."""
    return json.loads(tx.keyring.open(sealed, table=table, column=column, row=row))
