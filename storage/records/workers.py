"""Which workers there are, as they say themselves."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from storage.records.base import Record


class WorkerBeatRecord(Record):
    """When a worker last said that it is there, by the machine's clock. One that ended in order has no row."""

    __tablename__ = "worker_beat"

    # The name under which the job engine keeps its work: a slot, which the next worker takes over.
    name: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    started_at: Mapped[datetime]
    at: Mapped[datetime]
