"""Which backups of the hub were made."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from storage.records.base import Record, Word


class BackupNoteRecord(Record):
    """A backup, by what it is of and the moment that it is of, both by the machine's clock. `size` in bytes."""

    __tablename__ = "backup_note"

    kind: Mapped[str] = mapped_column(Word, primary_key=True)
    made_at: Mapped[datetime] = mapped_column(primary_key=True)
    size: Mapped[int | None] = mapped_column(sa.BigInteger)
    checked_at: Mapped[datetime | None]
    drilled_at: Mapped[datetime | None]
