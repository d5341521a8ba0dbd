"""What people chose for themselves: how pages look, and by what they are told things."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from storage.records.base import Id, OfOnePerson, Record


class PreferencesRecord(OfOnePerson, Record):
    """What one person chose, sealed. Gone once it was of no use to anybody for long."""

    __tablename__ = "preferences"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    body_sealed: Mapped[bytes]

    __table_args__ = (sa.UniqueConstraint("owner_index", "client_id"),)
