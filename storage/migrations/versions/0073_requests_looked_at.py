"""Look at requests beside negotiations by themselves: at the end of a quote, or of the time to pay."""

import sqlalchemy as sa
from alembic import op

revision = "0073"
down_revision = "0072"
branch_labels = None
depends_on = None

_WHERE = sa.text("look_at IS NOT NULL")


def upgrade() -> None:
    op.add_column("service_request", sa.Column("look_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_service_request_look_at",
        "service_request",
        ["kind", "look_at"],
        sqlite_where=_WHERE,
        postgresql_where=_WHERE,
    )


def downgrade() -> None:
    op.drop_index("ix_service_request_look_at", table_name="service_request")
    op.drop_column("service_request", "look_at")
