"""Say of each negotiation who stands up for its person, and let a lower word never keep a higher one out."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_INDEX = "uq_negotiation_open_person_bank"
_OPEN = (
    "status IN ('awaiting_bank', 'awaiting_cardholder', 'delivering', 'in_review', 'offered', 'returned', 'screening', "
    "'undeliverable')"
)


def upgrade() -> None:
    op.drop_index(_INDEX, "negotiation")
    op.add_column("negotiation", sa.Column("identity_level", sa.String(40), server_default="host", nullable=False))
    op.add_column("negotiation", sa.Column("identity_rank", sa.SmallInteger(), server_default="1", nullable=False))
    op.add_column("negotiation", sa.Column("identity_confirmed", sa.Boolean(), nullable=True))
    # Who applied at the hub's own pages before had shown a mobile, unless a host app had sent them over.
    op.execute(
        "UPDATE negotiation SET identity_level = 'mobile', identity_rank = 0 "
        "WHERE client_id = 'form' AND launch_client_id IS NULL"
    )
    _make_index("person_index", "bank_code", "identity_rank")


def downgrade() -> None:
    op.drop_index(_INDEX, "negotiation")
    for name in ("identity_confirmed", "identity_rank", "identity_level"):
        op.drop_column("negotiation", name)
    _make_index("person_index", "bank_code")


def _make_index(*columns: str) -> None:
    where = sa.text(_OPEN)
    op.create_index(_INDEX, "negotiation", columns, unique=True, sqlite_where=where, postgresql_where=where)
