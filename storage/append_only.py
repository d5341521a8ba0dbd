"""Triggers that keep a log append-only, on both databases; used by the migrations that make the tables."""

from collections.abc import Sequence

TABLES: Sequence[str] = ("log_entry", "access_entry")


def statements(dialect: str, tables: Sequence[str] = TABLES) -> list[str]:
    """The SQL after which no row of `tables` can be changed or removed, and on PostgreSQL no table emptied."""
    if dialect == "sqlite":
        return [
            f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            for table in tables
            for verb in ("UPDATE", "DELETE")
        ]
    function = (
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
    )
    triggers = [
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        for table in tables
    ]
    return [function, *triggers]


def undo_statements(dialect: str, tables: Sequence[str] = TABLES) -> list[str]:
    """The SQL that takes the triggers away again."""
    if dialect == "sqlite":
        return [f"DROP TRIGGER {table}_no_{verb}" for table in tables for verb in ("update", "delete")]
    return [
        *(f"DROP TRIGGER {table}_append_only ON {table}" for table in tables),
        "DROP FUNCTION refuse_change()",
    ]
