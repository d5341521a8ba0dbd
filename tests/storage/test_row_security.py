"""The second wall, on PostgreSQL: what the database itself shows and takes of one bank, whatever a query forgot."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from hub.domain.actor import HUB
from hub.domain.bank import Bank
from hub.domain.staff import Role
from hub.services.accounts import staff
from hub.wiring import Hub
from storage import row_security
from storage.database import Database, create_engine
from storage.records import Record
from tests.applications import CMB, ICBC
from tests.conftest import Submit
from tests.jobs.waiting import wait_until
from tests.services.people import somebody_at
from tests.storage.owner import as_owner


@pytest.fixture
def database(postgresql_database: str) -> str:
    """PostgreSQL alone has a second wall."""
    return postgresql_database


@pytest.fixture
def two_banks(hub: Hub, banks: dict[str, Bank], submitted: Submit, work_off: Callable[[], int]) -> Hub:
    """A hub with a negotiation of each of two banks."""
    submitted(ICBC)
    submitted(CMB)
    work_off()
    return hub


@pytest.fixture
def engine(database: str) -> Iterator[sa.Engine]:
    """The engine of the application."""
    opened = Database(database)
    yield opened.engine
    opened.close()


TABLES = sorted(Record.metadata.tables)
OF_BANKS = [name for name in TABLES if "bank_code" in Record.metadata.tables[name].c]


def codes(hub: Hub, table: str, bank_code: str | None) -> set[str]:
    """The banks whose rows a transaction confined to the bank sees."""
    with hub.database.reading(bank_code) as session:
        return set(session.scalars(sa.text(f"SELECT DISTINCT bank_code FROM {table}")))


def test_each_table_has_a_policy_or_a_reason_for_none(engine: sa.Engine) -> None:
    with engine.connect() as connection:
        assert row_security.holes(connection) == []
    assert set(row_security.WITHOUT).isdisjoint(OF_BANKS)
    assert set(row_security.WITHOUT) | set(row_security.OTHERWISE) | set(OF_BANKS) == set(TABLES)


@pytest.mark.parametrize("name", OF_BANKS)
def test_a_table_without_its_policy_is_told(database: str, name: str) -> None:
    url = create_engine(database)
    with url.connect() as connection:
        for statement in row_security.undo_statements("postgresql", [name]):
            connection.exec_driver_sql(statement)
        assert name in row_security.holes(connection)
        connection.rollback()
    url.dispose()


def test_the_hub_owns_no_table_and_is_told_where_it_does(database: str, engine: sa.Engine) -> None:
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT current_user").scalar_one() == row_security.ROLE
        assert row_security.holes(connection) == []
    with as_owner(database) as connection:
        assert row_security.holes(connection) == ["superuser", "owner", "logs"]


def test_one_banks_transaction_sees_its_own_rows_and_the_hubs_all(two_banks: Hub) -> None:
    for table in ("negotiation", "delivery", "clock", "log_entry", "log_content", "submission", "given_evidence"):
        assert codes(two_banks, table, ICBC) == {ICBC}, table
        assert codes(two_banks, table, None) == {ICBC, CMB}, table
    with two_banks.database.reading(ICBC) as session:
        assert session.scalars(sa.text("SELECT code FROM bank")).all() == [ICBC]
        assert session.scalar(sa.text("SELECT count(*) FROM application")) == 1


def test_the_confinement_ends_with_its_transaction(two_banks: Hub) -> None:
    for _ in range(3):
        assert codes(two_banks, "negotiation", CMB) == {CMB}
        assert codes(two_banks, "negotiation", None) == {ICBC, CMB}


def test_a_session_that_names_no_bank_sees_nothing(two_banks: Hub) -> None:
    foreign = sa.create_engine(two_banks.settings.database_url)
    with foreign.connect() as connection:
        connection.exec_driver_sql(f"SET ROLE {row_security.ROLE}")
        for table in [*OF_BANKS, *row_security.OTHERWISE]:
            assert connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one() == 0, table
    foreign.dispose()


@pytest.mark.parametrize(
    "statement",
    [
        f"UPDATE negotiation SET bank_code = '{CMB}'",
        f"INSERT INTO team (id, bank_code, name, added_at) VALUES ('x', '{CMB}', 'x', now())",
        f"UPDATE team SET bank_code = '{CMB}'",
    ],
)
def test_a_row_cannot_be_written_for_another_bank(two_banks: Hub, statement: str) -> None:
    with two_banks.writing(HUB) as tx:
        tx.session.execute(sa.text(f"INSERT INTO team VALUES ('own', '{ICBC}', 'own', now())"))
    with (
        pytest.raises(sa.exc.ProgrammingError, match="row-level security"),
        two_banks.database.writing(ICBC) as session,
    ):
        session.execute(sa.text(statement))


def test_anothers_rows_cannot_be_changed_or_removed(two_banks: Hub) -> None:
    with two_banks.database.writing(ICBC) as session:
        found = [
            session.execute(sa.text(f"{words} WHERE bank_code = '{CMB}'")).rowcount  # type: ignore[attr-defined]  # of a cursor
            for words in ("UPDATE negotiation SET owner_id = NULL", "DELETE FROM search_key", "DELETE FROM bank_tally")
        ]
    assert found == [0, 0, 0]


def test_an_owner_who_may_not_make_roles_is_told_what_to_run(two_banks: Hub) -> None:
    with as_owner(two_banks.settings.database_url) as connection:
        connection.exec_driver_sql("CREATE ROLE plain_owner")
        connection.exec_driver_sql("SET LOCAL ROLE plain_owner")
        assert row_security.make_role(connection) == f"GRANT {row_security.ROLE} TO plain_owner;"
        connection.exec_driver_sql("RESET ROLE")
        connection.exec_driver_sql("DROP ROLE plain_owner")


def test_of_two_that_make_the_role_at_once_the_second_waits_for_the_first(hub: Hub) -> None:
    address = hub.settings.database_url

    def make() -> str | None:
        with as_owner(address) as connection:
            return row_security.make_role(connection)

    with as_owner(address) as first, ThreadPoolExecutor(1) as pool:
        row_security.make_role(first)
        second = pool.submit(make)
        wait_until(lambda: _waiting(first), what="the second to wait")
        first.commit()
        assert second.result() is None


def _waiting(connection: sa.Connection) -> int:
    waits = "SELECT count(*) FROM pg_locks WHERE NOT granted AND database = (SELECT oid FROM pg_database"
    return int(connection.exec_driver_sql(f"{waits} WHERE datname = current_database())").scalar_one())


def test_who_left_another_bank_can_be_added_by_a_bank_that_sees_nothing_of_it(two_banks: Hub) -> None:
    at = two_banks.clock.now()
    with two_banks.writing(HUB) as tx:
        staff.add(tx, role=Role.REVIEWER, email="one@example.com", bank_code=CMB, at=at)
        staff.remove(tx, "one@example.com")
    with two_banks.writing(somebody_at(ICBC, Role.BANK_ADMIN).actor) as tx:
        added, _ = staff.add(tx, role=Role.REVIEWER, email="one@example.com", bank_code=ICBC, at=at)
        assert added.bank_code == ICBC
        # Afterwards the transaction is the bank's own again.
        assert tx.session.scalars(sa.text("SELECT code FROM bank")).all() == [ICBC]
