"""Sign heads over all chains of the log, chain the other two logs, and salt what the log commits to."""

import sqlalchemy as sa
from alembic import op

from storage import append_only, row_security

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None

APPEND_ONLY = ("log_head", "log_end", "log_node", "row_seal")


def upgrade() -> None:
    op.create_table(
        "log_head",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entries", sa.BigInteger(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("root", sa.String(length=64), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("key_id", sa.String(length=16), nullable=False),
        sa.Column("signature", sa.String(length=128), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_log_head")),
    )
    op.create_table(
        "log_end",
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("chain", sa.String(length=32), nullable=False),
        sa.Column("length", sa.BigInteger(), nullable=False),
        sa.Column("head", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_log_end")),
        sa.UniqueConstraint("chain", "length", name=op.f("uq_log_end_chain_length")),
    )
    op.create_table(
        "log_node",
        sa.Column("level", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("level", "position", name=op.f("pk_log_node")),
    )
    op.create_table(
        "row_seal",
        sa.Column("log", sa.String(length=40), nullable=False),
        sa.Column("sequence", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("row_id", sa.String(length=32), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("log", "sequence", name=op.f("pk_row_seal")),
        sa.UniqueConstraint("log", "row_id", name=op.f("uq_row_seal_log_row_id")),
    )
    op.create_table(
        "content_salt",
        sa.Column("content_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("negotiation_id", sa.String(length=32), nullable=False),
        sa.Column("bank_code", sa.String(length=16), nullable=False),
        sa.Column("salt", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("content_id", "kind", name=op.f("pk_content_salt")),
    )
    op.create_index("ix_content_salt_bank_code", "content_salt", ["bank_code", "negotiation_id"])
    op.add_column("negotiation", sa.Column("log_mac", sa.String(length=48), nullable=True))
    dialect = op.get_bind().dialect.name
    for statement in append_only.statements(dialect, APPEND_ONLY):
        op.execute(statement)
    for statement in row_security.statements(dialect, ("content_salt",)):
        op.execute(statement)


def downgrade() -> None:
    dialect = op.get_bind().dialect.name
    for statement in row_security.undo_statements(dialect, ("content_salt",)):
        op.execute(statement)
    for statement in append_only.drop_statements(dialect, APPEND_ONLY):
        op.execute(statement)
    op.drop_column("negotiation", "log_mac")
    for table in ("content_salt", "row_seal", "log_node", "log_end", "log_head"):
        op.drop_table(table)
