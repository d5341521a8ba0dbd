"""Keep with each offer the levels that it goes through before it opens; those that wait now wait for a supervisor."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

_ONE_SUPERVISOR = '[{"role": "supervisor", "by": null, "at": null}]'


def upgrade() -> None:
    op.add_column("offer", sa.Column("approvals", sa.JSON(), nullable=True))
    op.execute(f"UPDATE offer SET approvals = '{_ONE_SUPERVISOR}' WHERE status = 'awaiting_approval'")  # noqa: S608


def downgrade() -> None:
    op.drop_column("offer", "approvals")
