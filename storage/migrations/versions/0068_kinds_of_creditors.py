"""Say of each bank what kind of creditor it is, what licenses it, and who supervises it."""

import sqlalchemy as sa
from alembic import op

revision = "0068"
down_revision = "0067"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("bank", sa.Column("kind", sa.String(length=40), server_default="bank", nullable=False))
    op.add_column("bank", sa.Column("licence_no", sa.String(length=60), nullable=True))
    op.add_column("bank", sa.Column("regulator", sa.String(length=40), server_default="nfra", nullable=False))


def downgrade() -> None:
    for name in ("regulator", "licence_no", "kind"):
        op.drop_column("bank", name)
