"""Find the newest files and applications with a trace by an index, however many have it."""

from alembic import op

revision = "0087"
down_revision = "0086"
branch_labels = None
depends_on = None
expands = True

_NEWEST = (("evidence_trace", ["digest", "evidence_id", "page"]), ("application_trace", ["digest", "noted_at"]))


def upgrade() -> None:
    for table, columns in _NEWEST:
        op.create_index(f"ix_{table}_newest", table, columns)
        op.drop_index(f"ix_{table}_digest", table)


def downgrade() -> None:
    for table, _ in _NEWEST:
        op.create_index(f"ix_{table}_digest", table, ["digest"])
        op.drop_index(f"ix_{table}_newest", table)
