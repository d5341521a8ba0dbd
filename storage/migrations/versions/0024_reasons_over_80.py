"""Keep with an offer why it may take more than 80 % of what is left a month; offers of before gave no reason."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("offer", sa.Column("reason_over_80_sealed", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    op.drop_column("offer", "reason_over_80_sealed")
