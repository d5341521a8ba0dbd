"""Keep authorisations to deduct, reported deductions, and codes that sign a matter of one person."""

import sqlalchemy as sa
from alembic import op

revision = "0072"
down_revision = "0071"
branch_labels = None
depends_on = None


def _of_one_person() -> list[sa.Column[object]]:
    return [
        sa.Column("owner_index", sa.LargeBinary(length=32), nullable=False),
        sa.Column("client_id", sa.String(length=32), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
    ]


def upgrade() -> None:
    op.create_table(
        "mandate",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("contents_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("earlier_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("look_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revocation_id", sa.String(length=32), nullable=True),
        sa.Column("signed_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("not_refused", sa.Integer(), nullable=False),
        *_of_one_person(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mandate")),
    )
    there = sa.text("look_at IS NOT NULL")
    op.create_index("ix_mandate_owner", "mandate", ["owner_index", "client_id"])
    op.create_index("ix_mandate_look_at", "mandate", ["look_at"], sqlite_where=there, postgresql_where=there)
    op.create_index(op.f("ix_mandate_expires_at"), "mandate", ["expires_at"])
    op.create_index(op.f("ix_mandate_revocation_id"), "mandate", ["revocation_id"])
    op.create_table(
        "deduction",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("mandate_id", sa.String(length=32), nullable=True),
        sa.Column("contents_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("during_hold", sa.Boolean(), nullable=False),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        *_of_one_person(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deduction")),
    )
    op.create_index("ix_deduction_owner", "deduction", ["owner_index", "client_id", "reported_at"])
    op.create_index(op.f("ix_deduction_expires_at"), "deduction", ["expires_at"])
    op.create_table(
        "matter_code",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("matter_id", sa.String(length=32), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        *_of_one_person(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_matter_code")),
    )
    op.create_index("ix_matter_code_matter_id", "matter_code", ["matter_id", "sent_at"])
    op.create_index(op.f("ix_matter_code_expires_at"), "matter_code", ["expires_at"])


def downgrade() -> None:
    for table in ("matter_code", "deduction", "mandate"):
        op.drop_table(table)
