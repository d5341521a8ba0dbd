"""Keep the pages of files as pictures; those of all files that are there already wait to be drawn."""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

_INDEX = "ix_viewing_copy_waiting"


def upgrade() -> None:
    op.create_table(
        "viewing_copy",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=True),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("left_out", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("thumbnail_sealed", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["id"], ["evidence.id"], name=op.f("fk_viewing_copy_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_viewing_copy")),
    )
    waiting = sa.text("status = 'waiting'")
    op.create_index(_INDEX, "viewing_copy", ["asked_at"], sqlite_where=waiting, postgresql_where=waiting)
    op.create_table(
        "viewing_page",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("evidence_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("store_name", sa.String(length=64), nullable=False),
        sa.Column("file_key_sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["evidence_id"], ["viewing_copy.id"], name=op.f("fk_viewing_page_evidence_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_viewing_page")),
        sa.UniqueConstraint("evidence_id", "number", name=op.f("uq_viewing_page_evidence_id_number")),
        sa.UniqueConstraint("store_name", name=op.f("uq_viewing_page_store_name")),
    )
    op.execute(
        "INSERT INTO viewing_copy (id, status, pages, left_out, asked_at)"
        " SELECT id, 'waiting', 0, 0, uploaded_at FROM evidence WHERE status = 'clean'"
        " AND media_type IN ('application/pdf', 'image/jpeg', 'image/png', 'image/heic', 'image/webp')"
    )


def downgrade() -> None:
    op.drop_table("viewing_page")
    op.drop_table("viewing_copy")
