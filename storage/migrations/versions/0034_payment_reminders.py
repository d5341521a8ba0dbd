"""Keep when a person is told of the next payment; agreements in force are looked at once to find it."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

_INDEX = "ix_agreement_remind_at"


def upgrade() -> None:
    op.add_column("agreement", sa.Column("remind_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE agreement SET remind_at = signed_at WHERE status = 'in_force'")
    ahead = sa.text("remind_at IS NOT NULL")
    op.create_index(_INDEX, "agreement", ["remind_at"], sqlite_where=ahead, postgresql_where=ahead)


def downgrade() -> None:
    op.drop_index(_INDEX, "agreement")
    op.drop_column("agreement", "remind_at")
