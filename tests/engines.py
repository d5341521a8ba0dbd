"""What makes databases cheap in a test process: a statement is compiled once for all, and no write waits for the disk.

Every test has a database, and so engines, of its own. SQLAlchemy keeps compiled statements by engine, and its mappers
keep theirs by dialect: compiling them anew was a third of what a test of the services cost.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from sqlite3 import Connection
from typing import Any

import pytest
import sqlalchemy as sa


@contextmanager
def cheap_databases() -> Iterator[None]:
    """Engines made meanwhile share what they compile with those of their kind before, and files are not synced."""
    make, known = sa.create_engine, dict[str, sa.Engine]()

    def create_engine(*arguments: Any, **options: Any) -> sa.Engine:
        engine = make(*arguments, **options)
        name = engine.dialect.name
        if name == "sqlite":
            sa.event.listen(engine, "engine_connect", _write_without_waiting)
        if "isolation_level" in options:
            return engine
        # One that was never connected does not know its server yet.
        if name in known and getattr(known[name].dialect, "server_version_info", None):
            engine.dialect, engine._compiled_cache = known[name].dialect, known[name]._compiled_cache
        else:
            known[name] = engine
        return engine

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sa, "create_engine", create_engine)
        # What a crash of the machine could lose is not worth waiting for in a test.
        patch.setattr(os, "fsync", lambda _descriptor: None)
        yield


def _write_without_waiting(connection: sa.Connection) -> None:
    driver: Any = connection.connection.driver_connection
    if isinstance(driver, Connection):
        driver.execute("PRAGMA synchronous=OFF")
