"""Keep the canned replies and templates of offers of each bank, version by version."""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "desk_template",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("bank_code", sa.String(length=16), nullable=False),
        sa.Column("sort", sa.String(length=40), nullable=False),
        sa.Column("template_id", sa.String(length=32), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("changed_by", sa.String(length=80), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["bank_code"], ["bank.code"], name=op.f("fk_desk_template_bank_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desk_template")),
    )
    op.create_index(
        "uq_desk_template_version", "desk_template", ["bank_code", "sort", "template_id", "version"], unique=True
    )


def downgrade() -> None:
    op.drop_table("desk_template")
