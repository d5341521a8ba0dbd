"""Keep for a month, as keyed hashes, what applications came from, and what a PDF said of its making."""

import sqlalchemy as sa
from alembic import op

revision = "0061"
down_revision = "0060"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("clean_copy", sa.Column("origin_sealed", sa.LargeBinary(), nullable=True))
    op.create_table(
        "application_trace",
        sa.Column("application_id", sa.String(length=32), nullable=False),
        sa.Column("sort", sa.String(length=40), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name=op.f("fk_application_trace_application_id")),
        sa.PrimaryKeyConstraint("application_id", "sort", name=op.f("pk_application_trace")),
    )
    op.create_index("ix_application_trace_digest", "application_trace", ["digest"])
    op.create_index("ix_application_trace_noted_at", "application_trace", ["noted_at"])


def downgrade() -> None:
    op.drop_index("ix_application_trace_noted_at", "application_trace")
    op.drop_index("ix_application_trace_digest", "application_trace")
    op.drop_table("application_trace")
    op.drop_column("clean_copy", "origin_sealed")
