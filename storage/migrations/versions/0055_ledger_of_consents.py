"""Keep a ledger of consents given and taken back; the worker fills it for the negotiations that are there."""

import sqlalchemy as sa
from alembic import op

from storage import row_security
from storage.append_only import drop_statements, statements

revision = "0055"
down_revision = "0054"
branch_labels = None
depends_on = None

_TABLES = ("consent", "consent_withdrawal")


def upgrade() -> None:
    op.add_column("negotiation", sa.Column("withdrawn_purposes", sa.String(length=120), nullable=True))
    op.add_column("negotiation", sa.Column("consents_noted", sa.Boolean(), server_default=sa.false(), nullable=False))
    unnoted = sa.text("NOT consents_noted")
    op.create_index("ix_negotiation_unnoted", "negotiation", ["id"], sqlite_where=unnoted, postgresql_where=unnoted)
    op.create_table(
        "consent",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("negotiation_id", sa.String(length=32), nullable=False),
        sa.Column("bank_code", sa.String(length=16), nullable=False),
        sa.Column("purpose", sa.String(length=40), nullable=False),
        sa.Column("evidence_id", sa.String(length=32), nullable=True),
        sa.Column("version", sa.String(length=32), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("door", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["negotiation_id"], ["negotiation.id"], name=op.f("fk_consent_negotiation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
    )
    op.create_index("ix_consent_bank_code", "consent", ["bank_code", "negotiation_id"])
    op.create_index("ix_consent_negotiation", "consent", ["negotiation_id", "purpose"])
    op.create_table(
        "consent_withdrawal",
        sa.Column("negotiation_id", sa.String(length=32), nullable=False),
        sa.Column("purpose", sa.String(length=40), nullable=False),
        sa.Column("bank_code", sa.String(length=16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("door", sa.String(length=40), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(
            ["negotiation_id"], ["negotiation.id"], name=op.f("fk_consent_withdrawal_negotiation_id")
        ),
        sa.PrimaryKeyConstraint("negotiation_id", "purpose", name=op.f("pk_consent_withdrawal")),
    )
    op.create_index("ix_consent_withdrawal_bank_code", "consent_withdrawal", ["bank_code", "negotiation_id"])
    dialect = op.get_bind().dialect.name
    for statement in (*statements(dialect, _TABLES), *row_security.statements(dialect, _TABLES)):
        op.execute(statement)


def downgrade() -> None:
    dialect = op.get_bind().dialect.name
    for statement in drop_statements(dialect, _TABLES):
        op.execute(statement)
    op.drop_table("consent_withdrawal")
    op.drop_table("consent")
    op.drop_index("ix_negotiation_unnoted", "negotiation")
    op.drop_column("negotiation", "consents_noted")
    op.drop_column("negotiation", "withdrawn_purposes")
