"""Keep who stopped collecting, reports of collection after an agreement, and what a negotiation renegotiates."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "collection_hold",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("agreement_id", sa.String(length=32), nullable=False),
        sa.Column("bank_code", sa.String(length=16), nullable=False),
        sa.Column("by", sa.String(length=100), nullable=False),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["agreement_id"], ["agreement.id"], name=op.f("fk_collection_hold_agreement_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_collection_hold")),
    )
    with op.batch_alter_table("collection_hold", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_collection_hold_agreement_id"), ["agreement_id"], unique=False)
        batch_op.create_index("ix_collection_hold_bank_code", ["bank_code", "agreement_id"], unique=False)
    op.create_table(
        "collection_report",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("negotiation_id", sa.String(length=32), nullable=False),
        sa.Column("agreement_id", sa.String(length=32), nullable=False),
        sa.Column("bank_code", sa.String(length=16), nullable=False),
        sa.Column("said_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer_sealed", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["agreement_id"], ["agreement.id"], name=op.f("fk_collection_report_agreement_id")),
        sa.ForeignKeyConstraint(
            ["negotiation_id"], ["negotiation.id"], name=op.f("fk_collection_report_negotiation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_collection_report")),
    )
    with op.batch_alter_table("collection_report", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_collection_report_negotiation_id"), ["negotiation_id"], unique=False)
        batch_op.create_index("ix_collection_report_bank_code", ["bank_code", "negotiation_id"], unique=False)
    op.add_column("negotiation", sa.Column("renegotiation_of", sa.String(length=32), nullable=True))


def downgrade() -> None:
    op.drop_column("negotiation", "renegotiation_of")
    op.drop_table("collection_report")
    op.drop_table("collection_hold")
