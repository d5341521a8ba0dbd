"""The database's schema: bringing it up to date, and telling whether it is."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

from hub.domain.errors import Unusable
from storage.sealing import Keyring

if TYPE_CHECKING:
    from alembic.config import Config

MIGRATIONS = Path(__file__).parent / "migrations"


def _config(connection: sa.Connection, keyring: Callable[[], Keyring] | None) -> "Config":
    from alembic.config import Config  # noqa: PLC0415 - with its library 3 MB and a tenth of a second, rarely needed

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    config.attributes["keyring"] = keyring
    return config


def upgrade(engine: sa.Engine, revision: str = "head", *, keyring: Callable[[], Keyring] | None = None) -> None:
    """The schema is at `revision`; a second run changes nothing. PostgreSQL does it in one transaction.

    Raises `KeysUnusable` where rows that are there have to be sealed and `keyring` cannot do it; it is asked
    for where there are such rows alone. Raises `Unusable` where the database is of a newer version of the hub.
    """
    from alembic import command  # noqa: PLC0415 - as above

    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            # Two processes that start together must not migrate together.
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7002)")
        _require_known(_run(connection))
        command.upgrade(_config(connection, keyring), revision)


def bring_to(connection: sa.Connection, revision: str, *, keyring: Callable[[], Keyring]) -> None:
    """The tables are those of `revision`, in the connection's transaction; a way back loses what they did not keep."""
    from alembic import command  # noqa: PLC0415 - as above

    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7002)")
    run = _run(connection)
    move = command.downgrade if run is not None and run > revision else command.upgrade
    move(_config(connection, keyring), revision)


def downgrade(engine: sa.Engine, revision: str, *, keyring: Callable[[], Keyring] | None = None) -> None:
    """The schema is back at `revision`; for tests and for a way back. Raises `KeysUnusable` as `upgrade` does."""
    from alembic import command  # noqa: PLC0415 - as above

    with engine.begin() as connection:
        command.downgrade(_config(connection, keyring), revision)


def newest_revision() -> str:
    """The revision of the newest migration, whose file begins with it."""
    return max(path.name.partition("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))


def is_up_to_date(engine: sa.Engine) -> bool:
    """Whether the newest migration was run. On SQLite it waits for no writer. Raises `Unusable` as `upgrade` does."""
    with engine.execution_options(reads_only=True).connect() as connection:
        run = _run(connection)
    _require_known(run)
    return run == newest_revision()


def _run(connection: sa.Connection) -> str | None:
    """The newest migration that was run, if any."""
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    run: str | None = connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
    return run


def _require_known(run: str | None) -> None:
    """The hub knows the migration; who has gone back to an older version is told which way leads out."""
    newest = newest_revision()
    if run is not None and run > newest:
        raise Unusable(
            f"the database is of a newer version of the hub (database {run}, this one knows {newest}): "
            "run that version, or restore a backup of this one"
        )
