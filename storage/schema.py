"""The database's schema: bringing it up to date, and telling whether it is."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

from hub.domain.errors import Unusable
from storage import index_building
from storage.index_building import NewIndex
from storage.sealing import Keyring

if TYPE_CHECKING:
    from alembic.config import Config

MIGRATIONS = Path(__file__).parent / "migrations"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A migration. Where it `expands`, code that knows the one before goes on beside it and after it."""

    revision: str
    what: str
    expands: bool

    @property
    def kind(self) -> str:
        """The word of the trade for it."""
        return "expand" if self.expands else "contract"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Which migration was run, and from which on code runs on the tables, where they say so."""

    database: str | None
    runs_from: str | None = None

    @property
    def is_newer(self) -> bool:
        """The database was brought further than this code knows."""
        return self.database is not None and self.database > newest_revision()

    @property
    def runs(self) -> bool:
        """This code may run on the tables as they are."""
        if self.is_newer:
            return self.runs_from is not None and self.runs_from <= newest_revision()
        return self.database == newest_revision()

    def require_known(self) -> None:
        """Who has gone back to a version that may not run on these tables is told which way leads out."""
        if self.is_newer and not self.runs:
            raise Unusable(
                f"the database is of a newer version of the hub (database {self.database}, this one knows "
                f"{newest_revision()}): run that version, or restore a backup of this one"
            )


NOTHING_YET = Standing(database=None)
"""A database that is still to be made."""

_HEAD = "head"
_MARK = "runs_from"
_VERSION = sa.table("alembic_version", sa.column(_MARK, sa.String()))


def _config(connection: sa.Connection, keyring: Callable[[], Keyring] | None) -> "Config":
    from alembic.config import Config  # noqa: PLC0415 - with its library 3 MB and a tenth of a second, rarely needed

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    config.attributes["keyring"] = keyring
    return config


def upgrade(engine: sa.Engine, revision: str = _HEAD, *, keyring: Callable[[], Keyring] | None = None) -> None:
    """The schema is at `revision`; a second run changes nothing. Where rows may be, each step is a transaction.

    Raises `KeysUnusable` where rows that are there have to be sealed and `keyring` cannot do it; it is asked
    for where there are such rows alone. A database of a newer version on which this code runs is left as it is;
    raises `Unusable` where it does not run there.
    """
    from alembic import command  # noqa: PLC0415 - as above

    found = standing(engine)
    for target in _targets(found, revision):
        if engine.dialect.name == "postgresql" and found.database is not None:
            index_building.build(engine, _indexes_before(target))
        with engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                _take_turn(connection)
            run = _standing(connection).database
            if run is None or target == _HEAD or run < target:
                command.upgrade(_config(connection, keyring), target)
                _mark(connection)


def _indexes_before(target: str) -> Sequence[NewIndex]:
    """Those that the migration wants to be there already."""
    from alembic.script import ScriptDirectory  # noqa: PLC0415 - as above

    found = ScriptDirectory(str(MIGRATIONS)).get_revision(target)
    indexes: Sequence[NewIndex] = getattr(found.module, "indexes_before", ())
    return indexes


def _take_turn(connection: sa.Connection) -> None:
    # An index over millions of rows is not made in a request's time. Two processes that start together must not
    # migrate together: who comes second waits for the first, and for nobody else longer than others do.
    for statement in (
        "SET LOCAL statement_timeout = 0",
        "SET LOCAL lock_timeout = 0",
        "SELECT pg_advisory_xact_lock(7002)",
        "SET LOCAL lock_timeout TO DEFAULT",
    ):
        connection.exec_driver_sql(statement)


def _targets(found: Standing, revision: str) -> list[str]:
    """Whereto one transaction after the other leads: who goes on meanwhile waits for the locks of one step alone."""
    found.require_known()
    if found.is_newer:
        return []
    if found.database is None:
        return [revision]
    ahead = [] if found.runs else steps(after=found.database)
    return [each.revision for each in ahead if revision == _HEAD or each.revision <= revision]


def bring_to(connection: sa.Connection, revision: str, *, keyring: Callable[[], Keyring]) -> None:
    """The tables are those of `revision`, in the connection's transaction; a way back loses what they did not keep."""
    from alembic import command  # noqa: PLC0415 - as above

    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7002)")
    run = _standing(connection).database
    move = command.downgrade if run is not None and run > revision else command.upgrade
    move(_config(connection, keyring), revision)
    _mark(connection)


def downgrade(engine: sa.Engine, revision: str, *, keyring: Callable[[], Keyring] | None = None) -> None:
    """The schema is back at `revision`; for tests and for a way back. Raises `KeysUnusable` as `upgrade` does."""
    from alembic import command  # noqa: PLC0415 - as above

    with engine.begin() as connection:
        command.downgrade(_config(connection, keyring), revision)
        _mark(connection)


def newest_revision() -> str:
    """The revision of the newest migration, whose file begins with it."""
    return max(path.name.partition("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))


def is_up_to_date(engine: sa.Engine) -> bool:
    """Whether this code may run on the tables; on SQLite no writer is waited for.

    Raises `Unusable` as `upgrade` does.
    """
    found = standing(engine)
    found.require_known()
    return found.runs


def standing(engine: sa.Engine) -> Standing:
    """How far the database was brought; nothing is changed, and on SQLite no writer waited for."""
    with engine.execution_options(reads_only=True).connect() as connection:
        return _standing(connection)


def steps(*, after: str | None) -> list[Step]:
    """The migrations later than `after`, or all, in the order in which they are run."""
    from alembic.script import ScriptDirectory  # noqa: PLC0415 - as above

    found = [
        Step(revision=each.revision, what=(each.doc or "").rstrip("."), expands=getattr(each.module, "expands", False))
        for each in ScriptDirectory(str(MIGRATIONS)).walk_revisions()
        if after is None or each.revision > after
    ]
    return sorted(found, key=lambda each: each.revision)


def _standing(connection: sa.Connection) -> Standing:
    row: dict[str, str | None] = {}
    if sa.inspect(connection).has_table("alembic_version"):
        found = connection.execute(sa.text("SELECT * FROM alembic_version")).mappings().first()
        row = {} if found is None else {str(name): value for name, value in found.items()}
    return Standing(database=row.get("version_num"), runs_from=row.get(_MARK))


def _mark(connection: sa.Connection) -> None:
    """The tables say from which migration on code runs on them: the newest that was run and did not only expand."""
    if _MARK not in {each["name"] for each in sa.inspect(connection).get_columns("alembic_version")}:
        return
    run = _standing(connection).database
    if run is None:
        return
    contracted = [each.revision for each in steps(after=None) if each.revision <= run and not each.expands]
    connection.execute(sa.update(_VERSION).values({_MARK: max(contracted)}))
