"""Keep when it is looked at whether everybody has confirmed that they collect no more."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

_INDEX = "ix_agreement_hold_check_at"


def upgrade() -> None:
    op.add_column("agreement", sa.Column("hold_check_at", sa.DateTime(timezone=True), nullable=True))
    waiting = sa.text("hold_check_at IS NOT NULL")
    op.create_index(_INDEX, "agreement", ["hold_check_at"], sqlite_where=waiting, postgresql_where=waiting)


def downgrade() -> None:
    op.drop_index(_INDEX, "agreement")
    op.drop_column("agreement", "hold_check_at")
