"""What migrations share that seal what stood in clear: the keys, and rows changed a few at a time."""

import hmac
import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

import sqlalchemy as sa
from alembic import context, op

from hub.domain.errors import KeysUnusable
from storage.sealing import Keyring

_AT_ONCE: Final = 500


def change_rows(
    table: sa.TableClause, keys: Iterable[str], change: Callable[[sa.Row[Any], Keyring], Mapping[str, Any]]
) -> None:
    """Every row has the values that `change` gives for it; no key is asked for where there is no row.

    Raises `KeysUnusable` where there is none, or one is missing that sealed before.
    """
    connection = op.get_bind()
    primary = [table.c[name] for name in keys]
    with_bind = sa.update(table).where(*(each == sa.bindparam(f"key_{each.name}") for each in primary))
    last: tuple[Any, ...] | None = None
    while True:
        query = sa.select(table).order_by(*primary).limit(_AT_ONCE)
        if last is not None:
            query = query.where(sa.tuple_(*primary) > last)
        rows = connection.execute(query).all()
        if not rows:
            return
        keyring = _keyring(connection)
        changed = [dict(change(each, keyring)) for each in rows]
        connection.execute(
            with_bind.values({name: sa.bindparam(f"new_{name}", type_=table.c[name].type) for name in changed[0]}),
            [
                {f"key_{key.name}": getattr(row, key.name) for key in primary}
                | {f"new_{name}": value for name, value in values.items()}
                for row, values in zip(rows, changed, strict=True)
            ],
        )
        last = tuple(getattr(rows[-1], each.name) for each in primary)


def seal_plain(keyring: Keyring, data: Any, *, table: str, column: str, row: str) -> bytes:
    """Plain data sealed as `storage.sealed_json` seals it."""
    spelt = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return keyring.seal(spelt, table=table, column=column, row=row)


def open_plain(keyring: Keyring, sealed: bytes, *, table: str, column: str, row: str) -> Any:
    """What `seal_plain` sealed."""
    return json.loads(keyring.open(sealed, table=table, column=column, row=row))


def _keyring(connection: sa.Connection) -> Keyring:
    given: Callable[[], Keyring] | None = context.config.attributes.get("keyring")
    if given is None:
        raise KeysUnusable("rows have to be sealed by this migration: it needs HUB_SECRET_KEYS")
    keyring = given()
    checks = keyring.check_values()
    noted = connection.execute(sa.text("SELECT key_id, check_value FROM sealing_key")).all()
    lacking = [each.key_id for each in noted if not hmac.compare_digest(checks.get(each.key_id, b""), each.check_value)]
    if lacking:
        raise KeysUnusable(
            f"The database was sealed with key {', '.join(sorted(lacking))}, which HUB_SECRET_KEYS does not hold: "
            "put its secret back, behind the others; nothing was changed"
        )
    return keyring
