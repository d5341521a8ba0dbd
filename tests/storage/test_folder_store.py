"""What only a folder can get wrong; the rest is in test_evidence_store."""

import errno
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from hub.domain.errors import StoreFull, Unusable
from storage.evidence_store import FolderStore
from storage.store_opening import open_store
from tests.storage.bodies import MIB, names_of, put


def test_a_folder_and_its_files_are_the_hubs_alone(tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "a" / "evidence")
    name = put(store, b"one")
    file = tmp_path / "a" / "evidence" / name[-2:] / name
    modes = [path.stat().st_mode & 0o777 for path in (file, file.parent, file.parent.parent)]
    assert modes == [0o400, 0o700, 0o700]


def test_a_folder_that_others_may_enter_fails_its_check(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    with pytest.raises(Unusable, match="chmod 700"):
        FolderStore(tmp_path).check()


def test_a_folder_that_cannot_be_made_fails_its_check(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(Unusable, match="HUB_EVIDENCE_URL"):
        FolderStore(tmp_path / "file" / "evidence").check()


@pytest.mark.parametrize("link", [True, False], ids=["link", "file"])
def test_a_disk_that_is_not_there_and_a_file_in_the_way_take_no_file(tmp_path: Path, *, link: bool) -> None:
    folder = tmp_path / "evidence"
    if link:
        folder.symlink_to(tmp_path / "not-mounted" / "evidence")
    else:
        folder.touch()
    store = FolderStore(folder)
    with pytest.raises(StoreFull):
        put(store, b"one")
    with pytest.raises(Unusable, match="HUB_EVIDENCE_URL"):
        store.check()
    assert list(tmp_path.iterdir()) == [folder]


def test_strange_files_in_the_folder_are_not_listed(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    name = put(store, b"one")
    (tmp_path / name[-2:] / "notes.txt").touch()
    assert names_of(store) == {name}


def test_only_files_older_than_asked_are_listed(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    old, young = put(store, b"one"), put(store, b"two")
    noon = datetime(2026, 11, 21, 12, tzinfo=UTC)
    for name, written_at in ((old, noon - timedelta(seconds=1)), (young, noon)):
        os.utime(tmp_path / name[-2:] / name, (written_at.timestamp(), written_at.timestamp()))
    assert list(store.list_names(noon)) == [old]


@pytest.mark.parametrize("call", ["write", "fsync", "open"])
@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO, errno.EDQUOT, errno.EROFS])
def test_a_failing_disk_keeps_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str, code: int) -> None:
    def fail(*_: Any, **__: Any) -> int:
        raise OSError(code, os.strerror(code))

    with monkeypatch.context() as patch:
        patch.setattr(os, call, fail)
        with pytest.raises(StoreFull):
            put(FolderStore(tmp_path), bytes(2 * MIB))
    assert names_of(FolderStore(tmp_path)) == set()


def test_a_full_disk_keeps_nothing_and_recovers_by_itself(tmp_path: Path) -> None:
    code = """
import resource, signal, sys
from pathlib import Path
from hub.domain.errors import StoreFull
from storage.evidence_store import FolderStore
store = FolderStore(Path(sys.argv[1]))
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (3 << 20, -1))
try:
    store.write("a" * 32, bytes(32), bytes, length=8 << 20, limit=8 << 20)
except StoreFull:
    store.write("b" * 32, bytes(32), bytes, length=2 << 20, limit=8 << 20)
"""
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=True)
    assert names_of(FolderStore(tmp_path)) == {"b" * 32}


def test_the_folder_store_does_not_load_boto3(tmp_path: Path) -> None:
    code = "import sys, storage.store_opening as s; s.open_store(sys.argv[1], s3_endpoint_url=None); "
    code += "sys.exit('boto3' in sys.modules or 'botocore' in sys.modules)"
    subprocess.run([sys.executable, "-c", code, tmp_path.as_uri()], check=True)


@pytest.mark.parametrize("url", ["", "evidence", "file://", "file://host/x", "s3://", "http://x/y", "file:///"])
def test_another_address_is_refused_with_what_to_write_instead(url: str) -> None:
    with pytest.raises(Unusable, match="HUB_EVIDENCE_URL"):
        open_store(url, s3_endpoint_url=None)


def test_a_folder_with_blanks_and_chinese_in_its_name_is_found(tmp_path: Path) -> None:
    root = tmp_path / "证据 folder"
    put(open_store(root.as_uri(), s3_endpoint_url=None), b"one")
    assert root.is_dir()
