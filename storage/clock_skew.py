"""How far the clocks of this machine and of the database's are apart: hosts that share a database share its clock."""

import time
from collections.abc import Callable

import sqlalchemy as sa
from sqlalchemy.orm import Session

_SAYS = sa.select(sa.func.extract("epoch", sa.func.clock_timestamp()))


def database_ahead_s(session: Session, machine: Callable[[], float] = time.time) -> float:
    """By so many seconds the database's clock is ahead of this machine's, to the time that the question took.

    A SQLite file has no clock but the machine's.
    """
    if session.get_bind().dialect.name == "sqlite":
        return 0.0
    before = machine()
    said = float(session.execute(_SAYS).scalar_one())
    return said - (before + machine()) / 2
