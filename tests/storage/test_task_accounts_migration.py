"""Tasks of before that held an address: they name the account, and show its address as before."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from storage import schema, tasks
from storage.database import create_engine
from storage.transaction import Transaction
from tests.storage.migration_keys import KEYS
from tests.storage.postgres_server import PostgresServer

AT = datetime(2026, 11, 28, tzinfo=UTC)
BEFORE, AFTER = "0065", "0066"
ACCOUNT, EMAIL = "a" * 32, "one@bank.example"


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[sa.Engine]:
    """A database of before with an account and two tasks, one of which is about it."""
    if request.param == "sqlite":
        made = create_engine(f"sqlite:///{tmp_path / 'old.db'}")
    else:
        server: PostgresServer = request.getfixturevalue("migrated_server")
        made = create_engine(server.create_database("clear_tasks"))
    schema.upgrade(made, BEFORE)
    there = sa.MetaData()
    there.reflect(made, only=["operator_task", "staff"])
    key = f"many_files_read:bank:staff/{ACCOUNT}:20261128"
    read: dict[str, Any] = {"id": "1", "kind": "many_files_read", "key": key, "params": {"who": EMAIL, "count": 200}}
    other: dict[str, Any] = {"id": "2", "kind": "not_judged", "key": "not_judged:20261128", "params": {"files": 3}}
    person: dict[str, Any] = {"id": ACCOUNT, "role": "operator", "fs_uniquifier": ACCOUNT, "active": True}
    person |= {"email_sealed": KEYS.seal(EMAIL, table="staff", column="email", row=ACCOUNT), "email_index": "hash"}
    with made.begin() as connection:
        raised = [{**each, "raised_at": AT} for each in (read, other)]
        connection.execute(there.tables["operator_task"].insert(), raised)
        connection.execute(there.tables["staff"].insert(), {**person, "is_demo": False, "added_at": AT})
    yield made
    made.dispose()
    if request.param == "postgresql":
        server.drop_database("clear_tasks")


def _params(engine: sa.Engine) -> str:
    with engine.connect() as connection:
        return repr(connection.execute(sa.text("SELECT params FROM operator_task ORDER BY id")).all())


def test_a_task_names_the_account_and_shows_its_address(engine: sa.Engine) -> None:
    schema.upgrade(engine, AFTER)
    assert EMAIL not in _params(engine)
    with Session(engine) as session:
        read, other = tasks.list_open(Transaction(session=session, keyring=KEYS, now=AT), limit=9)
    assert (read.params["who"], read.params["count"]) == (EMAIL, 200)
    assert other.params == {"files": 3}


def test_on_the_way_back_it_says_whose_account_it_was(engine: sa.Engine) -> None:
    schema.upgrade(engine, AFTER)
    schema.downgrade(engine, BEFORE)
    assert ACCOUNT in _params(engine)
