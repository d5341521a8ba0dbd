"""Note which backups were made, and which were checked or restored for trial."""

import sqlalchemy as sa
from alembic import op

revision = "0082"
down_revision = "0081"
branch_labels = None
depends_on = None
expands = True


def upgrade() -> None:
    op.create_table(
        "backup_note",
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("drilled_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("kind", "made_at", name=op.f("pk_backup_note")),
    )


def downgrade() -> None:
    op.drop_table("backup_note")
