"""Keep what a bank says of how far a debt has got in court."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("negotiation", sa.Column("legal_sealed", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    op.drop_column("negotiation", "legal_sealed")
