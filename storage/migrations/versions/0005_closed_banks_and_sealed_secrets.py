"""Banks can be closed to new applications, and their secrets are sealed.

Secrets that are there are sealed when the hub is next brought up to date, since a migration has no keys.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("bank", sa.Column("secrets_sealed", sa.LargeBinary(), nullable=True))
    op.add_column("bank", sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("bank") as batch:
        batch.drop_column("closed_at")
        batch.drop_column("secrets_sealed")
