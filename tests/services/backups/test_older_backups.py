"""A backup of an earlier version is restored into the tables of its time, and then brought up to date."""

import json
from base64 import b64encode
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from hub.domain.actor import HUB
from hub.domain.backup import Manifest
from hub.domain.errors import Unusable
from hub.services.backups import checking, restoring
from storage import schema
from storage.backup_folder import OBJECTS, BackupFolder
from storage.database import create_engine
from tests.services.backups.conftest import Filled, MakeHub, breaches_of, put_back

BEFORE = "0056"
"""Clean copies had no note of what they left out, and sums, salts and kinds stood in clear."""
KINDS = {
    sa.LargeBinary: "bytes",
    sa.JSON: "json",
    sa.Boolean: "boolean",
    sa.Integer: "integer",
    sa.DateTime: "instant",
    sa.Date: "day",
    sa.String: "text",
}
TO_JSON: dict[str, Callable[[Any], Any]] = {
    "bytes": lambda value: b64encode(value).decode(),
    "boolean": bool,
    "instant": lambda value: datetime.fromisoformat(value).replace(tzinfo=UTC).isoformat(),
}


def brought_back(filled: Filled, folder: BackupFolder, manifest: Manifest, home: Path) -> sa.Engine:
    """The database of the backup as it was in that version."""
    home.mkdir(mode=0o700)
    aside = filled.hub.aside(home, evidence=folder.path / OBJECTS)
    try:
        with aside.filling() as tx:
            restoring.fill_rows(tx, folder, manifest)
    finally:
        aside.close()
    engine = create_engine(aside.settings.database_url)
    schema.downgrade(engine, BEFORE, keyring=lambda: filled.hub.keyring)
    return engine


def columns_of(table: sa.Table) -> dict[str, str]:
    """The kinds of its columns, in the order of a line."""
    return {
        column.name: next(kind for type_, kind in KINDS.items() if isinstance(column.type, type_))
        for column in table.columns
    }


def lines_of(connection: sa.Connection, name: str, columns: dict[str, str]) -> Iterator[bytes]:
    """Its rows as a backup holds them, read as SQLite keeps them."""
    writers = [TO_JSON.get(kind, lambda value: value) for kind in columns.values()]
    names = ", ".join(f'"{column}"' for column in columns)
    for row in connection.exec_driver_sql(f'SELECT {names} FROM "{name}"'):
        values = [None if value is None else write(value) for write, value in zip(writers, row, strict=True)]
        yield json.dumps(values).encode() + b"\n"


def made_older(filled: Filled, folder: BackupFolder, manifest: Manifest, engine: sa.Engine) -> Manifest:
    """The backup as a version of that time would have made it."""
    files, columns = dict(manifest.files), {}
    there = sa.MetaData()
    there.reflect(engine)
    with engine.connect() as connection:
        for table in manifest.columns:
            name = f"{manifest.rows}/{table}.gz"
            if table in there.tables:
                columns[table] = columns_of(there.tables[table])
                files[name], _ = folder.write_lines(name, lines_of(connection, table, columns[table]))
            else:
                del files[name]
                (folder.path / name).unlink()
    engine.dispose()
    older = replace(manifest, revision=BEFORE, columns=columns, files=files)
    folder.put_manifest(checking.sign(older, filled.hub.keyring))
    return older


@pytest.mark.parametrize(
    ("kind", "template"), [("sqlite", "template1"), ("postgresql", "template1"), ("postgresql", "migrated")]
)
def test_it_is_brought_up_to_date_with_its_rows(
    kind: str, template: str, filled: Filled, tmp_path: Path, empty_hub: MakeHub
) -> None:
    folder = BackupFolder(tmp_path / "b")
    manifest = filled.back_up(folder.path)
    older = made_older(filled, folder, manifest, brought_back(filled, folder, manifest, tmp_path / "older"))
    assert list(checking.faults_of(folder, older)) == []
    target = empty_hub(kind, template=template)
    put_back(folder.path, target)
    assert target.is_up_to_date
    assert breaches_of(target) == []
    with target.reading(HUB) as tx:
        noted = tx.session.scalars(sa.text("SELECT removed FROM clean_copy")).all()
    assert set(noted) == {""}


def test_one_of_a_newer_version_is_refused(filled: Filled, tmp_path: Path, empty_hub: MakeHub) -> None:
    folder = BackupFolder(tmp_path / "b")
    newer = replace(filled.back_up(folder.path), revision="9999")
    folder.put_manifest(checking.sign(newer, filled.hub.keyring))
    with pytest.raises(Unusable, match=r"of a newer version of the hub \(9\.9\.9, database 9999\)"):
        put_back(folder.path, empty_hub("sqlite"))
