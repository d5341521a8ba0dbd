"""Keep the further cards that a bank proposes for a negotiation, and the person's answer to each."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "proposed_account",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("negotiation_id", sa.String(length=32), nullable=False),
        sa.Column("bank_code", sa.String(length=16), nullable=False),
        sa.Column("said_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["negotiation_id"], ["negotiation.id"], name=op.f("fk_proposed_account_negotiation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposed_account")),
    )
    op.create_index("ix_proposed_account_negotiation", "proposed_account", ["negotiation_id", "proposed_at"])
    op.create_index("ix_proposed_account_bank_code", "proposed_account", ["bank_code", "negotiation_id"])


def downgrade() -> None:
    op.drop_table("proposed_account")
