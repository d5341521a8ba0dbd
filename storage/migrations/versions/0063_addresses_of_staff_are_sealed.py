"""Seal the addresses that people at banks and operators sign in with, beside a keyed hash that they are found by."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from storage.migrations.clear_columns import change_rows
from storage.sealing import Keyring

revision = "0063"
down_revision = "0062"
branch_labels = None
depends_on = None

_STAFF = sa.table(
    "staff",
    sa.column("id", sa.String()),
    sa.column("email_index", sa.String()),
    sa.column("email_sealed", sa.LargeBinary()),
)


def _seal(row: sa.Row[Any], keyring: Keyring) -> dict[str, Any]:
    # An account whose address went on to another one bears its id in the place of it.
    if row.email_index == row.id:
        return {"email_sealed": None, "email_index": row.id}
    return {
        "email_sealed": keyring.seal(row.email_index, table="staff", column="email", row=row.id),
        "email_index": keyring.index(row.email_index, purpose="staff_email").hex(),
    }


def _open(row: sa.Row[Any], keyring: Keyring) -> dict[str, Any]:
    if row.email_sealed is None:
        return {"email_index": row.id}
    return {"email_index": keyring.open_text(row.email_sealed, table="staff", column="email", row=row.id)}


def upgrade() -> None:
    # The column that was unique stays so: SQLite makes no table anew that others name.
    op.execute("ALTER TABLE staff RENAME COLUMN email TO email_index")
    op.add_column("staff", sa.Column("email_sealed", sa.LargeBinary(), nullable=True))
    change_rows(_STAFF, ["id"], _seal)


def downgrade() -> None:
    change_rows(_STAFF, ["id"], _open)
    op.drop_column("staff", "email_sealed")
    op.execute("ALTER TABLE staff RENAME COLUMN email_index TO email")
