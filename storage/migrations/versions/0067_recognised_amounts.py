"""Keep the amounts that a machine recognised in files, sealed, and the files that wait to be read."""

import sqlalchemy as sa
from alembic import op

revision = "0067"
down_revision = "0066"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "recognised_amounts",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("amounts_sealed", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["id"], ["evidence.id"], name=op.f("fk_recognised_amounts_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recognised_amounts")),
    )
    op.create_index(
        "ix_recognised_amounts_waiting",
        "recognised_amounts",
        ["asked_at"],
        sqlite_where=sa.text("read_at IS NULL"),
        postgresql_where=sa.text("read_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_recognised_amounts_waiting", "recognised_amounts")
    op.drop_table("recognised_amounts")
