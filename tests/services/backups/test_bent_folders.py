"""A backup's folder that somebody bent is refused in a sentence, whatever lies in it, and nothing is waited for."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from hub.domain.errors import Unusable
from hub.services.backups import checking
from storage.backup_folder import MANIFEST, OBJECTS, BackupFolder
from tests.services.backups.conftest import Filled


def test_a_manifest_that_is_nested_without_end_is_no_manifest(tmp_path: Path) -> None:
    (tmp_path / MANIFEST).write_text("[" * 100_000)
    with pytest.raises(Unusable, match="is no JSON"):
        BackupFolder(tmp_path).read_manifest()


@pytest.mark.parametrize("keys", [None, 1, [1], [["6e01bca3"]], {}])
def test_a_manifest_whose_keys_are_none_is_refused(filled: Filled, tmp_path: Path, keys: Any) -> None:
    filled.back_up(tmp_path / "backup")
    data = json.loads((tmp_path / "backup" / MANIFEST).read_bytes())
    data["manifest"]["keys"] = keys
    (tmp_path / "backup" / MANIFEST).write_text(json.dumps(data))
    with pytest.raises(Unusable, match="of another form"):
        checking.open_backup(BackupFolder(tmp_path / "backup"), filled.hub.keyring)


def test_what_is_no_file_among_the_stored_files_is_missing_and_never_opened(filled: Filled, tmp_path: Path) -> None:
    manifest = filled.back_up(tmp_path / "backup")
    first, second = sorted((tmp_path / "backup" / OBJECTS).glob("*/*"))[:2]
    for path in (first, second):
        path.unlink()
    first.mkdir()
    # Whoever opens it to read waits for a writer.
    os.mkfifo(second)
    faults = checking.faults_of(BackupFolder(tmp_path / "backup"), manifest)
    assert {(each.kind, Path(each.subject).name) for each in faults} == {
        ("file_missing", first.name),
        ("file_missing", second.name),
    }
