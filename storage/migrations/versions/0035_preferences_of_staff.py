"""Keep what people at banks choose: the list of each morning, mails of cases handed over, keys as shortcuts."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

_CHOICES = ("daily_digest", "assigned_mails", "keyboard")


def upgrade() -> None:
    for name in _CHOICES:
        op.add_column("staff", sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.true()))


def downgrade() -> None:
    for name in _CHOICES:
        op.drop_column("staff", name)
