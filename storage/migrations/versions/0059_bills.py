"""Keep bills of people's cards: what they typed, and what a bank told with their consent."""

import sqlalchemy as sa
from alembic import op

from storage import row_security

revision = "0059"
down_revision = "0058"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bill",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("bank_code", sa.String(length=16), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("as_of", sa.DateTime(timezone=True), nullable=False),
        sa.Column("contents_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("owner_index", sa.LargeBinary(length=32), nullable=False),
        sa.Column("client_id", sa.String(length=32), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bill")),
        sa.UniqueConstraint("client_id", "name", name=op.f("uq_bill_client_id_name")),
    )
    op.create_index("ix_bill_owner", "bill", ["owner_index", "client_id", "due_on"])
    op.create_index("ix_bill_bank_code", "bill", ["bank_code", "due_on"])
    op.create_index(op.f("ix_bill_expires_at"), "bill", ["expires_at"])
    for statement in row_security.statements(op.get_bind().dialect.name, ("bill",)):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("bill")
