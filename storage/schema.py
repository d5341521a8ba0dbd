"""The database's schema: bringing it up to date, and telling whether it is."""

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

MIGRATIONS = Path(__file__).parent / "migrations"


def _config(connection: sa.Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def upgrade(engine: sa.Engine, revision: str = "head") -> None:
    """The schema is at `revision`; a second run changes nothing. PostgreSQL does it in one transaction."""
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            # Two processes that start together must not migrate together.
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7002)")
        command.upgrade(_config(connection), revision)


def downgrade(engine: sa.Engine, revision: str) -> None:
    """The schema is back at `revision`; for tests and for a way back."""
    with engine.begin() as connection:
        command.downgrade(_config(connection), revision)


def is_up_to_date(engine: sa.Engine) -> bool:
    """Whether the newest migration was run. On SQLite it waits for no writer."""
    with engine.execution_options(reads_only=True).connect() as connection:
        head = ScriptDirectory.from_config(_config(connection)).get_current_head()
        return MigrationContext.configure(connection).get_current_revision() == head
