"""The second wall between banks, on PostgreSQL: policies by `bank_code`, and the role that the hub works as.

The first wall is that each query names its bank. Where one forgot it, the database still shows and takes no row of
another bank in a transaction that was confined to one (`Database.writing`, `Database.reading`). The hub's own work is
for every bank and says so on its connections; a session that says nothing sees no row at all. SQLite has the first
wall alone.
"""

from collections.abc import Mapping, Sequence
from typing import Final

import sqlalchemy as sa

from storage.append_only import ERASABLE
from storage.append_only import TABLES as APPEND_ONLY

ROLE: Final = "hub_application"
"""Who reads and writes rows. It owns no table, is no superuser, and changes no log; migrations are run by the owner."""
SETTING: Final = "hub.bank"
"""The setting of a session or transaction that says whose rows there are."""
EVERY_BANK: Final = "*"
CONFINE: Final = sa.text(f"SELECT set_config('{SETTING}', :bank_code, true)")
"""From here on the transaction has the rows of that bank alone, or of every bank."""

_POLICY: Final = "of_one_bank"
_OF_EVERY_BANK: Final = f"(SELECT current_setting('{SETTING}', true) = '{EVERY_BANK}')"
_CONFINED_TO: Final = f"(SELECT current_setting('{SETTING}', true))"

BY_BANK_CODE: Final = f"bank_code = {_CONFINED_TO}"
"""The rows of a table that has a `bank_code`. Those of no bank are for the hub's own work alone."""

OTHERWISE: Final[Mapping[str, str]] = {
    "bank": f"code = {_CONFINED_TO}",
    # What people send in the pages of every bank is kept under one client of the hub's own.
    "client": f"{BY_BANK_CODE} OR ({_CONFINED_TO} <> '' AND bank_code IS NULL AND name = 'portal')",
    # What hangs on a row is there where that row is: inside a policy the other table's own policy holds.
    "application": "EXISTS (SELECT FROM negotiation n WHERE n.application_id = application.id)",
    "passkey": "EXISTS (SELECT FROM staff s WHERE s.id = passkey.staff_id)",
    "recovery_code": "EXISTS (SELECT FROM staff s WHERE s.id = recovery_code.staff_id)",
    "page_session": "EXISTS (SELECT FROM staff s WHERE s.id = page_session.staff_id)",
}
"""The rows that a bank's transaction has of tables where `bank_code` alone does not say it."""

WITHOUT: Final[Mapping[str, str]] = {
    "access_token": "found by the digest of a secret alone",
    "answered_call": "a client's own, found by its id; the answer is sealed",
    "application_trace": "keyed hashes, names no bank; asked in the hub's own work alone",
    "attempt": "counts by keyed hashes of whoever tries",
    "backup_note": "times and sizes of backups; nothing of anybody",
    "calendar_notice": "the State Council's, for all",
    "clean_copy": "names no bank; reached through given_evidence, which has a policy, and sealed",
    "deduction": "one person's own, found by the keyed hash of the person; sealed",
    "draft": "a cardholder's own, found by the keyed hash of the person; sealed",
    "erasure": "ids of what is gone, over all banks; holds nothing of anybody",
    "evidence": "names no bank; reached through given_evidence, which has a policy, and sealed",
    "evidence_trace": "keyed hashes of files, names no bank; asked in the hub's own work alone",
    "gateway_order": "a merchant's, found by its number",
    "launch": "found by the digest of a secret alone",
    "log_end": "digests of chains, read where heads are signed and proven alone",
    "log_head": "signed digests, for everybody",
    "log_node": "digests of digests",
    "mandate": "one person's own, found by the keyed hash of the person; sealed",
    "matter_code": "keyed hashes of codes, found by the id of what they sign",
    "merchant": "those who send applications, not banks",
    "preferences": "a cardholder's own, found by the keyed hash of the person; sealed",
    "recognised_amounts": "names no bank; reached through given_evidence, which has a policy, and sealed",
    "referral": "one person's own, found by the keyed hash of the person; names no bank, and what it says is sealed",
    "referral_answer": "ids of what lenders said, which are no banks of the hub; holds nothing of anybody",
    "referral_consent": "versions, digests and times by the id of a referral; names nobody and no bank",
    "referral_message": "what a lender is told, sealed; names no bank, and is sent in the hub's own work alone",
    "referral_partner": "the register of licensed lenders, for all; the secret is sealed",
    "referral_revocation": "times by the id of a referral; names nobody and no bank",
    "row_seal": "digests of rows, read where heads are signed and verified alone",
    "sealing_key": "check values of keys, no row of anybody",
    "sign_in_code": "a cardholder's, found by the keyed hash of a number",
    "signing_key": "the hub's own",
    "unfinished_form": "one person's own, found by the keyed hash of the person; sealed",
    "viewing_copy": "names no bank; reached through given_evidence, which has a policy, and sealed",
    "viewing_page": "names no bank; reached through given_evidence, which has a policy, and sealed",
    "wanted_copy": "names no bank, and holds nothing of a file",
    "worker_beat": "times by the names of worker processes; nothing of anybody",
}
"""The tables that have no policy, each with the reason."""


def statements(dialect: str, tables: Sequence[str]) -> list[str]:
    """The SQL after which rows of `tables` are there only for who may see them; none on SQLite."""
    if dialect == "sqlite":
        return []
    return [line for table in tables for line in _statements_of(table)]


def _statements_of(table: str) -> list[str]:
    # The first half is worked out once a statement, so that the hub's own work pays next to nothing for it.
    condition = f"{_OF_EVERY_BANK} OR {OTHERWISE.get(table, BY_BANK_CODE)}"
    return [
        f'CREATE POLICY {_POLICY} ON "{table}" USING ({condition}) WITH CHECK ({condition})',
        f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY',
        # The owner too: an installation whose application is the owner has the wall as well.
        f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY',
    ]


def undo_statements(dialect: str, tables: Sequence[str]) -> list[str]:
    """The SQL that takes the policies of `tables` away again."""
    if dialect == "sqlite":
        return []
    return [
        line
        for table in tables
        for line in (
            f'ALTER TABLE "{table}" NO FORCE ROW LEVEL SECURITY',
            f'ALTER TABLE "{table}" DISABLE ROW LEVEL SECURITY',
            f'DROP POLICY {_POLICY} ON "{table}"',
        )
    ]


# SET ROLE at connecting, given the role: only where it has been given what it needs in this very database.
BECOME_THE_APPLICATION: Final = (
    "SELECT set_config('role', rolname, false) FROM pg_roles"
    " WHERE rolname = %s AND rolname <> current_user AND pg_has_role(rolname, 'MEMBER')"
    " AND has_table_privilege(rolname, to_regclass('alembic_version'), 'SELECT')"
)


def make_role(connection: sa.Connection) -> str | None:
    """The role is there and may do what the application does; None then, and the SQL to run where it could not be made.

    Run as the owner of the tables, after each migration.
    """
    if connection.dialect.name == "sqlite":
        return None
    # In the turn of migrations: of two that grant the same at once PostgreSQL breaks one off.
    connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7002)")
    if not _may_become(connection):
        try:
            with connection.begin_nested():
                if not _role_is_there(connection):
                    connection.exec_driver_sql(f"CREATE ROLE {ROLE} NOLOGIN")
                connection.exec_driver_sql(f"GRANT {ROLE} TO CURRENT_USER")
        except sa.exc.ProgrammingError:
            user = connection.exec_driver_sql("SELECT quote_ident(current_user)").scalar_one()
            made = "" if _role_is_there(connection) else f"CREATE ROLE {ROLE} NOLOGIN; "
            return f"{made}GRANT {ROLE} TO {user};"
    for line in _grants(connection):
        connection.exec_driver_sql(line)
    return None


def _role_is_there(connection: sa.Connection) -> bool:
    query = "SELECT count(*) FROM pg_roles WHERE rolname = %s"
    return bool(connection.exec_driver_sql(query, (ROLE,)).scalar_one())


def _may_become(connection: sa.Connection) -> bool:
    query = "SELECT count(*) FROM pg_roles WHERE rolname = %s AND pg_has_role(rolname, 'MEMBER')"
    return bool(connection.exec_driver_sql(query, (ROLE,)).scalar_one())


def _grants(connection: sa.Connection) -> list[str]:
    schemas = connection.exec_driver_sql(
        "SELECT quote_ident(nspname) FROM pg_namespace WHERE nspname IN (current_schema(), 'dbos')"
    ).scalars()
    return [
        line
        for schema in schemas
        for line in (
            f"GRANT USAGE ON SCHEMA {schema} TO {ROLE}",
            f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {ROLE}",
            f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA {schema} TO {ROLE}",
        )
    ] + [
        f"REVOKE UPDATE, DELETE ON {', '.join(APPEND_ONLY)} FROM {ROLE}",
        # What it may take out of these its triggers say.
        f"GRANT DELETE ON {', '.join(ERASABLE)} TO {ROLE}",
        f"REVOKE INSERT, UPDATE, DELETE ON alembic_version FROM {ROLE}",
    ]


def holes(connection: sa.Connection) -> list[str]:
    """Why the wall does not stand for this connection, a word each; none where it does, nor on SQLite.

    `superuser`: nothing holds for who the connection is. `owner`: it may change the tables. `logs`: it may change a
    log. A table's name: that table has no policy.
    """
    if connection.dialect.name == "sqlite":
        return []
    found = []
    if connection.exec_driver_sql(
        "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"
    ).scalar_one():
        found.append("superuser")
    owned = "SELECT count(*) FROM pg_tables WHERE schemaname = current_schema() AND tableowner = current_user"
    if connection.exec_driver_sql(owned).scalar_one():
        found.append("owner")
    changes = "SELECT has_table_privilege(%s, %s)"
    allowed = {table: "UPDATE, TRUNCATE" if table in ERASABLE else "UPDATE, DELETE, TRUNCATE" for table in APPEND_ONLY}
    if any(connection.exec_driver_sql(changes, each).scalar_one() for each in allowed.items()):
        found.append("logs")
    unguarded = connection.exec_driver_sql(
        "SELECT relname FROM pg_class c WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace"
        " AND NOT (relrowsecurity AND relforcerowsecurity AND EXISTS (SELECT FROM pg_policy WHERE polrelid = c.oid))"
        " AND relname <> 'alembic_version' ORDER BY relname"
    ).scalars()
    return [*found, *(name for name in unguarded if name not in WITHOUT)]
