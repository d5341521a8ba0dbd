"""Keep when negotiations were erased, what of it is left to do, and which must not be."""

import sqlalchemy as sa
from alembic import op

from storage import row_security
from storage.append_only import erasable_statements, not_erasable_statements

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None

_HOLD, _ERASURE = "legal_hold", "erasure"
_STANDING, _OPEN = sa.text("released_at IS NULL"), sa.text("done_at IS NULL")


def upgrade() -> None:
    dialect = op.get_bind().dialect.name
    for name in ("files_erased_at", "erased_at"):
        op.add_column("negotiation", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        _ERASURE,
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("store_names", sa.JSON(), nullable=False),
        sa.Column("ids", sa.JSON(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasure")),
    )
    op.create_index("ix_erasure_open", _ERASURE, ["id"], sqlite_where=_OPEN, postgresql_where=_OPEN)
    op.create_table(
        _HOLD,
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("negotiation_id", sa.String(length=32), nullable=False),
        sa.Column("bank_code", sa.String(length=16), nullable=False),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("held_by", sa.String(length=80), nullable=False),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("released_by", sa.String(length=80), nullable=True),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["negotiation_id"], ["negotiation.id"], name=op.f("fk_legal_hold_negotiation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_hold")),
    )
    op.create_index(
        "uq_legal_hold_standing",
        _HOLD,
        ["negotiation_id"],
        unique=True,
        sqlite_where=_STANDING,
        postgresql_where=_STANDING,
    )
    op.create_index("ix_legal_hold_bank_code", _HOLD, ["bank_code", "negotiation_id"])
    for statement in (*erasable_statements(dialect), *row_security.statements(dialect, [_HOLD])):
        op.execute(statement)


def downgrade() -> None:
    dialect = op.get_bind().dialect.name
    for statement in (*row_security.undo_statements(dialect, [_HOLD]), *not_erasable_statements(dialect)):
        op.execute(statement)
    op.drop_table(_HOLD)
    op.drop_table(_ERASURE)
    for name in ("erased_at", "files_erased_at"):
        op.drop_column("negotiation", name)
