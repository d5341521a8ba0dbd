"""Seal the kinds of files: that somebody gave a diagnosis or a proof of disability says what the file says.

Entries of the log that stand already go on naming them: the log's digests cover them, and nobody may change it.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from storage.migrations.clear_columns import change_rows, open_plain, seal_plain
from storage.sealing import Keyring

revision = "0065"
down_revision = "0064"
branch_labels = None
depends_on = None

_KIND, _SEALED = sa.column("kind", sa.String()), sa.column("kind_sealed", sa.LargeBinary())
_EVIDENCE = sa.table("evidence", sa.column("id", sa.String()), _KIND, _SEALED)
_GIVEN = sa.table(
    "given_evidence",
    sa.column("negotiation_id", sa.String()),
    sa.column("evidence_id", sa.String()),
    sa.column("version", sa.Integer()),
    sa.column("kind", sa.String()),
    sa.column("kind_sealed", sa.LargeBinary()),
)
_REQUEST = sa.table(
    "evidence_request",
    sa.column("id", sa.String()),
    sa.column("kinds", sa.JSON()),
    sa.column("kinds_sealed", sa.LargeBinary()),
)
_GIVEN_KEY = ("negotiation_id", "evidence_id", "version")


def _seal_file(row: sa.Row[Any], keyring: Keyring) -> dict[str, Any]:
    # PostgreSQL keeps what a dropped column held until its row is written again.
    return {"kind_sealed": keyring.seal(row.kind, table="evidence", column="kind", row=row.id), "kind": ""}


def _open_file(row: sa.Row[Any], keyring: Keyring) -> dict[str, Any]:
    return {"kind": keyring.open_text(row.kind_sealed, table="evidence", column="kind", row=row.id)}


def _given_row(row: sa.Row[Any]) -> str:
    return f"{row.negotiation_id}/{row.evidence_id}/{row.version}"


def _seal_given(row: sa.Row[Any], keyring: Keyring) -> dict[str, Any]:
    sealed = keyring.seal(row.kind, table="given_evidence", column="kind", row=_given_row(row))
    return {"kind_sealed": sealed, "kind": ""}


def _open_given(row: sa.Row[Any], keyring: Keyring) -> dict[str, Any]:
    return {"kind": keyring.open_text(row.kind_sealed, table="given_evidence", column="kind", row=_given_row(row))}


def _seal_request(row: sa.Row[Any], keyring: Keyring) -> dict[str, Any]:
    sealed = seal_plain(keyring, row.kinds, table="evidence_request", column="kinds", row=row.id)
    return {"kinds_sealed": sealed, "kinds": []}


def _open_request(row: sa.Row[Any], keyring: Keyring) -> dict[str, Any]:
    return {"kinds": open_plain(keyring, row.kinds_sealed, table="evidence_request", column="kinds", row=row.id)}


def upgrade() -> None:
    for table, name in (("evidence", "kind"), ("given_evidence", "kind"), ("evidence_request", "kinds")):
        op.add_column(table, sa.Column(f"{name}_sealed", sa.LargeBinary(), nullable=True))
    change_rows(_EVIDENCE, ["id"], _seal_file)
    change_rows(_GIVEN, _GIVEN_KEY, _seal_given)
    change_rows(_REQUEST, ["id"], _seal_request)
    # SQLite makes no table anew that others name: `evidence` keeps a column that may be empty.
    for table, name in (("given_evidence", "kind"), ("evidence_request", "kinds")):
        with op.batch_alter_table(table) as batch:
            batch.alter_column(f"{name}_sealed", existing_type=sa.LargeBinary(), nullable=False)
        op.drop_column(table, name)
    op.drop_column("evidence", "kind")


def downgrade() -> None:
    # Each has a value in rows that are there until theirs is written.
    for table in ("evidence", "given_evidence"):
        op.add_column(table, sa.Column("kind", sa.String(length=40), server_default="", nullable=False))
    op.add_column("evidence_request", sa.Column("kinds", sa.JSON(), server_default="[]", nullable=False))
    change_rows(_EVIDENCE, ["id"], _open_file)
    change_rows(_GIVEN, _GIVEN_KEY, _open_given)
    change_rows(_REQUEST, ["id"], _open_request)
    for table, name in (("evidence", "kind"), ("given_evidence", "kind"), ("evidence_request", "kinds")):
        op.drop_column(table, f"{name}_sealed")
