"""A consent that was taken back and given anew can be taken back once more."""

import sqlalchemy as sa
from alembic import op

from storage.append_only import drop_statements, statements

revision = "0088"
down_revision = "0087"
branch_labels = None
depends_on = None
expands = True

_TABLE = "consent_withdrawal"
_KEY = "pk_consent_withdrawal"
_ONCE = ["negotiation_id", "purpose"]


def upgrade() -> None:
    _key_by([*_ONCE, "at"])


def downgrade() -> None:
    # Only the last withdrawal of each purpose has room.
    last = "SELECT max(b.at) FROM consent_withdrawal b WHERE b.negotiation_id = a.negotiation_id AND b.purpose = a.purpose"
    _key_by(_ONCE, f"DELETE FROM consent_withdrawal AS a WHERE a.at < ({last})")


def _key_by(columns: list[str], *before: str) -> None:
    dialect = op.get_bind().dialect.name
    for statement in (*drop_statements(dialect, [_TABLE]), *before):
        op.execute(sa.text(statement))
    with op.batch_alter_table(_TABLE) as batch:
        batch.drop_constraint(_KEY, type_="primary")
        batch.create_primary_key(_KEY, columns)
    for statement in statements(dialect, [_TABLE]):
        op.execute(sa.text(statement))
