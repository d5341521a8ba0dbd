"""Make the audit: who signed in, from where, and what was changed about the hub itself. Append-only, as both logs."""

import sqlalchemy as sa
from alembic import op

from storage.append_only import drop_statements, statements

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_TABLE = "audit_entry"


def upgrade() -> None:
    op.create_table(
        _TABLE,
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("address", sa.String(length=64), nullable=True),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("about", sa.String(length=254), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
    )
    op.create_index("ix_audit_entry_at", _TABLE, ["at", "id"], unique=False)
    for statement in statements(op.get_bind().dialect.name, [_TABLE]):
        op.execute(statement)


def downgrade() -> None:
    for statement in drop_statements(op.get_bind().dialect.name, [_TABLE]):
        op.execute(statement)
    op.drop_index("ix_audit_entry_at", _TABLE)
    op.drop_table(_TABLE)
