"""Keep what was said of an agreement's end, and from when it counts; older ends keep null."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("agreement", sa.Column("end_effective_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("agreement", sa.Column("end_note_sealed", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    op.drop_column("agreement", "end_note_sealed")
    op.drop_column("agreement", "end_effective_at")
