"""Find the agreements and appointments of a negotiation, and clocks that run."""

import sqlalchemy as sa
from alembic import op

revision = "0084"
down_revision = "0083"
branch_labels = None
depends_on = None
expands = True

_INDEXES = (
    ("ix_agreement_negotiation", "agreement", ["negotiation_id", "signed_at"], None),
    ("ix_appointment_negotiation", "appointment", ["negotiation_id"], "negotiation_id IS NOT NULL"),
    ("ix_clock_unanswered", "clock", ["due_at", "id"], "answered_at IS NULL AND ended_at IS NULL"),
)


def upgrade() -> None:
    for name, table, columns, which in _INDEXES:
        where = None if which is None else sa.text(which)
        op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    for name, table, _, _ in reversed(_INDEXES):
        op.drop_index(name, table)
