"""Negotiations of before there were words for calls: those in which a bank still calls get one."""

from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from hub.domain.call_word import WORDS
from storage import schema
from storage.database import create_engine
from storage.records import NegotiationRecord
from tests.storage.migration_keys import KEYS
from tests.storage.postgres_server import PostgresServer

AT = datetime(2026, 11, 28, tzinfo=UTC)
BEFORE = "0030"


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> sa.Engine:
    """The engine of a database of before the words."""
    if request.param == "sqlite":
        return create_engine(f"sqlite:///{request.getfixturevalue('tmp_path') / 'old.db'}")
    server: PostgresServer = request.getfixturevalue("migrated_server")
    return create_engine(server.create_database("before_call_words"))


def test_what_is_open_or_paid_has_a_word_and_what_is_over_has_none(engine: sa.Engine) -> None:
    schema.upgrade(engine, BEFORE)
    table = sa.Table("negotiation", sa.MetaData(), autoload_with=engine)
    # Of which application they are is another table's to say.
    off = "PRAGMA foreign_keys = OFF" if engine.dialect.name == "sqlite" else "SET session_replication_role = replica"
    with engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        driver.execute(off)
        connection.begin()
        for place, status in enumerate(("in_review", "agreed", "rejected", "withdrawn")):
            values: dict[str, Any] = {"id": status, "reference": status, "status": status, "log_head": "", "version": 1}
            values |= {"application_id": "a", "bank_code": "01020000", "client_id": "c", "log_length": 0}
            values |= {"person_index": bytes([place]), "subject_index": b"s", "mobile_index": b"m"}
            values |= {"due_at": AT, "opened_at": AT, "updated_at": AT}
            connection.execute(table.insert().values(**values))
        connection.commit()
    schema.upgrade(engine, keyring=lambda: KEYS)
    with Session(engine) as session:
        found = {each.id: each.call_word for each in session.scalars(sa.select(NegotiationRecord))}
    assert (found.pop("rejected"), found.pop("withdrawn")) == (None, None)
    assert [str(word).partition("·")[0] in WORDS for word in found.values()] == [True, True]
    engine.dispose()
