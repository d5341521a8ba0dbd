"""Seal the salts of what the log commits to: with one in clear, a single sum or a short word could be guessed."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from storage.migrations.clear_columns import change_rows
from storage.sealing import Keyring

revision = "0064"
down_revision = "0063"
branch_labels = None
depends_on = None

_SALT = sa.column("salt_sealed", sa.LargeBinary())
_OF_CONTENTS = sa.table("content_salt", sa.column("content_id", sa.String()), sa.column("kind", sa.String()), _SALT)
_OF_WORDS = sa.table(
    "log_content",
    sa.column("negotiation_id", sa.String()),
    sa.column("sequence", sa.Integer()),
    sa.column("salt_sealed", sa.LargeBinary()),
)
_CONTENTS_KEY, _WORDS_KEY = ("content_id", "kind"), ("negotiation_id", "sequence")


def _row_of_contents(row: sa.Row[Any]) -> str:
    return f"{row.kind}/{row.content_id}"


def _row_of_words(row: sa.Row[Any]) -> str:
    return f"{row.negotiation_id}/{row.sequence}"


def _seal_contents(row: sa.Row[Any], keyring: Keyring) -> dict[str, Any]:
    place = _row_of_contents(row)
    return {"salt_sealed": keyring.seal(row.salt_sealed, table="content_salt", column="salt", row=place)}


def _open_contents(row: sa.Row[Any], keyring: Keyring) -> dict[str, Any]:
    place = _row_of_contents(row)
    return {"salt_sealed": keyring.open(row.salt_sealed, table="content_salt", column="salt", row=place)}


def _seal_words(row: sa.Row[Any], keyring: Keyring) -> dict[str, Any]:
    return {"salt_sealed": keyring.seal(row.salt_sealed, table="log_content", column="salt", row=_row_of_words(row))}


def _open_words(row: sa.Row[Any], keyring: Keyring) -> dict[str, Any]:
    return {"salt_sealed": keyring.open(row.salt_sealed, table="log_content", column="salt", row=_row_of_words(row))}


def upgrade() -> None:
    # A renamed column keeps the triggers and policies of its table, and SQLite makes no table anew.
    for table in ("content_salt", "log_content"):
        op.execute(f"ALTER TABLE {table} RENAME COLUMN salt TO salt_sealed")
    change_rows(_OF_CONTENTS, _CONTENTS_KEY, _seal_contents)
    change_rows(_OF_WORDS, _WORDS_KEY, _seal_words)


def downgrade() -> None:
    change_rows(_OF_CONTENTS, _CONTENTS_KEY, _open_contents)
    change_rows(_OF_WORDS, _WORDS_KEY, _open_words)
    for table in ("content_salt", "log_content"):
        op.execute(f"ALTER TABLE {table} RENAME COLUMN salt_sealed TO salt")
