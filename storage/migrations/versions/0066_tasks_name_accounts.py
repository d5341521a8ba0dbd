"""Name who read very much by the account: the address stood in the task beside its sealed one."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0066"
down_revision = "0065"
branch_labels = None
depends_on = None

_TASK = sa.table(
    "operator_task",
    sa.column("id", sa.String()),
    sa.column("key", sa.String()),
    sa.column("kind", sa.String()),
    sa.column("params", sa.JSON()),
)
_KINDS = ("many_files_read", "many_cases_read")
_OF_A_BANK = "staff/"


def upgrade() -> None:
    _rename(old="who", new="account")


def downgrade() -> None:
    # An account's id still says who it was.
    _rename(old="account", new="who")


def _rename(*, old: str, new: str) -> None:
    connection = op.get_bind()
    for row in connection.execute(sa.select(_TASK).where(_TASK.c.kind.in_(_KINDS))).all():
        params: dict[str, Any] = {name: value for name, value in row.params.items() if name != old}
        params[new] = _account_of(row.key)
        connection.execute(sa.update(_TASK).where(_TASK.c.id == row.id).values(params=params))


def _account_of(key: str) -> str:
    """The id of the account; the key is the kind, the actor and the day."""
    return key.partition(_OF_A_BANK)[2].partition(":")[0]
