"""Find what ended without an agreement by when it ended; what ended before this is looked at a lot at a time."""

import sqlalchemy as sa
from alembic import op

revision = "0085"
down_revision = "0084"
branch_labels = None
depends_on = None
# The release before says nothing of it, as the rows of before do not: the worker looks at them.
expands = True

_OVER = "status IN ('lapsed', 'rejected', 'withdrawn') AND erased_at IS NULL"
_WITH_FILES = f"{_OVER} AND files_erased_at IS NULL"
_INDEXES = (
    ("ix_negotiation_over_at", ["over_at", "id"], _OVER),
    ("ix_negotiation_over_at_files", ["over_at", "id"], _WITH_FILES),
    ("ix_negotiation_undated", ["id"], f"{_OVER} AND over_at IS NULL"),
)
# By when it can be over at the earliest.
_BEFORE = (("ix_negotiation_over", _OVER), ("ix_negotiation_over_files", _WITH_FILES))


def upgrade() -> None:
    op.add_column("negotiation", sa.Column("over_at", sa.DateTime(timezone=True), nullable=True))
    for name, columns, which in _INDEXES:
        op.create_index(name, "negotiation", columns, sqlite_where=sa.text(which), postgresql_where=sa.text(which))
    for name, _ in _BEFORE:
        op.drop_index(name, "negotiation")


def downgrade() -> None:
    for name, which in _BEFORE:
        where = sa.text(which)
        op.create_index(name, "negotiation", ["opened_at", "id"], sqlite_where=where, postgresql_where=where)
    for name, _, _ in reversed(_INDEXES):
        op.drop_index(name, "negotiation")
    op.drop_column("negotiation", "over_at")
