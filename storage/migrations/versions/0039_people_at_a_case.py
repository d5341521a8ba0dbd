"""Keep who of a bank is at a case, and what its people note for each other, which nobody can change."""

import sqlalchemy as sa
from alembic import op

from storage.append_only import drop_statements, statements

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

_NOTES = "case_note"


def upgrade() -> None:
    op.create_table(
        "case_presence",
        sa.Column("negotiation_id", sa.String(length=32), nullable=False),
        sa.Column("staff_id", sa.String(length=32), nullable=False),
        sa.Column("bank_code", sa.String(length=16), nullable=False),
        sa.Column("doing", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["negotiation_id"], ["negotiation.id"], name=op.f("fk_case_presence_negotiation_id")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_case_presence_staff_id")),
        sa.PrimaryKeyConstraint("negotiation_id", "staff_id", name=op.f("pk_case_presence")),
    )
    op.create_index("ix_case_presence_at", "case_presence", ["at"])
    op.create_index("ix_case_presence_bank_code", "case_presence", ["bank_code", "negotiation_id"])
    op.create_table(
        _NOTES,
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("negotiation_id", sa.String(length=32), nullable=False),
        sa.Column("bank_code", sa.String(length=16), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text_sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["negotiation_id"], ["negotiation.id"], name=op.f("fk_case_note_negotiation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_note")),
    )
    op.create_index("ix_case_note_bank_code", _NOTES, ["bank_code", "negotiation_id", "at"])
    for statement in statements(op.get_bind().dialect.name, [_NOTES]):
        op.execute(statement)


def downgrade() -> None:
    for statement in drop_statements(op.get_bind().dialect.name, [_NOTES]):
        op.execute(statement)
    op.drop_table(_NOTES)
    op.drop_table("case_presence")
