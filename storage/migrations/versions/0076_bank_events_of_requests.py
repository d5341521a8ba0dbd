"""Know events of banks about requests by their ids, as those about negotiations."""

import sqlalchemy as sa
from alembic import op

revision = "0076"
down_revision = "0075"
branch_labels = None
depends_on = None

_OF_ONE = "(negotiation_id IS NULL) <> (request_id IS NULL)"
_WHERE = sa.text("request_id IS NOT NULL")


def upgrade() -> None:
    with op.batch_alter_table("bank_event") as batch:
        batch.alter_column("negotiation_id", existing_type=sa.String(length=32), nullable=True)
        batch.add_column(sa.Column("request_id", sa.String(length=32), nullable=True))
        batch.create_foreign_key(op.f("fk_bank_event_request_id"), "service_request", ["request_id"], ["id"])
        batch.create_check_constraint("of_one", _OF_ONE)
    op.create_index(
        "ix_bank_event_request", "bank_event", ["request_id"], sqlite_where=_WHERE, postgresql_where=_WHERE
    )


def downgrade() -> None:
    op.execute("DELETE FROM bank_event WHERE request_id IS NOT NULL")
    op.drop_index("ix_bank_event_request", "bank_event")
    with op.batch_alter_table("bank_event") as batch:
        batch.drop_constraint(op.f("ck_bank_event_of_one"), type_="check")
        batch.drop_constraint(op.f("fk_bank_event_request_id"), type_="foreignkey")
        batch.drop_column("request_id")
        batch.alter_column("negotiation_id", existing_type=sa.String(length=32), nullable=False)
