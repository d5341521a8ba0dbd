"""What people chose for themselves: how pages look, and by what they are told things."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from storage.records.base import Id, Record


class PreferencesRecord(Record):
    """What one person chose, sealed. Gone once it was of no use to anybody for long."""

    __tablename__ = "preferences"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    # The keyed hash of the person's document, or of the mobile of one who is known by that alone.
    owner_index: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    # The host app that sent the person over; the hub's own form for one who came by a text message.
    client_id: Mapped[str] = mapped_column(Id)
    body_sealed: Mapped[bytes]
    changed_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)

    __table_args__ = (sa.UniqueConstraint("owner_index", "client_id"),)
