"""Note what a clean copy left out, and have a copy made of each clean file that was judged before there were any.

Until its copy is made no bank gets such a file: what was sent may run something, or say more than its pages do.
"""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0057"
down_revision = "0056"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("clean_copy", sa.Column("removed", sa.String(length=200), server_default=sa.text("''"), nullable=False))
    op.add_column("clean_copy", sa.Column("was_signed", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_table(
        "wanted_copy",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(["id"], ["evidence.id"], name=op.f("fk_wanted_copy_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wanted_copy")),
    )
    op.create_index(
        "ix_wanted_copy_waiting",
        "wanted_copy",
        ["asked_at"],
        sqlite_where=sa.text("reason IS NULL"),
        postgresql_where=sa.text("reason IS NULL"),
    )
    op.execute(
        sa.text(
            "INSERT INTO wanted_copy (id, asked_at) SELECT id, :now FROM evidence WHERE status = 'clean'"
            " AND (media_type LIKE 'image/%' OR media_type = 'application/pdf')"
            " AND NOT EXISTS (SELECT 1 FROM clean_copy WHERE clean_copy.id = evidence.id)"
        ).bindparams(sa.bindparam("now", datetime.now(UTC), sa.DateTime(timezone=True)))
    )


def downgrade() -> None:
    op.drop_index("ix_wanted_copy_waiting", "wanted_copy")
    op.drop_table("wanted_copy")
    op.drop_column("clean_copy", "was_signed")
    op.drop_column("clean_copy", "removed")
