"""Kinds of files of before they were sealed: sealed by the migration, and read as they were."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from storage import evidence, evidence_requests, given_evidence, schema
from storage.database import create_engine
from storage.transaction import Transaction
from tests.storage.migration_keys import KEYS
from tests.storage.postgres_server import PostgresServer

AT = datetime(2026, 11, 28, tzinfo=UTC)
BEFORE, AFTER = "0064", "0065"
TABLES = ("evidence", "given_evidence", "evidence_request")


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[sa.Engine]:
    """A database of before with a file, given twice under other kinds, and a request for others."""
    if request.param == "sqlite":
        made = create_engine(f"sqlite:///{tmp_path / 'old.db'}")
    else:
        server: PostgresServer = request.getfixturevalue("migrated_server")
        made = create_engine(server.create_database("clear_kinds"))
    schema.upgrade(made, BEFORE)
    _fill(made)
    yield made
    made.dispose()
    if request.param == "postgresql":
        server.drop_database("clear_kinds")


def _fill(engine: sa.Engine) -> None:
    there = sa.MetaData()
    there.reflect(engine, only=TABLES)
    file: dict[str, Any] = {"id": "f", "client_id": "c", "kind": "medical_bill", "file_name_sealed": b""}
    file |= {"media_type": "application/pdf", "size": 1, "sha256": "0" * 64, "status": "clean"}
    file |= {"store_name": "s", "file_key_sealed": b"", "uploaded_at": AT, "attached_at": AT}
    given = {"negotiation_id": "n", "evidence_id": "f", "bank_code": "01020000", "given_at": AT}
    asked: dict[str, Any] = {"id": "r", "negotiation_id": "n", "bank_code": "01020000"}
    asked |= {"kinds": ["diagnosis", "disability_proof"]}
    asked |= {"text_sealed": b"", "asked_at": AT, "due_at": AT, "answer_waits": False}
    rows: dict[str, list[dict[str, Any]]] = {
        "evidence": [file],
        "given_evidence": [
            {**given, "kind": "medical_bill", "version": 1},
            {**given, "kind": "diagnosis", "version": 2},
        ],
        "evidence_request": [asked],
    }
    off = "PRAGMA foreign_keys = OFF" if engine.dialect.name == "sqlite" else "SET session_replication_role = replica"
    with engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        driver.execute(off)
        connection.begin()
        for name, values in rows.items():
            connection.execute(there.tables[name].insert(), values)
        connection.commit()


def _rows(engine: sa.Engine) -> list[Any]:
    with engine.connect() as connection:
        return [each for name in TABLES for each in connection.execute(sa.text(f"SELECT * FROM {name}"))]


def test_kinds_lie_sealed_and_read_as_they_were(engine: sa.Engine) -> None:
    schema.upgrade(engine, AFTER, keyring=lambda: KEYS)
    stands = repr(_rows(engine))
    assert [each for each in ("medical_bill", "diagnosis", "disability_proof") if each in stands] == []
    with Session(engine) as session:
        tx = Transaction(session=session, keyring=KEYS, now=AT)
        assert evidence.kind_of(tx, evidence.get_evidence(tx, "f")) == "medical_bill"
        given = {each.version: each.kind for each in given_evidence.list_kinds(tx, "n")}
        assert given == {1: "medical_bill", 2: "diagnosis"}
        request = evidence_requests.find_open(tx, "n")
        assert request is not None
        assert evidence_requests.kinds_of(tx, request) == ["diagnosis", "disability_proof"]


def test_the_way_back_gives_the_kinds_again(engine: sa.Engine) -> None:
    schema.upgrade(engine, AFTER, keyring=lambda: KEYS)
    schema.downgrade(engine, BEFORE, keyring=lambda: KEYS)
    stands = repr(_rows(engine))
    assert [stands.count(each) for each in ("medical_bill", "diagnosis", "disability_proof")] == [2, 2, 1]
