"""Keep a thumbnail beside the clean copy of a picture, for the page of who sent it."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("clean_copy", schema=None) as batch_op:
        batch_op.add_column(sa.Column("thumbnail_sealed", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("clean_copy", schema=None) as batch_op:
        batch_op.drop_column("thumbnail_sealed")
