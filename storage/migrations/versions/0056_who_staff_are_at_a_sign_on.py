"""Keep who an account's person is at the bank's sign-on, so that a re-used address opens nothing."""

import sqlalchemy as sa
from alembic import op

revision = "0056"
down_revision = "0055"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody is known yet: each is at the next sign-in."""
    op.add_column("staff", sa.Column("sign_on_issuer", sa.Text(), nullable=True))
    op.add_column("staff", sa.Column("sign_on_digest", sa.LargeBinary(32), nullable=True))


def downgrade() -> None:
    """Who somebody is there is forgotten."""
    op.drop_column("staff", "sign_on_digest")
    op.drop_column("staff", "sign_on_issuer")
