"""Files that were judged before there were copies of their kind wait for theirs; of rejected ones no key is left."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from storage import schema
from storage.database import create_engine
from tests.storage.migration_keys import KEYS
from tests.storage.postgres_server import PostgresServer

AT = datetime(2026, 11, 28, tzinfo=UTC)
# name: (media type, verdict, whether it has a copy)
FILES = {
    "pdf": ("application/pdf", "clean", False),
    "picture": ("image/jpeg", "clean", True),
    "sound": ("audio/mpeg", "clean", False),
    "waiting": ("application/pdf", "checking", False),
    "rejected": ("application/pdf", "rejected", False),
}
ADD_CLIENT = "INSERT INTO client (id, name, secret_digest, scopes, added_at) VALUES ('c', 'c', :none, '[]', :at)"
ADD_FILE = (
    "INSERT INTO evidence (id, client_id, kind, file_name_sealed, media_type, size, sha256, status, store_name,"
    " file_key_sealed, uploaded_at) VALUES (:id, 'c', 'other', :none, :type, 1, '', :status, :id, :key, :at)"
)
ADD_COPY = (
    "INSERT INTO clean_copy (id, media_type, size, sha256, store_name, file_key_sealed, made_at)"
    " VALUES (:id, 'image/jpeg', 1, '', :name, :key, :at)"
)


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database that has no table yet."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'old.db'}"
        return
    server: PostgresServer = request.getfixturevalue("migrated_server")
    yield server.create_database("old_files")
    server.drop_database("old_files")


def test_old_files_wait_for_their_copies(empty_database: str) -> None:
    engine = create_engine(empty_database)
    schema.upgrade(engine, "0051")
    at = AT if engine.dialect.name == "postgresql" else AT.isoformat()
    with engine.begin() as connection:
        connection.execute(sa.text(ADD_CLIENT), {"none": b"", "at": at})
        for name, (media_type, status, has_copy) in FILES.items():
            row = {"id": name, "type": media_type, "status": status, "none": b"", "key": b"k", "at": at}
            connection.execute(sa.text(ADD_FILE), row)
            if has_copy:
                copy = {"id": name, "name": f"{name}-copy", "key": b"k", "at": at}
                connection.execute(sa.text(ADD_COPY), copy)
    schema.upgrade(engine, keyring=lambda: KEYS)
    with engine.connect() as connection:
        assert list(connection.scalars(sa.text("SELECT id FROM wanted_copy"))) == ["pdf"]
        [copy_of_old] = connection.execute(sa.text("SELECT removed, was_signed FROM clean_copy"))
        assert (copy_of_old.removed, bool(copy_of_old.was_signed)) == ("", False)
        keys = connection.execute(sa.text("SELECT id, file_key_sealed FROM evidence"))
        assert {name for name, key in keys if bytes(key) == b""} == {"rejected"}
    engine.dispose()
