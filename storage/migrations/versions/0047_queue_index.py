"""Keep what a bank's queue shows, sorts and finds cases by; the worker fills it for the cases that are there."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from storage.records.base import UtcDateTime

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None

# As in `storage.records.negotiations` of that day.
_QUEUE = (
    "reached_bank_at IS NOT NULL AND "
    "status IN ('awaiting_bank', 'awaiting_cardholder', 'delivering', 'in_review', 'offered', 'returned', "
    "'screening', 'undeliverable')"
)
_PAUSED = datetime(9998, 1, 1, tzinfo=UTC)
# What a filter asks of a row stands in the index that orders it, so that a page of few is found without the rows.
_SHOWN = ["status", "owner_id", "owed_hundreds", "last_word", "reason_marks", "due_at", "reached_bank_at"]
_ORDERS = {
    "ix_negotiation_queue": "due_at",
    "ix_negotiation_owed": "owed_hundreds",
    "ix_negotiation_reached": "reached_bank_at",
}
_LAST_WORDS = """
UPDATE negotiation SET last_word = (
  SELECT CASE WHEN (e.party = 'cardholder' OR e.kind = 'evidence_rejected') AND e.kind IN
    ('message', 'answered', 'declined', 'call_record', 'amendment_asked', 'evidence_rejected') THEN e.kind END
  FROM log_entry AS e WHERE e.negotiation_id = negotiation.id
    AND (e.party <> 'hub' OR e.kind = 'evidence_rejected') AND e.kind <> 'code_sent'
  ORDER BY e.sequence DESC LIMIT 1)
WHERE reached_bank_at IS NOT NULL
"""


def _columns(first: str) -> list[str]:
    return ["bank_code", first, "id", *(each for each in _SHOWN if each != first)]


def upgrade() -> None:
    op.add_column("negotiation", sa.Column("last_word", sa.String(length=40), nullable=True))
    op.add_column("negotiation", sa.Column("summary_sealed", sa.LargeBinary(), nullable=True))
    op.add_column("negotiation", sa.Column("owed_hundreds", sa.BigInteger(), server_default="-1", nullable=False))
    op.add_column("negotiation", sa.Column("reason_marks", sa.String(length=120), nullable=True))
    op.execute(_LAST_WORDS)
    negotiation = sa.table("negotiation", sa.column("id"), sa.column("due_at", UtcDateTime()))
    clock = sa.table(
        "clock", *map(sa.column, ("negotiation_id", "answered_at", "ended_at", "paused_on", "resumed_on"))
    )
    paused = sa.select(clock.c.negotiation_id).where(
        clock.c.answered_at.is_(None), clock.c.ended_at.is_(None),
        clock.c.paused_on.is_not(None), clock.c.resumed_on.is_(None),
    )  # fmt: skip
    op.execute(sa.update(negotiation).where(negotiation.c.id.in_(paused)).values(due_at=_PAUSED))
    queue = sa.text(_QUEUE)
    op.drop_index("ix_negotiation_queue", "negotiation")
    for name, first in _ORDERS.items():
        op.create_index(name, "negotiation", _columns(first), sqlite_where=queue, postgresql_where=queue)
    worded = sa.text("last_word IS NOT NULL AND reached_bank_at IS NOT NULL")
    op.create_index(
        "ix_negotiation_worded", "negotiation", ["bank_code", "due_at", "id", "last_word"],
        sqlite_where=worded, postgresql_where=worded,
    )  # fmt: skip
    unindexed = sa.text("owed_hundreds = -1")
    op.create_index(
        "ix_negotiation_unindexed", "negotiation", ["id"], sqlite_where=unindexed, postgresql_where=unindexed
    )
    answered = sa.text("answered_at IS NOT NULL")
    op.create_index(
        "ix_clock_answered", "clock", ["bank_code", "answered_at", "due_at"],
        sqlite_where=answered, postgresql_where=answered,
    )  # fmt: skip
    countered = sa.text("status = 'open' AND \"by\" = 'cardholder'")
    op.create_index(
        "ix_offer_countered", "offer", ["bank_code", "negotiation_id"],
        sqlite_where=countered, postgresql_where=countered,
    )  # fmt: skip
    op.create_table(
        "search_key",
        sa.Column("bank_code", sa.String(length=16), nullable=False),
        sa.Column("key", sa.LargeBinary(length=16), nullable=False),
        sa.Column("negotiation_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["negotiation_id"], ["negotiation.id"], name=op.f("fk_search_key_negotiation_id")),
        sa.PrimaryKeyConstraint("bank_code", "key", "negotiation_id", name=op.f("pk_search_key")),
    )
    op.create_index("ix_search_key_negotiation", "search_key", ["negotiation_id"])
    op.create_table(
        "bank_tally",
        sa.Column("bank_code", sa.String(length=16), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["bank_code"], ["bank.code"], name=op.f("fk_bank_tally_bank_code")),
        sa.PrimaryKeyConstraint("bank_code", name=op.f("pk_bank_tally")),
    )
    op.create_table(
        "saved_view",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("bank_code", sa.String(length=16), nullable=False),
        sa.Column("staff_id", sa.String(length=32), nullable=True),
        sa.Column("name_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("query", sa.String(length=400), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("counted", sa.Integer(), nullable=True),
        sa.Column("made_by", sa.String(length=32), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["bank_code"], ["bank.code"], name=op.f("fk_saved_view_bank_code")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_saved_view_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_view")),
    )
    op.create_index("ix_saved_view_owner", "saved_view", ["bank_code", "staff_id", "position"])


def downgrade() -> None:
    for table in ("saved_view", "bank_tally", "search_key"):
        op.drop_table(table)
    op.drop_index("ix_offer_countered", "offer")
    op.drop_index("ix_clock_answered", "clock")
    for name in ("ix_negotiation_unindexed", "ix_negotiation_worded", *_ORDERS):
        op.drop_index(name, "negotiation")
    queue = sa.text(_QUEUE)
    op.create_index(
        "ix_negotiation_queue", "negotiation", ["bank_code", "due_at", "id"], sqlite_where=queue, postgresql_where=queue
    )
    for name in ("reason_marks", "owed_hundreds", "summary_sealed", "last_word"):
        op.drop_column("negotiation", name)
