"""The schema: what the migrations make is what the classes say, and bringing it up to date is safe to repeat."""

import re
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from hub.domain.errors import Unusable
from hub.jobs.engine import migrate
from storage import schema
from storage.append_only import TABLES
from storage.database import Database, create_engine
from storage.records import Record
from tests.storage.postgres_server import PostgresServer


@pytest.fixture
def engine(database: str) -> Iterator[sa.Engine]:
    """The engine of an empty database that is up to date."""
    made = create_engine(database)
    yield made
    made.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def bare(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database that has no table yet."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'bare.db'}"
        return
    server: PostgresServer = request.getfixturevalue("migrated_server")
    yield server.create_database("bare")
    server.drop_database("bare")


def differences(engine: sa.Engine) -> list[Any]:
    """What the migrations made otherwise than the classes say; the job engine's tables are its own."""

    def ours(_object: Any, name: str | None, kind: str, reflected: bool, _compare_to: Any) -> bool:
        return not (kind == "table" and reflected and name not in Record.metadata.tables)

    with engine.connect() as connection:
        options = {"compare_type": True, "compare_server_default": True, "include_object": ours}
        return list(compare_metadata(MigrationContext.configure(connection, opts=options), Record.metadata))


_CATALOGUE = [
    """SELECT table_name, column_name, data_type, is_nullable FROM information_schema.columns
    WHERE table_schema = 'public' ORDER BY table_name, column_name""",
    "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY indexdef",
    """SELECT conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint
    WHERE connamespace = 'public'::regnamespace ORDER BY 1, 2""",
    "SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1, 2",
]

_WORD = re.compile(r"[^\s,()]+")


def spelt(engine: sa.Engine) -> list[str]:
    """Tables, columns, keys, indexes and triggers as the database itself spells them."""
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            rows = connection.execute(sa.text("SELECT type, name, sql FROM sqlite_master ORDER BY type, name"))
            # A table that was made anew lists its constraints in any order.
            return [f"{kind} {name} {sorted(_WORD.findall(sql or ''))}" for kind, name, sql in rows]
        return [str(row) for query in _CATALOGUE for row in connection.execute(sa.text(query))]


def test_the_migrations_make_what_the_classes_say(engine: sa.Engine) -> None:
    assert differences(engine) == []


def test_a_second_upgrade_changes_nothing(engine: sa.Engine, database: str) -> None:
    before = spelt(engine)
    schema.upgrade(engine)
    migrate(database)
    assert (spelt(engine), schema.is_up_to_date(engine)) == (before, True)


def test_a_way_back_and_up_again_leads_to_the_same(engine: sa.Engine) -> None:
    before = spelt(engine)
    schema.downgrade(engine, "base")
    with engine.connect() as connection:
        assert not set(sa.inspect(connection).get_table_names()) & set(Record.metadata.tables)
    assert not schema.is_up_to_date(engine)
    schema.upgrade(engine)
    assert (spelt(engine), schema.is_up_to_date(engine)) == (before, True)


def test_a_database_of_a_newer_version_is_left_as_it_is(engine: sa.Engine) -> None:
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999', runs_from = '9999'"))
    before = spelt(engine)
    for deed in (schema.upgrade, schema.is_up_to_date):
        with pytest.raises(Unusable, match=r"of a newer version of the hub \(database 9999, this one knows \d{4}\)"):
            deed(engine)
    assert spelt(engine) == before
    with engine.begin() as connection:
        back = "UPDATE alembic_version SET version_num = :run, runs_from = :run"
        connection.execute(sa.text(back), {"run": schema.newest_revision()})


def test_processes_that_start_together_migrate_once(bare: str) -> None:
    if bare.startswith("sqlite"):
        pytest.skip("SQLite is one host and one process that upgrades")

    def upgrade(_number: int) -> bool:
        database = Database(bare)
        schema.upgrade(database.engine)
        found = schema.is_up_to_date(database.engine)
        database.close()
        return found

    with ThreadPoolExecutor(3) as pool:
        assert list(pool.map(upgrade, range(3))) == [True] * 3


_STEP = """
from alembic import op
revision, down_revision, expands = "{revision}", "{before}", True

def upgrade():
    op.get_bind().exec_driver_sql("{statement}")

def downgrade():
    ...
"""


def test_each_step_of_an_upgrade_stands_by_itself_and_may_take_its_time(
    engine: sa.Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    newest = schema.newest_revision()
    limit = "current_setting('statement_timeout')" if engine.dialect.name == "postgresql" else "'0'"
    noting = f"CREATE TABLE step_note AS SELECT {limit} AS limited"
    monkeypatch.setattr(schema, "MIGRATIONS", shutil.copytree(schema.MIGRATIONS, tmp_path / "migrations"))
    for revision, before, statement in (("9001", newest, noting), ("9002", "9001", "SELECT * FROM not_there")):
        step = _STEP.format(revision=revision, before=before, statement=statement)
        (schema.MIGRATIONS / "versions" / f"{revision}_more.py").write_text(step)
    with pytest.raises(sa.exc.DBAPIError):
        schema.upgrade(engine)
    assert schema.standing(engine).database == "9001"
    with engine.connect() as connection:
        assert connection.scalar(sa.text("SELECT limited FROM step_note")) == "0"
    with engine.begin() as connection:
        connection.execute(sa.text("DROP TABLE step_note"))
    schema.downgrade(engine, newest)


def test_an_empty_database_is_not_up_to_date(bare: str) -> None:
    engine = create_engine(bare)
    assert schema.is_up_to_date(engine) is False
    engine.dispose()


def test_every_table_with_one_banks_rows_has_its_code_and_an_index_that_begins_with_it() -> None:
    for table in Record.metadata.tables.values():
        if "bank_code" in table.c and not table.c.bank_code.nullable:
            # The primary key is one of the constraints.
            keys = (sa.UniqueConstraint, sa.PrimaryKeyConstraint)
            columns = [list(each.columns) for each in table.indexes]
            columns += [list(each.columns) for each in table.constraints if isinstance(each, keys)]
            first = [each.name for each, *_ in columns]
            assert (table.name, "bank_code" in first) == (table.name, True)


def test_the_logs_and_their_heads_are_guarded(engine: sa.Engine) -> None:
    consents = {"consent", "consent_withdrawal"}
    heads = {"log_head", "log_end", "log_node", "row_seal"}
    referrals = {"referral_consent", "referral_revocation"}
    logs = {"log_entry", "request_entry", "access_entry", "audit_entry", "case_note"}
    assert set(TABLES) == logs | consents | referrals | heads
    for table in TABLES:
        assert any((table in line and "no" in line.lower()) or f"{table}_append_only" in line for line in spelt(engine))


def test_a_copy_of_the_file_is_a_whole_database(migrated_file: Path, tmp_path: Path) -> None:
    copy = shutil.copy(migrated_file, tmp_path / "copy.db")
    engine = create_engine(f"sqlite:///{copy}")
    assert schema.is_up_to_date(engine)
    engine.dispose()


def test_the_newest_migration_is_known_by_the_name_of_its_file(engine: sa.Engine) -> None:
    with engine.connect() as connection:
        assert schema.newest_revision() == MigrationContext.configure(connection).get_current_revision()
    assert [schema.newest_revision()] == ScriptDirectory(str(schema.MIGRATIONS)).get_heads()
