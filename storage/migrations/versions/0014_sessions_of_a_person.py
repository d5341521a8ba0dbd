"""Let a person see where they are signed in; sessions that are open go on unlisted, for twelve hours at most."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("page_session", sa.Column("owner", sa.String(length=32), nullable=True))
    op.add_column("page_session", sa.Column("address", sa.String(length=64), nullable=True))
    op.create_index("ix_page_session_owner", "page_session", ["owner"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_page_session_owner", "page_session")
    op.drop_column("page_session", "address")
    op.drop_column("page_session", "owner")
