"""Keep forms that people have begun to fill in and not sent."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "unfinished_form",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("owner_index", sa.LargeBinary(length=32), nullable=False),
        sa.Column("client_id", sa.String(length=32), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("held", sa.Boolean(), nullable=False),
        sa.Column("values_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unfinished_form")),
        sa.UniqueConstraint(
            "owner_index",
            "client_id",
            "address",
            "held",
            name=op.f("uq_unfinished_form_owner_index_client_id_address_held"),
        ),
    )
    with op.batch_alter_table("unfinished_form", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_unfinished_form_expires_at"), ["expires_at"], unique=False)


def downgrade() -> None:
    op.drop_table("unfinished_form")
