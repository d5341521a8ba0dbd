"""Keep when a plan of one payment is judged; agreements of before said nothing of failing by themselves."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

_INDEX = "ix_agreement_judged_at"


def upgrade() -> None:
    op.add_column("agreement", sa.Column("judged_at", sa.DateTime(timezone=True), nullable=True))
    waiting = sa.text("judged_at IS NOT NULL")
    op.create_index(_INDEX, "agreement", ["judged_at"], sqlite_where=waiting, postgresql_where=waiting)


def downgrade() -> None:
    op.drop_index(_INDEX, "agreement")
    op.drop_column("agreement", "judged_at")
