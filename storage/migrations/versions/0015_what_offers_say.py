"""Keep with each offer all that it says, the bank's texts among it; offers of before go on as they were made."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("offer", sa.Column("said_sealed", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    op.drop_column("offer", "said_sealed")
