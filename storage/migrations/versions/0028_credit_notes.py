"""Keep what people ask their banks about their entries at the credit register."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "credit_note",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("negotiation_id", sa.String(length=32), nullable=False),
        sa.Column("bank_code", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("said_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer_sealed", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["negotiation_id"], ["negotiation.id"], name=op.f("fk_credit_note_negotiation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit_note")),
    )
    with op.batch_alter_table("credit_note", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_credit_note_negotiation_id"), ["negotiation_id"], unique=False)
        batch_op.create_index("ix_credit_note_bank_code", ["bank_code", "negotiation_id"], unique=False)


def downgrade() -> None:
    op.drop_table("credit_note")
