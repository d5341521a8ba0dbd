"""Keep by when a bank decides that has registered a negotiation and not decided yet."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("negotiation", sa.Column("decision_by", sa.Date(), nullable=True))
    op.add_column("negotiation", sa.Column("deferral_sealed", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    for name in ("deferral_sealed", "decision_by"):
        op.drop_column("negotiation", name)
