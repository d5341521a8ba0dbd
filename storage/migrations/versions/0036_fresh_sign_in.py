"""Keep when somebody last proved a second factor in a session, and what kind of device it is on."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("page_session", sa.Column("proved_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("page_session", sa.Column("device", sa.String(length=80), nullable=True))
    # Staff had to prove both factors to begin any session.
    op.execute("UPDATE page_session SET proved_at = started_at WHERE staff_id IS NOT NULL")


def downgrade() -> None:
    op.drop_column("page_session", "device")
    op.drop_column("page_session", "proved_at")
