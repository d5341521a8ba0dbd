"""Keep consents to a bank's telling bills, and which of them a bill came by."""

import sqlalchemy as sa
from alembic import op

from storage import row_security

revision = "0070"
down_revision = "0069"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bill_consent",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("bank_code", sa.String(length=16), nullable=False),
        sa.Column("token_index", sa.LargeBinary(length=32), nullable=False),
        sa.Column("contents_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("version", sa.String(length=40), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("door", sa.String(length=40), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_door", sa.String(length=40), nullable=True),
        sa.Column("owner_index", sa.LargeBinary(length=32), nullable=False),
        sa.Column("client_id", sa.String(length=32), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bill_consent")),
        sa.UniqueConstraint("token_index", name=op.f("uq_bill_consent_token_index")),
    )
    in_force = sa.text("withdrawn_at IS NULL")
    op.create_index(
        "uq_bill_consent_in_force",
        "bill_consent",
        ["owner_index", "client_id", "bank_code"],
        unique=True,
        sqlite_where=in_force,
        postgresql_where=in_force,
    )
    op.create_index("ix_bill_consent_bank_code", "bill_consent", ["bank_code", "id"])
    op.create_index(op.f("ix_bill_consent_expires_at"), "bill_consent", ["expires_at"])
    op.add_column("bill", sa.Column("consent_id", sa.String(length=32), nullable=True))
    op.create_index(op.f("ix_bill_consent_id"), "bill", ["consent_id"])
    for statement in row_security.statements(op.get_bind().dialect.name, ("bill_consent",)):
        op.execute(statement)


def downgrade() -> None:
    op.drop_index(op.f("ix_bill_consent_id"), "bill")
    op.drop_column("bill", "consent_id")
    op.drop_table("bill_consent")
