"""The floor: the least a Flask application can do with three files and an application, safely on disk.

Multipart as Werkzeug reads it, each file with fsync, one row with a commit. No token, no check, no seal, no log.
"""

import os
import sqlite3
import threading
import uuid
from pathlib import Path
from typing import Any

import psycopg
from flask import Flask, request

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
    """The application, over FLOOR_FOLDER and FLOOR_DATABASE."""
    folder, database = Path(os.environ["FLOOR_FOLDER"]), os.environ["FLOOR_DATABASE"]
    mark = "%s" if database.startswith("postgresql") else "?"
    insert = f"INSERT INTO submission (id, files, body) VALUES ({mark}, {mark}, {mark})"
    own = threading.local()
    app = Flask("floor")

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
        if not hasattr(own, "connection"):
            own.connection = _connect(database)
        number = uuid.uuid4().hex
        own.connection.execute(insert, (number, ",".join(names), request.form["application"]))
        return {"id": number}, 201

    return app
