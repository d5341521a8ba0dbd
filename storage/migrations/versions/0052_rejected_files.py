"""Destroy the keys of rejected files, of which nothing is kept but the fact; the sweeper deletes their bytes."""

import sqlalchemy as sa
from alembic import op

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None


def upgrade() -> None:
    evidence = sa.table("evidence", sa.column("status", sa.String()), sa.column("file_key_sealed", sa.LargeBinary()))
    op.execute(sa.update(evidence).where(evidence.c.status == "rejected").values(file_key_sealed=b""))


def downgrade() -> None:
    """A key that was destroyed does not come back."""
