"""Make the table of clean copies; pictures that were found clean before are judged once more, which makes theirs."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "clean_copy",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("media_type", sa.String(length=40), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("store_name", sa.String(length=64), nullable=False),
        sa.Column("file_key_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["id"], ["evidence.id"], name=op.f("fk_clean_copy_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clean_copy")),
        sa.UniqueConstraint("store_name", name=op.f("uq_clean_copy_store_name")),
    )
    # Until then no bank gets them: what was sent may say where it was taken.
    op.execute("UPDATE evidence SET status = 'checking' WHERE status = 'clean' AND media_type LIKE 'image/%'")


def downgrade() -> None:
    op.drop_table("clean_copy")
