"""Sums of before they were sealed: sealed by the migration, readable as they were, and nowhere in the clear."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa

from hub.domain.errors import KeysUnusable
from storage import schema
from storage.database import create_engine
from storage.migrations.clear_columns import open_plain, seal_plain
from storage.sealing import Keyring
from tests.storage.migration_keys import KEYS, OTHERS
from tests.storage.postgres_server import PostgresServer

AT = datetime(2026, 11, 28, tzinfo=UTC)
BEFORE, AFTER = "0059", "0060"
ROWS = [{"number": 1, "due_on": "2026-12-20", "total_fen": 15_416_677}]
COST = {"nominal_percent": "7.31", "effective_percent": "7.56"}
MARKS = (b"15416677", b"7.31", b"2026-12-19", b"98765432")


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[sa.Engine]:
    """A database of before, with a payment, an offer of each of two times, and an agreement."""
    if request.param == "sqlite":
        made = create_engine(f"sqlite:///{tmp_path / 'old.db'}")
    else:
        server: PostgresServer = request.getfixturevalue("migrated_server")
        made = create_engine(server.create_database("clear_sums"))
    schema.upgrade(made, BEFORE)
    _fill(made)
    yield made
    made.dispose()
    if request.param == "postgresql":
        server.drop_database("clear_sums")


def _sealed(data: Any, table: str, column: str, row: str) -> bytes:
    return seal_plain(KEYS, data, table=table, column=column, row=row)


def _fill(engine: sa.Engine) -> None:
    there = sa.MetaData()
    there.reflect(engine, only=["payment", "offer", "agreement", "sealing_key"])
    [(key_id, check)] = KEYS.check_values().items()
    of_all: dict[str, Any] = {"negotiation_id": "n", "bank_code": "01020000"}
    offer = {**of_all, "by": "bank", "status": "open", "terms_sealed": b"", "balances_sealed": b"", "oral": False}
    offer |= {"schedule": ROWS, "total_fen": 15_416_677, "annual_cost": COST, "made_by": "bank:staff/a", "made_at": AT}
    said = {"schedule": ROWS, "total_fen": 15_416_677, "annual_cost": COST}
    contents = _sealed({"schedule": {"rows": ROWS}}, "agreement", "contents", "agreed")
    agreement = {**of_all, "id": "agreed", "number": "XY-1", "offer_id": "new", "status": "in_force"}
    agreement |= {"contents_sealed": contents, "schedule": ROWS, "signed_at": AT, "collection_held_at": AT}
    agreement |= {"next_due_fen": 15_416_677, "paid_fen": 98_765_432, "followed_at": AT}
    payment = {"id": "paid", "agreement_id": "agreed", "bank_code": "01020000", "number": 1, "status": "paid"}
    payment |= {"paid_on": date(2026, 12, 19), "amount_fen": 98_765_432, "recorded_at": AT}
    off = "PRAGMA foreign_keys = OFF" if engine.dialect.name == "sqlite" else "SET session_replication_role = replica"
    with engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        driver.execute(off)
        connection.begin()
        rows = {
            "sealing_key": [{"key_id": key_id, "check_value": check, "first_used_at": AT}],
            "offer": [
                {**offer, "id": "old", "said_sealed": None},
                {**offer, "id": "new", "said_sealed": _sealed(said, "offer", "said", "new")},
            ],
            "agreement": [agreement],
            "payment": [payment],
        }
        for name, values in rows.items():
            connection.execute(there.tables[name].insert(), values)
        connection.commit()


def _clear(engine: sa.Engine) -> bytes:
    """Every byte of SQLite's file, or every row of PostgreSQL's tables."""
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            driver: Any = connection.connection.driver_connection
            driver.rollback()
            driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return Path(str(engine.url.database)).read_bytes()
    url = engine.url.render_as_string(hide_password=False).replace("+psycopg", "")
    with psycopg.connect(url) as connection:
        tables = ("payment", "offer", "agreement")
        return repr([connection.execute(f"SELECT * FROM {name}").fetchall() for name in tables]).encode()


def _rows(engine: sa.Engine, table: str) -> dict[str, Any]:
    with engine.connect() as connection:
        return {each.id: each for each in connection.execute(sa.text(f"SELECT * FROM {table}"))}


def _plain(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


def test_what_was_clear_is_sealed_and_reads_as_before(engine: sa.Engine) -> None:
    schema.upgrade(engine, AFTER, keyring=lambda: KEYS)
    said = _rows(engine, "payment")["paid"].said_sealed
    assert open_plain(KEYS, said, table="payment", column="said", row="paid") == {
        "status": "paid",
        "paid_on": "2026-12-19",
        "amount_fen": 98_765_432,
    }
    offers = _rows(engine, "offer")
    assert offers["new"].schedule_sealed is None
    opened = open_plain(KEYS, offers["old"].schedule_sealed, table="offer", column="schedule", row="old")
    assert opened == ROWS
    everything = _clear(engine)
    assert [mark for mark in MARKS if mark in everything] == []


def test_the_way_back_gives_what_was_there(engine: sa.Engine) -> None:
    schema.upgrade(engine, AFTER, keyring=lambda: KEYS)
    schema.downgrade(engine, BEFORE, keyring=lambda: KEYS)
    payment, offers = _rows(engine, "payment")["paid"], _rows(engine, "offer")
    assert (payment.status, str(payment.paid_on), payment.amount_fen) == ("paid", "2026-12-19", 98_765_432)
    assert [(_plain(each.schedule), each.total_fen) for each in offers.values()] == [(ROWS, 15_416_677)] * 2
    assert _plain(offers["new"].annual_cost) == COST
    # Its other figures are worked out by the next sweep.
    agreement = _rows(engine, "agreement")["agreed"]
    assert (_plain(agreement.schedule), agreement.followed_at) == (ROWS, None)


@pytest.mark.parametrize("keys", [None, OTHERS], ids=["none", "others"])
def test_without_the_keys_nothing_is_changed(engine: sa.Engine, keys: Keyring | None) -> None:
    before = _rows(engine, "payment"), _rows(engine, "offer")
    with pytest.raises(KeysUnusable):
        schema.upgrade(engine, keyring=None if keys is None else lambda: keys)
    assert (_rows(engine, "payment"), _rows(engine, "offer")) == before
