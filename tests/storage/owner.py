"""The database as its owner has it: for what the hub itself may not do to its tables."""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from storage.database import create_engine


@contextmanager
def as_owner(url: str) -> Iterator[sa.Connection]:
    """A connection of the owner in a transaction that is committed at the end."""
    engine = create_engine(url)
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()
