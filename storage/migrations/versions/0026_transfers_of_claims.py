"""Keep to whom a bank has transferred its claim."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("negotiation", sa.Column("transfer_sealed", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    op.drop_column("negotiation", "transfer_sealed")
