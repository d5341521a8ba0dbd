"""The floor: the least a Flask application can do with what the hub is asked for.

Three files and an application, safely on disk: multipart as Werkzeug reads it, each file with fsync, one row with a
commit. A bank's queue: one indexed SELECT of the hub's own rows, as JSON. No token, no check, no seal, no log.
"""

import os
import sqlite3
import threading
import uuid
from pathlib import Path
from typing import Any

import psycopg
from flask import Flask, request

from storage.records.negotiations import QUEUE_SQL

_TABLE = "CREATE TABLE IF NOT EXISTS submission (id TEXT PRIMARY KEY, files TEXT NOT NULL, body TEXT NOT NULL)"


def prepare(database: str) -> None:
    """The floor's one table is there."""
    connection = _connect(database)
    connection.execute(_TABLE)
    connection.close()


def _connect(database: str) -> Any:
    if database.startswith("postgresql"):
        return psycopg.connect(database.replace("+psycopg", ""), autocommit=True)
    connection = sqlite3.connect(database.removeprefix("sqlite:///"), isolation_level=None, timeout=30)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=30000"):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def create() -> Flask:
    """The application, over FLOOR_FOLDER and FLOOR_DATABASE; FLOOR_QUEUE is the hub's database."""
    folder, database, hub = Path(os.environ["FLOOR_FOLDER"]), os.environ["FLOOR_DATABASE"], os.environ["FLOOR_QUEUE"]
    mark = "%s" if database.startswith("postgresql") else "?"
    insert = f"INSERT INTO submission (id, files, body) VALUES ({mark}, {mark}, {mark})"
    select = (
        "SELECT id, reference, status, due_at FROM negotiation "
        f"WHERE bank_code = {mark} AND {QUEUE_SQL} ORDER BY due_at, id LIMIT {mark}"
    )
    own = threading.local()
    app = Flask("floor")

    def connection_to(address: str) -> Any:
        if not hasattr(own, "connection"):
            own.connection = _connect(address)
        return own.connection

    @app.get("/healthz")
    def live() -> dict[str, str]:
        return {"status": "ok"}

    @app.post("/submit")
    def submit() -> tuple[dict[str, str], int]:
        names = []
        for file in request.files.values():
            names.append(uuid.uuid4().hex)
            with (folder / names[-1]).open("wb") as out:
                file.save(out)
                out.flush()
                os.fsync(out.fileno())
        number = uuid.uuid4().hex
        connection_to(database).execute(insert, (number, ",".join(names), request.form["application"]))
        return {"id": number}, 201

    @app.get("/queue/<bank_code>/<int:limit>")
    def queue(bank_code: str, limit: int) -> dict[str, list[dict[str, str]]]:
        rows = connection_to(hub).execute(select, (bank_code, limit))
        names = ("id", "reference", "status", "due_at")
        return {"items": [dict(zip(names, map(str, row), strict=True)) for row in rows]}

    return app
