"""Keep appointments of people with a bank's own people."""

import sqlalchemy as sa
from alembic import op

from storage import row_security

revision = "0075"
down_revision = "0074"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "appointment",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("bank_code", sa.String(length=16), nullable=False),
        sa.Column("negotiation_id", sa.String(length=32), nullable=True),
        sa.Column("slot_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("purpose", sa.String(length=40), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("holds_slot", sa.Boolean(), nullable=False),
        sa.Column("contents_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("pass_code_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("pass_code_tries", sa.Integer(), nullable=False),
        sa.Column("address_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("address_key_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("address_ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("report_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("act_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("owner_index", sa.LargeBinary(length=32), nullable=False),
        sa.Column("client_id", sa.String(length=32), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["slot_id"], ["slot.id"], name=op.f("fk_appointment_slot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment")),
    )
    op.create_index("ix_appointment_owner", "appointment", ["owner_index", "client_id", "starts_at"])
    op.create_index("ix_appointment_bank_code", "appointment", ["bank_code", "starts_at"])
    op.create_index("ix_appointment_slot_id", "appointment", ["slot_id"])
    op.create_index(op.f("ix_appointment_expires_at"), "appointment", ["expires_at"])
    for column in ("act_at", "address_ends_at"):
        where = sa.text(f"{column} IS NOT NULL")
        op.create_index(
            f"ix_appointment_{column}", "appointment", [column], sqlite_where=where, postgresql_where=where
        )
    for statement in row_security.statements(op.get_bind().dialect.name, ("appointment",)):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("appointment")
