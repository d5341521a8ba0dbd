"""Keep beside each agreement how it is paid, so that a bank can follow many; worked out by the next sweep."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

def _columns() -> tuple[sa.Column[Any], ...]:
    return (
    sa.Column("next_due_on", sa.Date(), nullable=False, server_default=sa.text("'9999-01-01'")),
    sa.Column("next_due_fen", sa.BigInteger(), nullable=True),
    sa.Column("paid_fen", sa.BigInteger(), nullable=False, server_default=sa.text("0")),
    sa.Column("missed_rows", sa.Integer(), nullable=False, server_default=sa.text("0")),
    sa.Column("part_paid_rows", sa.Integer(), nullable=False, server_default=sa.text("0")),
    sa.Column("followed_at", sa.DateTime(timezone=True), nullable=True),
)


_BY_NEXT_DUE = ["bank_code", "next_due_on", "id"]
_INDEXES = (
    ("ix_agreement_next_due", "agreement", _BY_NEXT_DUE, "status = 'in_force'"),
    ("ix_agreement_missed", "agreement", _BY_NEXT_DUE, "status = 'in_force' AND missed_rows > 0"),
    ("ix_agreement_part_paid", "agreement", _BY_NEXT_DUE, "status = 'in_force' AND part_paid_rows > 0"),
    ("ix_agreement_ended", "agreement", ["bank_code", "ended_at", "id"], "ended_at IS NOT NULL"),
    ("ix_agreement_unfollowed", "agreement", ["id"], "followed_at IS NULL"),
    ("ix_clearance_owed", "clearance", ["bank_code", "due_at", "id"], "issued_at IS NULL"),
)


def upgrade() -> None:
    for column in _columns():
        op.add_column("agreement", column)
    for name, table, columns, which in _INDEXES:
        op.create_index(name, table, columns, sqlite_where=sa.text(which), postgresql_where=sa.text(which))


def downgrade() -> None:
    for name, table, _, _ in reversed(_INDEXES):
        op.drop_index(name, table)
    for column in reversed(_columns()):
        op.drop_column("agreement", column.name)
