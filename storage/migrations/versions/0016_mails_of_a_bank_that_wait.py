"""Find the mails of a bank that wait without reading those that it ever had."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_INDEX = "ix_mail_waiting_of_bank"


def upgrade() -> None:
    waiting = sa.text("status = 'waiting'")
    columns = ["bank_code", "next_try_at", "id"]
    op.create_index(_INDEX, "mail", columns, sqlite_where=waiting, postgresql_where=waiting)


def downgrade() -> None:
    op.drop_index(_INDEX, "mail")
