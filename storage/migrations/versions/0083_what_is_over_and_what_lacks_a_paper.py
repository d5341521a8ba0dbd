"""Find what is over, what lacks its paper and what rests on another calendar by indexes, however much there is."""

import sqlalchemy as sa
from alembic import op

revision = "0083"
down_revision = "0082"
branch_labels = None
depends_on = None
expands = True

_OVER = "status IN ('lapsed', 'rejected', 'withdrawn') AND erased_at IS NULL"
_NAMED = "calendar_version IS NOT NULL"
_INDEXES = (
    ("ix_negotiation_over", "negotiation", ["opened_at", "id"], _OVER),
    ("ix_negotiation_over_files", "negotiation", ["opened_at", "id"], f"{_OVER} AND files_erased_at IS NULL"),
    ("ix_agreement_over", "agreement", ["ended_at", "negotiation_id"], "ended_at IS NOT NULL"),
    ("ix_agreement_signed", "agreement", ["signed_at"], None),
    ("ix_amendment_signed", "amendment", ["signed_at"], "signed_at IS NOT NULL"),
    ("ix_clearance_issued", "clearance", ["issued_at"], "issued_at IS NOT NULL"),
    ("ix_clock_calendar", "clock", ["calendar_version"], f"answered_at IS NULL AND ended_at IS NULL AND {_NAMED}"),
    (
        "ix_service_request_calendar",
        "service_request",
        ["calendar_version"],
        f"clock_opened_at IS NOT NULL AND answered_at IS NULL AND {_NAMED}",
    ),
)


def upgrade() -> None:
    for name, table, columns, which in _INDEXES:
        where = None if which is None else sa.text(which)
        op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    for name, table, _, _ in reversed(_INDEXES):
        op.drop_index(name, table)
