"""Find what waits, and nothing else: chains that no head covers yet, and notices that were given up."""

import sqlalchemy as sa
from alembic import op

revision = "0081"
down_revision = "0080"
branch_labels = None
depends_on = None
# The release before makes a chain longer as it ever did, by which it is found here.
expands = True

_CHAINED = ("negotiation", "service_request")
_UNCOVERED = sa.text("log_covered < log_length")
_GIVEN_UP = sa.text("status = 'given_up'")


def upgrade() -> None:
    # Nothing is said yet of the rows that are there: the worker looks at them a lot at a time.
    for table in _CHAINED:
        op.add_column(table, sa.Column("log_covered", sa.Integer(), server_default="0", nullable=False))
        op.create_index(
            f"ix_{table}_uncovered", table, ["id"], sqlite_where=_UNCOVERED, postgresql_where=_UNCOVERED
        )
    op.create_index(
        "ix_client_notice_given_up",
        "client_notice",
        ["client_id", "id"],
        sqlite_where=_GIVEN_UP,
        postgresql_where=_GIVEN_UP,
    )


def downgrade() -> None:
    op.drop_index("ix_client_notice_given_up", "client_notice")
    for table in _CHAINED:
        op.drop_index(f"ix_{table}_uncovered", table)
        op.drop_column(table, "log_covered")
