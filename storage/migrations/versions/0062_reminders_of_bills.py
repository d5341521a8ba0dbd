"""Note what people want to be told of their bills, and when it is told next."""

import sqlalchemy as sa
from alembic import op

revision = "0062"
down_revision = "0061"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("bill", sa.Column("reminder_sealed", sa.LargeBinary(), nullable=True))
    op.add_column("bill", sa.Column("remind_at", sa.DateTime(timezone=True), nullable=True))
    there = sa.text("remind_at IS NOT NULL")
    op.create_index("ix_bill_remind_at", "bill", ["remind_at"], sqlite_where=there, postgresql_where=there)


def downgrade() -> None:
    op.drop_index("ix_bill_remind_at", "bill")
    op.drop_column("bill", "remind_at")
    op.drop_column("bill", "reminder_sealed")
