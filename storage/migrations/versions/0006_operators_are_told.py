"""Remember which tasks the operators were mailed of, and where a refused event was wrong.

Tasks that wait already are told once, with the first mail.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("operator_task", sa.Column("told_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("refused_event", sa.Column("faults", sa.String(length=300), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("refused_event") as batch:
        batch.drop_column("faults")
    with op.batch_alter_table("operator_task") as batch:
        batch.drop_column("told_at")
