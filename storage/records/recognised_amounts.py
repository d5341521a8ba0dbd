"""What a machine recognised in a file, where the hub was told to have files read."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from storage.records.base import Id, Record


class RecognisedAmountsRecord(Record):
    """The amounts of a file, of which it waits to be read as long as `read_at` is None; its id is the file's."""

    __tablename__ = "recognised_amounts"

    id: Mapped[str] = mapped_column(Id, sa.ForeignKey("evidence.id"), primary_key=True)
    asked_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    # As plain data; none where nothing was read, or no bank may have it any more.
    amounts_sealed: Mapped[bytes | None]

    __table_args__ = (
        sa.Index(
            "ix_recognised_amounts_waiting",
            "asked_at",
            sqlite_where=sa.text("read_at IS NULL"),
            postgresql_where=sa.text("read_at IS NULL"),
        ),
    )
