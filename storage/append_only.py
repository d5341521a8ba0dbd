"""Triggers that keep a log append-only, on both databases; used by the migrations that make the tables."""

from collections.abc import Mapping, Sequence

_KEYS: Mapping[str, Sequence[str]] = {
    "log_entry": ("negotiation_id", "sequence"),
    "request_entry": ("request_id", "sequence"),
    "access_entry": ("id",),
    "audit_entry": ("id",),
    "case_note": ("id",),
    "log_head": ("number",),
    "log_end": ("position",),
    "log_node": ("level", "position"),
    "row_seal": ("log", "sequence"),
    "consent": ("id",),
    "consent_withdrawal": ("negotiation_id", "purpose", "at"),
    "referral_consent": ("referral_id",),
    "referral_revocation": ("referral_id",),
}
TABLES: Sequence[str] = tuple(_KEYS)
ERASABLE: Sequence[str] = ("case_note",)
"""Tables whose rows may go, all at once, with the negotiation that they speak of: once it says that it was erased."""

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


_IS_KEPT = "NOT EXISTS (SELECT 1 FROM negotiation n WHERE n.id = OLD.negotiation_id AND n.erased_at IS NOT NULL)"
_REFUSE_UNLESS_ERASED = (
    "CREATE OR REPLACE FUNCTION refuse_unless_erased() RETURNS trigger LANGUAGE plpgsql AS "
    f"$$ BEGIN IF {_IS_KEPT} THEN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END IF; RETURN OLD; END $$"
)


def erasable_statements(dialect: str) -> list[str]:
    """The SQL after which rows of `ERASABLE` can be removed where their negotiation was erased, and no others."""
    if dialect == "sqlite":
        return [line for table in ERASABLE for line in _guard_removals(table, f"WHEN {_IS_KEPT} ")]
    lines = [_REFUSE_UNLESS_ERASED]
    for table in ERASABLE:
        changes = f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR TRUNCATE ON {table}"
        removals = f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table}"
        lines += drop_statements(dialect, [table])
        lines.append(f"{changes} FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()")
        lines.append(f"{removals} FOR EACH ROW EXECUTE FUNCTION refuse_unless_erased()")
    return lines


def not_erasable_statements(dialect: str) -> list[str]:
    """The SQL that undoes `erasable_statements`."""
    if dialect == "sqlite":
        return [line for table in ERASABLE for line in _guard_removals(table, "")]
    lines = drop_statements(dialect, ERASABLE)
    lines += [f"DROP TRIGGER {table}_no_delete ON {table}" for table in ERASABLE]
    return [*lines, "DROP FUNCTION refuse_unless_erased()", *statements(dialect, ERASABLE)]


def _guard_removals(table: str, when: str) -> list[str]:
    refused = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    return [
        f"DROP TRIGGER {table}_no_delete",
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {when}{refused}",
    ]


def undo_statements(dialect: str, tables: Sequence[str] = TABLES) -> list[str]:
    """The SQL that takes all triggers away again, and what they call."""
    return [*drop_statements(dialect, tables), *([] if dialect == "sqlite" else ["DROP FUNCTION refuse_change()"])]
