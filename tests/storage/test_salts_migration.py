"""Salts of before they were sealed: sealed by the migration, what they prove stays proved, and the way back."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from hub.domain.log_chain import content_digest
from storage import communications, content_salts, schema
from storage.database import create_engine
from storage.transaction import Transaction
from tests.storage.migration_keys import KEYS
from tests.storage.postgres_server import PostgresServer

AT = datetime(2026, 11, 28, tzinfo=UTC)
BEFORE, AFTER = "0063", "0064"
BANK = "01020000"
OF_CONTENTS, OF_WORDS = b"c" * 32, b"w" * 32
WORDS = "第 3 期已还 15416677 分"
PLACE = f"{BANK}/n/1/bank:staff/a"


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[sa.Engine]:
    """A database of before with an entry, and with contents that an entry commits to."""
    if request.param == "sqlite":
        made = create_engine(f"sqlite:///{tmp_path / 'old.db'}")
    else:
        server: PostgresServer = request.getfixturevalue("migrated_server")
        made = create_engine(server.create_database("clear_salts"))
    schema.upgrade(made, BEFORE)
    _fill(made)
    yield made
    made.dispose()
    if request.param == "postgresql":
        server.drop_database("clear_salts")


def _fill(engine: sa.Engine) -> None:
    there = sa.MetaData()
    there.reflect(engine, only=["content_salt", "log_entry", "log_content"])
    entry: dict[str, Any] = {"negotiation_id": "n", "sequence": 1, "bank_code": BANK, "at": AT, "channel": "portal"}
    entry |= {"party": "bank", "actor": "bank:staff/a", "kind": "message", "attachments": []}
    entry |= {"content": content_digest(OF_WORDS, WORDS), "previous": "0" * 64, "digest": "0" * 64}
    text = KEYS.seal(WORDS, table="log_content", column="text", row=PLACE)
    content = {"negotiation_id": "n", "sequence": 1, "bank_code": BANK, "salt": OF_WORDS, "text_sealed": text}
    salt = {"content_id": "p", "kind": "payment", "negotiation_id": "n", "bank_code": BANK, "salt": OF_CONTENTS}
    off = "PRAGMA foreign_keys = OFF" if engine.dialect.name == "sqlite" else "SET session_replication_role = replica"
    with engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        driver.execute(off)
        connection.begin()
        for name, values in (("log_entry", entry), ("log_content", content), ("content_salt", salt)):
            connection.execute(there.tables[name].insert(), values)
        connection.commit()


def _salts(engine: sa.Engine, column: str) -> list[bytes]:
    with engine.connect() as connection:
        queries = (f"SELECT {column} FROM {table}" for table in ("content_salt", "log_content"))
        return [bytes(connection.execute(sa.text(each)).scalar_one()) for each in queries]


def test_salts_lie_sealed_and_open_to_what_they_were(engine: sa.Engine) -> None:
    schema.upgrade(engine, AFTER, keyring=lambda: KEYS)
    assert not {OF_CONTENTS, OF_WORDS}.intersection(_salts(engine, "salt_sealed"))
    with Session(engine) as session:
        tx = Transaction(session=session, keyring=KEYS, now=AT)
        assert content_salts.find(tx, "p", "payment") == OF_CONTENTS
        assert content_salts.list_of(tx, "n", BANK) == {("payment", "p"): OF_CONTENTS}
        [entry] = communications.list_entries(tx, "n")
        assert (entry.text, entry.salt) == (WORDS, OF_WORDS)


def test_the_way_back_gives_the_salts_again(engine: sa.Engine) -> None:
    schema.upgrade(engine, AFTER, keyring=lambda: KEYS)
    schema.downgrade(engine, BEFORE, keyring=lambda: KEYS)
    assert _salts(engine, "salt") == [OF_CONTENTS, OF_WORDS]
