"""A hub that knows a simulated bank beside the portal, and negotiations in whatever state a test needs."""

from collections.abc import Callable, Iterator
from typing import Any, Protocol

import psycopg
import pytest
from psycopg import sql

from hub.domain.actor import HUB
from hub.domain.bank import Bank
from hub.domain.clock import FixedClock
from hub.wiring import Hub
from storage import banks as bank_rows
from tests import applications
from tests.banks.fixtures import banks, hub, simulated
from tests.conftest import Submit
from tests.postgres_server import PostgresServer
from tests.services.case import Case

__all__ = ["banks", "hub", "simulated"]


@pytest.fixture(scope="session")
def kept_database(migrated_server: PostgresServer) -> Iterator[str]:
    """The address of one PostgreSQL database for all tests of this folder."""
    yield migrated_server.create_database("services", template="migrated")
    migrated_server.drop_database("services")


@pytest.fixture
def postgresql_database(kept_database: str) -> Iterator[str]:
    """The address of a PostgreSQL database that is up to date, and empty again afterwards: quicker than a new one."""
    yield kept_database
    with psycopg.connect(kept_database.replace("+psycopg", "")) as connection:
        tables = connection.execute("SELECT schemaname, relname FROM pg_stat_user_tables").fetchall()
        # As a replica would, past the triggers and foreign keys.
        connection.execute("SET LOCAL session_replication_role = replica")
        for schema, table in tables:
            if table not in ("alembic_version", "dbos_migrations"):
                connection.execute(sql.SQL("DELETE FROM {}.{}").format(sql.Identifier(schema), sql.Identifier(table)))


class SetRules(Protocol):
    """Sets rules of a bank."""

    def __call__(self, bank_code: str = applications.ICBC, **settings: str) -> None: ...


@pytest.fixture
def set_rules(hub: Hub, banks: dict[str, Bank]) -> SetRules:
    """A way to set rules of a bank."""

    def change(bank_code: str = applications.ICBC, **settings: str) -> None:
        with hub.writing(HUB) as tx:
            bank_rows.set_settings(tx, bank_code, settings)

    return change


class OpenCase(Protocol):
    """Has a negotiation in the hub, screened and with its bank unless `worked_off` is False."""

    def __call__(self, bank_code: str = applications.ICBC, *, worked_off: bool = True, **changes: Any) -> Case: ...


@pytest.fixture
def open_case(hub: Hub, clock: FixedClock, submitted: Submit, work_off: Callable[[], int]) -> OpenCase:
    """A way to have a negotiation, by default with ICBC and so in its queue: `awaiting_bank`."""

    def make(bank_code: str = applications.ICBC, *, worked_off: bool = True, **changes: Any) -> Case:
        case = Case(hub=hub, clock=clock, work_off=work_off, sent=submitted(bank_code, **changes), bank_code=bank_code)
        if worked_off:
            work_off()
        return case

    return make
