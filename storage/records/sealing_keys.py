"""The keys that the database was sealed with."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from storage.records.base import Record


class SealingKeyRecord(Record):
    """A key that sealed something, by its id; `check_value` tells its secret from any other and does not give it."""

    __tablename__ = "sealing_key"

    key_id: Mapped[str] = mapped_column(sa.String(8), primary_key=True)
    check_value: Mapped[bytes]
    first_used_at: Mapped[datetime]
