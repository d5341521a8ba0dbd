"""Offers that waited before a bank had levels: they wait for one supervisor, as they did."""

from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from hub.domain.approval import Approval
from hub.domain.staff import Role
from storage import offers, schema
from storage.database import create_engine
from storage.records import OfferRecord
from tests.storage.migration_keys import KEYS
from tests.storage.postgres_server import PostgresServer

AT = datetime(2026, 11, 28, tzinfo=UTC)
BEFORE = "0021"


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> sa.Engine:
    """The engine of a database of before levels."""
    if request.param == "sqlite":
        return create_engine(f"sqlite:///{request.getfixturevalue('tmp_path') / 'old.db'}")
    server: PostgresServer = request.getfixturevalue("migrated_server")
    return create_engine(server.create_database("before_levels"))


def test_what_waits_waits_for_a_supervisor_and_what_is_open_for_nobody(engine: sa.Engine) -> None:
    schema.upgrade(engine, BEFORE)
    table = sa.Table("offer", sa.MetaData(), autoload_with=engine)
    # Whose offers they are is another table's to say.
    off = "PRAGMA foreign_keys = OFF" if engine.dialect.name == "sqlite" else "SET session_replication_role = replica"
    with engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        driver.execute(off)
        connection.begin()
        for status in ("awaiting_approval", "open"):
            values: dict[str, Any] = {
                "id": status,
                "status": status,
                "negotiation_id": "n",
                "bank_code": "01020000",
                "by": "bank",
            }
            values |= {"terms_sealed": b"", "balances_sealed": b"", "schedule": [], "total_fen": 1, "oral": False}
            connection.execute(table.insert().values(**values, made_by="bank:staff/a", made_at=AT))
        connection.commit()
    schema.upgrade(engine, keyring=lambda: KEYS)
    with Session(engine) as session:
        found = {each.id: offers.approvals_of(each) for each in session.scalars(sa.select(OfferRecord))}
    assert found == {"awaiting_approval": (Approval(role=Role.SUPERVISOR),), "open": ()}
    engine.dispose()
