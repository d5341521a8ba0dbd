"""Say in the database from which migration on code runs on its tables, so that the release before may go on beside."""

import sqlalchemy as sa
from alembic import op

revision = "0080"
down_revision = "0079"
branch_labels = None
depends_on = None
# Code that knows no such mark stops at every newer database.
expands = False


def upgrade() -> None:
    op.add_column("alembic_version", sa.Column("runs_from", sa.String(length=32), nullable=True))


def downgrade() -> None:
    op.drop_column("alembic_version", "runs_from")
