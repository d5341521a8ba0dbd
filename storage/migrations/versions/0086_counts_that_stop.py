"""Count clocks that run at a bank, are paused or provisional, and text messages that were sent, by indexes alone."""

import sqlalchemy as sa
from alembic import op

revision = "0086"
down_revision = "0085"
branch_labels = None
depends_on = None
expands = True

_RUNS = "answered_at IS NULL AND ended_at IS NULL"
_REQUEST_RUNS = "clock_opened_at IS NOT NULL AND answered_at IS NULL"
indexes_before = (
    ("ix_clock_unanswered_of_bank", "clock", ["bank_code", "due_at", "id"], _RUNS),
    ("ix_clock_paused", "clock", ["id"], f"{_RUNS} AND paused_on IS NOT NULL AND resumed_on IS NULL"),
    ("ix_clock_provisional", "clock", ["id"], f"{_RUNS} AND provisional"),
    ("ix_service_request_running", "service_request", ["due_at", "id"], _REQUEST_RUNS),
    ("ix_service_request_running_of_bank", "service_request", ["bank_code", "due_at", "id"], _REQUEST_RUNS),
    ("ix_service_request_provisional", "service_request", ["id"], f"{_REQUEST_RUNS} AND provisional"),
    ("ix_mail_sent_sms", "mail", ["id"], "status = 'sent' AND channel = 'sms'"),
)


def upgrade() -> None:
    for name, table, columns, which in indexes_before:
        rows = sa.text(which)
        op.create_index(name, table, columns, sqlite_where=rows, postgresql_where=rows, if_not_exists=True)


def downgrade() -> None:
    for name, table, _, _ in reversed(indexes_before):
        op.drop_index(name, table)
