"""The roles of docs/deploy: who runs the hub owns nothing, changes no log, and lends nobody else the database."""

import re
from collections.abc import Iterator

import psycopg
import pytest

from storage.append_only import _KEYS, TABLES
from storage.database import POSTGRESQL_OPTIONS
from tests.commands.conftest import RunHub
from tests.deploy import DEPLOY
from tests.deploy.databases import OWNER, RUNNER, RoledServer, roled_server

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def empty() -> Iterator[RoledServer]:
    """The server with its roles."""
    with roled_server() as made:
        yield made


@pytest.fixture
def roled(empty: RoledServer, run_hub: RunHub, monkeypatch: pytest.MonkeyPatch) -> RoledServer:
    """The same with all tables; commands come in as who runs the hub."""
    monkeypatch.setenv("HUB_DATABASE_URL", empty.url(OWNER))
    said = run_hub("db", "upgrade")
    # Nothing is left for a superuser to do.
    assert (said.status, said.out) == (0, "The database is up to date.\n"), said.error
    monkeypatch.setenv("HUB_DATABASE_URL", empty.url(RUNNER))
    return empty


def test_every_table_is_the_owners(roled: RoledServer) -> None:
    owners = roled.ask("SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname IN ('public', 'dbos')")
    assert owners == [(OWNER,)]


def test_who_runs_the_hub_works_as_the_application_and_doctor_finds_the_walls_whole(
    roled: RoledServer, run_hub: RunHub
) -> None:
    who = "SELECT current_user, session_user, current_setting('hub.bank'), current_setting('statement_timeout')"
    assert roled.ask(who, RUNNER) == [("hub_application", RUNNER, "*", "15s")]
    assert "fine    walls between banks" in run_hub("doctor").out


def test_who_comes_by_a_pooler_has_every_setting_that_the_hub_connects_with() -> None:
    lines = (DEPLOY / "postgresql" / "database.sql").read_text()
    said = set(re.findall(r"-c ([\w.]+)=", POSTGRESQL_OPTIONS)) | {"lock_timeout", "role"}
    assert set(re.findall(r"ALTER ROLE hub_runner IN DATABASE hub SET ([\w.]+) =", lines)) == said


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE mine (id int)",
        "CREATE SCHEMA mine",
        "DROP TABLE negotiation",
        "ALTER TABLE negotiation DISABLE ROW LEVEL SECURITY",
        "DROP POLICY of_one_bank ON negotiation",
        *(f"UPDATE {table} SET {keys[0]} = {keys[0]}" for table, keys in sorted(_KEYS.items())),
        *(f"TRUNCATE {table}" for table in sorted(TABLES)),
        "UPDATE alembic_version SET version_num = '0'",
        "SET ROLE hub_owner",
        "CREATE ROLE another",
    ],
)
def test_who_runs_the_hub_changes_no_table_no_wall_and_no_log(roled: RoledServer, statement: str) -> None:
    for before in ("", "RESET ROLE; "):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            roled.ask(before + statement, RUNNER)


def test_another_role_of_the_server_does_not_come_in(roled: RoledServer) -> None:
    roled.server.execute("DROP ROLE IF EXISTS stranger")
    roled.server.execute("CREATE ROLE stranger LOGIN PASSWORD 'the-strangers-own'")
    with pytest.raises(psycopg.OperationalError, match="permission denied"):
        psycopg.connect(
            host="127.0.0.1", port=roled.server.port, user="stranger", password="the-strangers-own", dbname="hub"
        )


@pytest.mark.parametrize("user", [OWNER, RUNNER])
def test_each_role_is_asked_for_its_password(roled: RoledServer, user: str) -> None:
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(host="127.0.0.1", port=roled.server.port, user=user, password="a guess", dbname="hub")
