"""Keep hints to banks, and the keyed hashes by which files of different people are compared."""

import sqlalchemy as sa
from alembic import op

from storage import row_security

revision = "0058"
down_revision = "0057"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "doubt",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("negotiation_id", sa.String(length=32), nullable=False),
        sa.Column("bank_code", sa.String(length=16), nullable=False),
        sa.Column("evidence_id", sa.String(length=32), nullable=True),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("facts_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.String(length=40), nullable=True),
        sa.Column("answered_by", sa.String(length=80), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["negotiation_id"], ["negotiation.id"], name=op.f("fk_doubt_negotiation_id")),
        sa.ForeignKeyConstraint(["evidence_id"], ["evidence.id"], name=op.f("fk_doubt_evidence_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_doubt")),
    )
    op.create_index("ix_doubt_bank_code", "doubt", ["bank_code", "negotiation_id"])
    op.create_index("ix_doubt_negotiation_id", "doubt", ["negotiation_id"])
    op.create_index("ix_doubt_evidence_id", "doubt", ["evidence_id"])
    op.create_table(
        "evidence_trace",
        sa.Column("evidence_id", sa.String(length=32), nullable=False),
        sa.Column("page", sa.Integer(), nullable=False),
        sa.Column("band", sa.Integer(), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.ForeignKeyConstraint(["evidence_id"], ["evidence.id"], name=op.f("fk_evidence_trace_evidence_id")),
        sa.PrimaryKeyConstraint("evidence_id", "page", "band", name=op.f("pk_evidence_trace")),
    )
    op.create_index("ix_evidence_trace_digest", "evidence_trace", ["digest"])
    op.add_column("viewing_page", sa.Column("picture_hash_sealed", sa.LargeBinary(), nullable=True))
    for line in row_security.statements(op.get_bind().dialect.name, ["doubt"]):
        op.execute(line)


def downgrade() -> None:
    for line in row_security.undo_statements(op.get_bind().dialect.name, ["doubt"]):
        op.execute(line)
    op.drop_column("viewing_page", "picture_hash_sealed")
    op.drop_index("ix_evidence_trace_digest", "evidence_trace")
    op.drop_table("evidence_trace")
    op.drop_table("doubt")
