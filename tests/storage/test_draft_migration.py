"""Drafts of before launches had a scope: kept for the only host app there was, and shown through none of several."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from storage import schema
from storage.database import create_engine
from tests.storage.migration_keys import KEYS

AT = datetime(2026, 11, 28, tzinfo=UTC)


ADD_CLIENT = "INSERT INTO client (id, name, secret_digest, scopes, added_at) VALUES (:id, :id, x'', :scopes, :at)"
ADD_DRAFT = (
    "INSERT INTO draft (id, owner_index, body_sealed, changed_at, expires_at) VALUES ('d', x'00', x'', :at, :at)"
)


@pytest.mark.parametrize(
    ("clients", "owner"),
    [
        ({"one": '["applications:write"]', "form": "[]", "bank": '["negotiations:review"]'}, "one"),
        ({"one": '["applications:write"]', "two": '["applications:read", "applications:write"]'}, "form"),
        ({}, "form"),
    ],
)
def test_a_draft_goes_to_the_only_host_app(tmp_path: Path, clients: dict[str, str], owner: str) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'old.db'}")
    schema.upgrade(engine, "0003")
    with engine.begin() as connection:
        for name, scopes in clients.items():
            connection.execute(sa.text(ADD_CLIENT), {"id": name, "scopes": scopes, "at": AT.isoformat()})
        connection.execute(sa.text(ADD_DRAFT), {"at": AT.isoformat()})
    schema.upgrade(engine, keyring=lambda: KEYS)
    with engine.connect() as connection:
        assert list(connection.execute(sa.text("SELECT id, client_id FROM draft"))) == [("d", owner)]
    engine.dispose()
