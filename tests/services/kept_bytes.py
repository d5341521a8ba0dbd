"""Every byte that a hub keeps, and whether something stands there in the clear, in whatever spelling."""

import re
import shutil
import sqlite3
import subprocess

import psycopg
import sqlalchemy as sa

from hub.settings import Settings
from hub.wiring import Hub


def _spellings(marker: str) -> list[bytes]:
    """The marker as it could stand in a file: plain, in JSON, in UTF-16, in the hex of a database's dump."""
    in_json = marker.encode("unicode_escape").replace(b"\\x", b"\\u00")
    plain = marker.encode()
    return [plain, in_json, marker.encode("utf-16-le"), plain.hex().encode(), plain.hex().upper().encode()]


def stands_in(content: bytes, marker: str) -> bool:
    """Whether the marker stands there in any spelling.

    A chance run of digits within a longer hex word, or the parts of a second, is none.
    """
    hex_digit = rb"[0-9a-fA-F]"
    return any(
        re.search(rb"(?<![0-9a-fA-F.])%b(?!%b)" % (re.escape(spelling), hex_digit), content)
        if marker.isdecimal() and spelling == marker.encode()
        else spelling in content
        for spelling in _spellings(marker)
    )


def everything(hub: Hub, settings: Settings) -> dict[str, bytes]:
    """Every byte that is kept: the files of the hub's folder, and the dump of the database, which spells numbers."""
    kept = {str(path): path.read_bytes() for path in settings.home.rglob("*") if path.is_file()}
    if hub.database.on_sqlite:
        with sqlite3.connect(str(sa.make_url(settings.database_url).database)) as connection:
            kept["dump"] = "\n".join(connection.iterdump()).encode()
    else:
        kept["dump"] = _dump(settings.database_url)
    return kept


def _dump(url: str) -> bytes:
    program = shutil.which("pg_dump")
    if program is not None:
        address = url.replace("+psycopg", "")
        return subprocess.run([program, "--inserts", address], check=True, capture_output=True, timeout=60).stdout
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        tables = connection.execute("SELECT schemaname, relname FROM pg_stat_user_tables").fetchall()
        rows = [connection.execute(f'SELECT * FROM "{a}"."{b}"').fetchall() for a, b in tables]
    return repr(rows).encode()
