"""Make the table of certificates of settlement. What was settled before has none until its person asks."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "clearance",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("negotiation_id", sa.String(length=32), nullable=False),
        sa.Column("agreement_id", sa.String(length=32), nullable=False),
        sa.Column("bank_code", sa.String(length=16), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("issuance_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("late_noted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["negotiation_id"], ["negotiation.id"], name=op.f("fk_clearance_negotiation_id")),
        sa.ForeignKeyConstraint(["agreement_id"], ["agreement.id"], name=op.f("fk_clearance_agreement_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clearance")),
        sa.UniqueConstraint("agreement_id", name=op.f("uq_clearance_agreement_id")),
    )
    waiting = sa.text("issued_at IS NULL AND late_noted_at IS NULL")
    op.create_index(op.f("ix_clearance_negotiation_id"), "clearance", ["negotiation_id"])
    op.create_index("ix_clearance_bank_code", "clearance", ["bank_code", "negotiation_id"])
    op.create_index(
        "ix_clearance_waiting", "clearance", ["due_at", "id"], sqlite_where=waiting, postgresql_where=waiting
    )


def downgrade() -> None:
    op.drop_table("clearance")
