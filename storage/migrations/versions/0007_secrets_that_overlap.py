"""Let the secret of a client that was renewed be good for a while beside the new one."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("client", sa.Column("previous_secret_digest", sa.LargeBinary(), nullable=True))
    op.add_column("client", sa.Column("previous_secret_ends_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("client", "previous_secret_ends_at")
    op.drop_column("client", "previous_secret_digest")
