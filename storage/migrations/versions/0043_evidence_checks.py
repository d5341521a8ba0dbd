"""Keep what a bank's people find of files, what they read in them, and who looks at many files in a short time."""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    counts = sa.text("replaced_at IS NULL")
    op.create_table(
        "evidence_check",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("negotiation_id", sa.String(length=32), nullable=False),
        sa.Column("evidence_id", sa.String(length=32), nullable=False),
        sa.Column("bank_code", sa.String(length=16), nullable=False),
        sa.Column("verdict", sa.String(length=40), nullable=False),
        sa.Column("text_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["negotiation_id"], ["negotiation.id"], name=op.f("fk_evidence_check_negotiation_id")),
        sa.ForeignKeyConstraint(["evidence_id"], ["evidence.id"], name=op.f("fk_evidence_check_evidence_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence_check")),
    )
    op.create_index("ix_evidence_check_bank_code", "evidence_check", ["bank_code", "negotiation_id"])
    op.create_index(
        "ix_evidence_check_counts",
        "evidence_check",
        ["negotiation_id", "evidence_id"],
        unique=True,
        sqlite_where=counts,
        postgresql_where=counts,
    )
    op.create_table(
        "evidenced_figure",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("negotiation_id", sa.String(length=32), nullable=False),
        sa.Column("bank_code", sa.String(length=16), nullable=False),
        sa.Column("line", sa.String(length=40), nullable=False),
        sa.Column("said_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["negotiation_id"], ["negotiation.id"], name=op.f("fk_evidenced_figure_negotiation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidenced_figure")),
    )
    op.create_index("ix_evidenced_figure_bank_code", "evidenced_figure", ["bank_code", "negotiation_id"])
    op.create_index(
        "ix_evidenced_figure_counts",
        "evidenced_figure",
        ["negotiation_id", "line"],
        unique=True,
        sqlite_where=counts,
        postgresql_where=counts,
    )
    op.create_index("ix_access_entry_actor", "access_entry", ["actor", "at"])


def downgrade() -> None:
    op.drop_index("ix_access_entry_actor", "access_entry")
    op.drop_table("evidenced_figure")
    op.drop_table("evidence_check")
