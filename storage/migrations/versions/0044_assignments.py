"""Keep who assigned which cases to whom, so that it can be shown and undone; the bank that a line of the audit is of."""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "assignment",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("bank_code", sa.String(length=16), nullable=False),
        sa.Column("staff_id", sa.String(length=32), nullable=True),
        sa.Column("way", sa.String(length=40), nullable=False),
        sa.Column("rows", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["bank_code"], ["bank.code"], name=op.f("fk_assignment_bank_code")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_assignment_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment")),
    )
    op.create_index("ix_assignment_bank_way", "assignment", ["bank_code", "way", "at", "id"])
    op.add_column("audit_entry", sa.Column("bank_code", sa.String(length=16), nullable=True))
    of_a_bank = sa.text("bank_code IS NOT NULL")
    op.create_index(
        "ix_audit_entry_bank",
        "audit_entry",
        ["bank_code", "at", "id"],
        sqlite_where=of_a_bank,
        postgresql_where=of_a_bank,
    )


def downgrade() -> None:
    op.drop_index("ix_audit_entry_bank", "audit_entry")
    op.drop_column("audit_entry", "bank_code")
    op.drop_table("assignment")
