"""Addresses of staff of before they were sealed: sealed by the migration, found and read as they were."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from storage import schema, staff
from storage.database import create_engine
from storage.transaction import Transaction
from tests.storage.migration_keys import KEYS
from tests.storage.postgres_server import PostgresServer

AT = datetime(2026, 11, 28, tzinfo=UTC)
BEFORE, AFTER = "0062", "0063"
ADD_PERSON = (
    "INSERT INTO staff (id, role, email, name, fs_uniquifier, active, is_demo, added_at)"
    " VALUES (:id, 'operator', :email, :name, :id, :yes, :no, :at)"
)
PEOPLE = {"here": ("one@bank.example", None), "moved": ("moved", "two@bank.example")}


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[sa.Engine]:
    """A database of before with two accounts, the address of one of which went on to another bank."""
    if request.param == "sqlite":
        made = create_engine(f"sqlite:///{tmp_path / 'old.db'}")
    else:
        server: PostgresServer = request.getfixturevalue("migrated_server")
        made = create_engine(server.create_database("clear_addresses"))
    schema.upgrade(made, BEFORE)
    with made.begin() as connection:
        for id_, (email, name) in PEOPLE.items():
            values = {"id": id_, "email": email, "name": name, "yes": True, "no": False, "at": AT}
            connection.execute(sa.text(ADD_PERSON), values)
        connection.execute(
            sa.text(
                "INSERT INTO passkey (id, staff_id, credential_id, public_key, name, sign_count, added_at)"
                " VALUES ('p', 'here', :none, :none, '', 0, :at)"
            ),
            {"none": b"", "at": AT},
        )
    yield made
    made.dispose()
    if request.param == "postgresql":
        server.drop_database("clear_addresses")


def test_who_has_an_address_is_found_by_it_and_it_stands_nowhere(engine: sa.Engine) -> None:
    schema.upgrade(engine, AFTER, keyring=lambda: KEYS)
    with Session(engine) as session:
        tx = Transaction(session=session, keyring=KEYS, now=AT)
        found = staff.find_by_email(tx, "One@bank.example")
        assert found is not None
        assert (found.id, staff.email_of(tx, found), staff.called(tx, found)) == ("here", *["one@bank.example"] * 2)
        moved = staff.get(tx, "moved")
        assert (staff.find_by_email(tx, "moved"), staff.email_of(tx, moved)) == (None, "")
        assert staff.called(tx, moved) == "two@bank.example"
        rows = session.execute(sa.text("SELECT * FROM staff WHERE id = 'here'")).all()
        assert "one@bank" not in repr(rows)


def test_the_way_back_gives_the_addresses_again(engine: sa.Engine) -> None:
    schema.upgrade(engine, AFTER, keyring=lambda: KEYS)
    schema.downgrade(engine, BEFORE, keyring=lambda: KEYS)
    with engine.connect() as connection:
        found = connection.execute(sa.text("SELECT id, email FROM staff")).all()
    assert dict(map(tuple, found)) == {id_: email for id_, (email, _) in PEOPLE.items()}
