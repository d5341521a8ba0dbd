"""Tell host apps of requests beside negotiations, as of negotiations."""

import sqlalchemy as sa
from alembic import op

revision = "0079"
down_revision = "0078"
branch_labels = None
depends_on = None
expands = True

_OF_ONE = "(negotiation_id IS NULL) <> (request_id IS NULL)"
_WHERE = sa.text("request_id IS NOT NULL")


def upgrade() -> None:
    with op.batch_alter_table("client_notice") as batch:
        batch.alter_column("negotiation_id", existing_type=sa.String(length=32), nullable=True)
        batch.add_column(sa.Column("request_id", sa.String(length=32), nullable=True))
        batch.create_foreign_key(op.f("fk_client_notice_request_id"), "service_request", ["request_id"], ["id"])
        batch.create_check_constraint("of_one", _OF_ONE)
    op.create_index(
        "ix_client_notice_request", "client_notice", ["request_id"], sqlite_where=_WHERE, postgresql_where=_WHERE
    )


def downgrade() -> None:
    op.execute("DELETE FROM client_notice WHERE request_id IS NOT NULL")
    op.drop_index("ix_client_notice_request", "client_notice")
    with op.batch_alter_table("client_notice") as batch:
        batch.drop_constraint(op.f("ck_client_notice_of_one"), type_="check")
        batch.drop_constraint(op.f("fk_client_notice_request_id"), type_="foreignkey")
        batch.drop_column("request_id")
        batch.alter_column("negotiation_id", existing_type=sa.String(length=32), nullable=False)
