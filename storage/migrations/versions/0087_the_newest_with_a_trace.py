"""Find the newest files and applications with a trace by an index, however many have it."""

from alembic import op

revision = "0087"
down_revision = "0086"
branch_labels = None
depends_on = None
expands = True

indexes_before = (
    ("ix_evidence_trace_newest", "evidence_trace", ["digest", "evidence_id", "page"], None),
    ("ix_application_trace_newest", "application_trace", ["digest", "noted_at"], None),
)


def upgrade() -> None:
    for name, table, columns, _ in indexes_before:
        op.create_index(name, table, columns, if_not_exists=True)
        op.drop_index(f"ix_{table}_digest", table)


def downgrade() -> None:
    for name, table, _, _ in indexes_before:
        op.create_index(f"ix_{table}_digest", table, ["digest"])
        op.drop_index(name, table)
