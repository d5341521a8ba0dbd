"""Say of each row of the outbox whether it goes by mail or by text message; what is there goes by mail."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("mail", sa.Column("channel", sa.String(length=40), nullable=True))
    op.execute("UPDATE mail SET channel = 'mail'")


def downgrade() -> None:
    # A hub of before would mail what was meant for a phone.
    op.execute("UPDATE mail SET status = 'not_needed' WHERE status = 'waiting' AND channel = 'sms'")
    op.drop_column("mail", "channel")
