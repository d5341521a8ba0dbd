"""Keep the files that are given with requests beside negotiations."""

import sqlalchemy as sa
from alembic import op

from storage import row_security

revision = "0078"
down_revision = "0077"
branch_labels = None
depends_on = None
expands = True


def upgrade() -> None:
    op.create_table(
        "request_file",
        sa.Column("request_id", sa.String(length=32), nullable=False),
        sa.Column("evidence_id", sa.String(length=32), nullable=False),
        sa.Column("bank_code", sa.String(length=16), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["request_id"], ["service_request.id"], name=op.f("fk_request_file_request_id")),
        sa.ForeignKeyConstraint(["evidence_id"], ["evidence.id"], name=op.f("fk_request_file_evidence_id")),
        sa.PrimaryKeyConstraint("request_id", "evidence_id", name=op.f("pk_request_file")),
    )
    op.create_index("ix_request_file_bank_code", "request_file", ["bank_code", "request_id"])
    op.create_index("ix_request_file_evidence_id", "request_file", ["evidence_id"])
    for statement in row_security.statements(op.get_bind().dialect.name, ("request_file",)):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("request_file")
