"""Seal what the bank said of payments, and keep no schedule or sum of offers and agreements beside what is sealed.

What an offer and an agreement say lies sealed in their rows already; of an offer of before that was kept, its schedule
is sealed by itself, since its digest covers it.
"""

from datetime import date
from typing import Any

import sqlalchemy as sa
from alembic import op

from storage.migrations.clear_columns import change_rows, open_plain, seal_plain
from storage.sealing import Keyring

revision = "0060"
down_revision = "0059"
branch_labels = None
depends_on = None

_PAYMENT = sa.table(
    "payment",
    sa.column("id", sa.String()),
    sa.column("status", sa.String()),
    sa.column("paid_on", sa.Date()),
    sa.column("amount_fen", sa.BigInteger()),
    sa.column("said_sealed", sa.LargeBinary()),
)
_OFFER = sa.table(
    "offer",
    sa.column("id", sa.String()),
    sa.column("said_sealed", sa.LargeBinary()),
    sa.column("schedule", sa.JSON()),
    sa.column("total_fen", sa.BigInteger()),
    sa.column("annual_cost", sa.JSON(none_as_null=True)),
    sa.column("schedule_sealed", sa.LargeBinary()),
)
_AGREEMENT = sa.table(
    "agreement",
    sa.column("id", sa.String()),
    sa.column("contents_sealed", sa.LargeBinary()),
    sa.column("schedule", sa.JSON()),
    sa.column("next_due_fen", sa.BigInteger()),
    sa.column("paid_fen", sa.BigInteger()),
    sa.column("followed_at", sa.DateTime(timezone=True)),
)


def _seal_payment(row: sa.Row[Any], keyring: Keyring) -> dict[str, Any]:
    said = {
        "status": row.status,
        "paid_on": None if row.paid_on is None else row.paid_on.isoformat(),
        "amount_fen": row.amount_fen,
    }
    sealed = seal_plain(keyring, said, table="payment", column="said", row=row.id)
    # PostgreSQL keeps what a dropped column held until its row is written again.
    return {"said_sealed": sealed, "status": "", "paid_on": None, "amount_fen": 0}


def _open_payment(row: sa.Row[Any], keyring: Keyring) -> dict[str, Any]:
    said = open_plain(keyring, row.said_sealed, table="payment", column="said", row=row.id)
    paid_on = None if said["paid_on"] is None else date.fromisoformat(said["paid_on"])
    return {"status": said["status"], "paid_on": paid_on, "amount_fen": said["amount_fen"]}


def _seal_offer(row: sa.Row[Any], keyring: Keyring) -> dict[str, Any]:
    is_beside = row.said_sealed is None
    sealed = seal_plain(keyring, row.schedule, table="offer", column="schedule", row=row.id) if is_beside else None
    return {"schedule_sealed": sealed, "schedule": [], "total_fen": 0, "annual_cost": None}


def _open_offer(row: sa.Row[Any], keyring: Keyring) -> dict[str, Any]:
    if row.said_sealed is None:
        schedule = open_plain(keyring, row.schedule_sealed, table="offer", column="schedule", row=row.id)
        return {"schedule": schedule, "total_fen": sum(each["total_fen"] for each in schedule), "annual_cost": None}
    said = open_plain(keyring, row.said_sealed, table="offer", column="said", row=row.id)
    return {name: said[name] for name in ("schedule", "total_fen", "annual_cost")}


def _clear_agreement(_row: sa.Row[Any], _keyring: Keyring) -> dict[str, Any]:
    return {"schedule": [], "next_due_fen": None, "paid_fen": 0}


def _open_agreement(row: sa.Row[Any], keyring: Keyring) -> dict[str, Any]:
    contents = open_plain(keyring, row.contents_sealed, table="agreement", column="contents", row=row.id)
    # The worker works the other figures out again.
    return {"schedule": contents["schedule"]["rows"], "followed_at": None}


def upgrade() -> None:
    op.add_column("payment", sa.Column("said_sealed", sa.LargeBinary(), nullable=True))
    op.add_column("offer", sa.Column("schedule_sealed", sa.LargeBinary(), nullable=True))
    change_rows(_PAYMENT, ["id"], _seal_payment)
    change_rows(_OFFER, ["id"], _seal_offer)
    change_rows(_AGREEMENT, ["id"], _clear_agreement)
    with op.batch_alter_table("payment") as batch:
        batch.alter_column("said_sealed", existing_type=sa.LargeBinary(), nullable=False)
    for table, names in (
        ("payment", ("status", "paid_on", "amount_fen")),
        ("offer", ("schedule", "total_fen", "annual_cost")),
        ("agreement", ("schedule", "next_due_fen", "paid_fen")),
    ):
        for name in names:
            op.drop_column(table, name)


def downgrade() -> None:
    # Each has a value in rows that are there until theirs is written.
    for table, column in (
        ("payment", sa.Column("status", sa.String(length=40), server_default="", nullable=False)),
        ("payment", sa.Column("paid_on", sa.Date(), nullable=True)),
        ("payment", sa.Column("amount_fen", sa.BigInteger(), server_default="0", nullable=False)),
        ("offer", sa.Column("schedule", sa.JSON(), server_default="[]", nullable=False)),
        ("offer", sa.Column("total_fen", sa.BigInteger(), server_default="0", nullable=False)),
        ("offer", sa.Column("annual_cost", sa.JSON(), nullable=True)),
        ("agreement", sa.Column("schedule", sa.JSON(), server_default="[]", nullable=False)),
        ("agreement", sa.Column("next_due_fen", sa.BigInteger(), nullable=True)),
        ("agreement", sa.Column("paid_fen", sa.BigInteger(), server_default="0", nullable=False)),
    ):
        op.add_column(table, column)
    change_rows(_PAYMENT, ["id"], _open_payment)
    change_rows(_OFFER, ["id"], _open_offer)
    change_rows(_AGREEMENT, ["id"], _open_agreement)
    op.drop_column("payment", "said_sealed")
    op.drop_column("offer", "schedule_sealed")
