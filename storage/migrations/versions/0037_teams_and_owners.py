"""Keep the teams of a bank, who is in which, and whose case a negotiation is."""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

# As in `storage.records.negotiations` of that day: what stands in a bank's queue.
_QUEUE = (
    "reached_bank_at IS NOT NULL AND "
    "status IN ('awaiting_bank', 'awaiting_cardholder', 'delivering', 'in_review', 'offered', 'returned', "
    "'screening', 'undeliverable')"
)


def upgrade() -> None:
    op.create_table(
        "team",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("bank_code", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["bank_code"], ["bank.code"], name=op.f("fk_team_bank_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team")),
    )
    op.create_index("uq_team_bank_name", "team", ["bank_code", "name"], unique=True)
    op.add_column("staff", sa.Column("team_id", sa.String(length=32), nullable=True))
    op.add_column("negotiation", sa.Column("owner_id", sa.String(length=32), nullable=True))
    queue = sa.text(_QUEUE)
    op.create_index(
        "ix_negotiation_owner",
        "negotiation",
        ["bank_code", "owner_id", "due_at", "id"],
        sqlite_where=queue,
        postgresql_where=queue,
    )


def downgrade() -> None:
    op.drop_index("ix_negotiation_owner", "negotiation")
    op.drop_column("negotiation", "owner_id")
    op.drop_column("staff", "team_id")
    op.drop_table("team")
