"""Find what a bank's people did and read by time, by case and by person."""

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None

_INDEXES = (
    ("ix_access_entry_at", "access_entry", ["bank_code", "at", "id"], None),
    ("ix_audit_entry_about", "audit_entry", ["bank_code", "about", "at", "id"], "bank_code IS NOT NULL"),
    ("ix_audit_entry_actor", "audit_entry", ["bank_code", "actor", "at", "id"], "bank_code IS NOT NULL"),
)


def upgrade() -> None:
    for name, table, columns, which in _INDEXES:
        where = None if which is None else sa.text(which)
        op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    for name, table, _, _ in reversed(_INDEXES):
        op.drop_index(name, table)
