"""One PostgreSQL database for many tests, each of which finds it empty: to empty one is quicker than to make one."""

from collections.abc import Iterator

import psycopg
import pytest
from psycopg import sql

from tests.storage.postgres_server import PostgresServer


@pytest.fixture(scope="session")
def kept_database(migrated_server: PostgresServer) -> Iterator[str]:
    """The address of one PostgreSQL database for all tests that leave its tables as they are."""
    yield migrated_server.create_database("kept", template="migrated")
    migrated_server.drop_database("kept")


@pytest.fixture
def postgresql_database(kept_database: str) -> Iterator[str]:
    """The address of a PostgreSQL database that is up to date, and empty again afterwards."""
    yield kept_database
    with psycopg.connect(kept_database.replace("+psycopg", "")) as connection:
        # What a test left open must not hold the rows.
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        tables = connection.execute("SELECT schemaname, relname FROM pg_stat_user_tables").fetchall()
        # As a replica would, past the triggers and foreign keys.
        connection.execute("SET LOCAL session_replication_role = replica")
        with connection.pipeline():
            for schema, table in tables:
                if table not in ("alembic_version", "dbos_migrations"):
                    name = sql.Identifier(schema, table)
                    connection.execute(sql.SQL("DELETE FROM {}").format(name))
