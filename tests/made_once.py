"""What a test process makes once for all its hubs: statements, templates and routes are compiled for the first alone.

Every test has engines and an application of its own, and the libraries keep what they compiled by engine and by
application: two thirds of a page's test went into compiling the same things anew.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from sqlite3 import Connection, DatabaseError
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from werkzeug.routing import Rule


@contextmanager
def made_once() -> Iterator[None]:
    """Engines and applications made meanwhile share what they compile, and no write waits for the disk."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sa, "create_engine", _sharing_statements(sa.create_engine))
        patch.setattr(Flask, "jinja_options", {"bytecode_cache": _Templates()})
        patch.setattr(Rule, "_compile_builder", _sharing_builders(Rule._compile_builder))
        # What a crash of the machine could lose is not worth waiting for in a test.
        patch.setattr(os, "fsync", lambda _descriptor: None)
        yield


def _sharing_statements(make: Callable[..., sa.Engine]) -> Callable[..., sa.Engine]:
    """SQLAlchemy keeps statements by engine, and its mappers keep theirs by dialect: both become those of the first."""
    known: dict[str, sa.Engine] = {}

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

    return create_engine


def _write_without_waiting(connection: sa.Connection) -> None:
    driver: Any = connection.connection.driver_connection
    # A file that is no database says so to whoever asks next.
    with suppress(DatabaseError):
        if isinstance(driver, Connection):
            driver.execute("PRAGMA synchronous=OFF")


class _Templates(BytecodeCache):
    """Templates by name and source."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        kept = self._kept.get((bucket.key, bucket.checksum))
        if kept is not None:
            bucket.bytecode_from_string(kept)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key, bucket.checksum] = bucket.bytecode_to_string()


def _sharing_builders(compile_builder: Callable[[Rule, bool], Any]) -> Callable[[Rule, bool], Any]:
    """A rule is built by a function that knows no more of it than what it is kept by here."""
    kept: dict[object, Any] = {}

    def shared(rule: Rule, append_unknown: bool = True) -> Any:
        defaults = tuple(sorted((rule.defaults or {}).items()))
        key = (rule.rule, tuple(rule._trace), defaults, append_unknown)
        if key not in kept:
            kept[key] = compile_builder(rule, append_unknown)
        return kept[key]

    return shared
