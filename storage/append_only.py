"""Triggers that keep a log append-only, on both databases; used by the migrations that make the tables."""

from collections.abc import Mapping, Sequence

_KEYS: Mapping[str, Sequence[str]] = {
    "log_entry": ("negotiation_id", "sequence"),
    "access_entry": ("id",),
    "audit_entry": ("id",),
}
TABLES: Sequence[str] = tuple(_KEYS)

_WHERE_THERE = "WHEN EXISTS (SELECT 1 FROM {table} WHERE {same}) "


def _same_key(table: str) -> str:
    return " AND ".join(f"{name} = NEW.{name}" for name in _KEYS[table])


def statements(dialect: str, tables: Sequence[str] = TABLES) -> list[str]:
    """The SQL after which no row of `tables` can be changed or removed, and on PostgreSQL no table emptied."""
    if dialect == "sqlite":
        guarded = [(table, verb, "") for table in tables for verb in ("UPDATE", "DELETE")]
        # INSERT OR REPLACE removes a row without telling the triggers on removals.
        guarded += [(table, "INSERT", _WHERE_THERE.format(table=table, same=_same_key(table))) for table in tables]
        return [
            f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} {where}"
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            for table, verb, where in guarded
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


def drop_statements(dialect: str, tables: Sequence[str] = TABLES) -> list[str]:
    """The SQL that takes the triggers of `tables` away again."""
    if dialect == "sqlite":
        return [f"DROP TRIGGER {table}_no_{verb}" for table in tables for verb in ("update", "delete", "insert")]
    return [f"DROP TRIGGER {table}_append_only ON {table}" for table in tables]


def undo_statements(dialect: str, tables: Sequence[str] = TABLES) -> list[str]:
    """The SQL that takes all triggers away again, and what they call."""
    return [*drop_statements(dialect, tables), *([] if dialect == "sqlite" else ["DROP FUNCTION refuse_change()"])]
