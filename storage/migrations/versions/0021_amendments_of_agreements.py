"""Keep amendments of agreements, and let a code sign one."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_OPEN = "status in ('with_bank', 'quoted', 'proposed', 'awaiting_payment')"


def upgrade() -> None:
    op.create_table(
        "amendment",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("negotiation_id", sa.String(length=32), nullable=False),
        sa.Column("agreement_id", sa.String(length=32), nullable=False),
        sa.Column("bank_code", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("by", sa.String(length=40), nullable=False),
        sa.Column("asked_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("answer_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("contents_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("valid_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lapses_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("position", sa.Integer(), nullable=True),
        sa.Column("number", sa.String(length=40), nullable=True),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["agreement_id"], ["agreement.id"], name=op.f("fk_amendment_agreement_id")),
        sa.ForeignKeyConstraint(["negotiation_id"], ["negotiation.id"], name=op.f("fk_amendment_negotiation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_amendment")),
        sa.UniqueConstraint("number", name=op.f("uq_amendment_number")),
    )
    only_open = sa.text(_OPEN)
    op.create_index(
        "uq_amendment_open",
        "amendment",
        ["agreement_id"],
        unique=True,
        sqlite_where=only_open,
        postgresql_where=only_open,
    )
    op.create_index(
        "ix_amendment_lapses", "amendment", ["lapses_at"], sqlite_where=only_open, postgresql_where=only_open
    )
    op.create_index("ix_amendment_agreement", "amendment", ["agreement_id", "asked_at"])
    op.create_index("ix_amendment_bank_code", "amendment", ["bank_code", "status"])
    op.create_index(op.f("ix_amendment_negotiation_id"), "amendment", ["negotiation_id"])
    with op.batch_alter_table("confirmation_code") as batch:
        batch.alter_column("offer_id", existing_type=sa.String(length=32), nullable=True)
        batch.add_column(sa.Column("amendment_id", sa.String(length=32), nullable=True))
        batch.create_foreign_key(op.f("fk_confirmation_code_amendment_id"), "amendment", ["amendment_id"], ["id"])
        batch.create_index("ix_confirmation_code_amendment", ["amendment_id", "sent_at"])


def downgrade() -> None:
    op.execute("DELETE FROM confirmation_code WHERE offer_id IS NULL")
    with op.batch_alter_table("confirmation_code") as batch:
        batch.drop_index("ix_confirmation_code_amendment")
        batch.drop_constraint(op.f("fk_confirmation_code_amendment_id"), type_="foreignkey")
        batch.drop_column("amendment_id")
        batch.alter_column("offer_id", existing_type=sa.String(length=32), nullable=False)
    op.drop_table("amendment")
