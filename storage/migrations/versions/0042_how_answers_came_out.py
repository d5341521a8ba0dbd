"""Keep how each bank turn came out, in time or late, and what those of a week come to, so that figures cost little."""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

_OPEN_WITH_BANK = (
    "reached_bank_at IS NOT NULL AND "
    "status IN ('awaiting_bank', 'awaiting_cardholder', 'delivering', 'in_review', 'offered', 'returned', 'screening', 'undeliverable')"
)
_INDEXES = (
    ("ix_clock_outcome", "clock", ["bank_code", "outcome_at", "id"], "outcome_at IS NOT NULL"),
    ("ix_clock_unexplained", "clock", ["bank_code", "outcome_at", "id"], "outcome = 'late' AND cause IS NULL"),
    ("ix_negotiation_age", "negotiation", ["bank_code", "reached_bank_at", "id"], _OPEN_WITH_BANK),
)
_COLUMNS = (
    ("outcome", sa.String(length=40)),
    ("outcome_at", sa.DateTime(timezone=True)),
    ("stage", sa.String(length=40)),
    ("team_id", sa.String(length=32)),
    ("reason_marks", sa.String(length=120)),
    ("days_taken", sa.Integer()),
    ("cause", sa.String(length=40)),
    ("cause_sealed", sa.LargeBinary()),
    ("cause_by", sa.String(length=80)),
    ("cause_at", sa.DateTime(timezone=True)),
)
# Of turns of before: how they came out follows from what is kept of them. Their team and days are not known.
_CAME_OUT = """
UPDATE clock SET
  outcome = CASE WHEN answered_at IS NOT NULL AND answered_at <= due_at THEN 'in_time' ELSE 'late' END,
  outcome_at = CASE WHEN answered_at IS NOT NULL AND answered_at <= due_at THEN answered_at ELSE due_at END,
  stage = CASE WHEN (SELECT kind FROM delivery WHERE delivery.id = clock.delivery_id) = 'negotiation.counter_offered'
    THEN 'countered' ELSE 'first' END
WHERE answered_at IS NOT NULL OR breach_noted_at IS NOT NULL
"""


def upgrade() -> None:
    for name, kind in _COLUMNS:
        op.add_column("clock", sa.Column(name, kind, nullable=True))
    op.execute(_CAME_OUT)
    op.create_table(
        "answered_week",
        sa.Column("bank_code", sa.String(length=16), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("by", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("in_time", sa.Integer(), nullable=False),
        sa.Column("late", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("bank_code", "week", "by", "name", name=op.f("pk_answered_week")),
    )
    for name, table, columns, which in _INDEXES:
        op.create_index(name, table, columns, sqlite_where=sa.text(which), postgresql_where=sa.text(which))


def downgrade() -> None:
    for name, table, _, _ in reversed(_INDEXES):
        op.drop_index(name, table)
    op.drop_table("answered_week")
    for name, _ in reversed(_COLUMNS):
        op.drop_column("clock", name)
