"""A drill says what differs where database and evidence are of different moments, or a head is newer than the log."""

from pathlib import Path
from shutil import copyfile, copytree

import pytest
import sqlalchemy as sa

from hub import steps
from hub.domain.actor import HUB
from hub.domain.backup import BackupFault, FaultKind
from hub.services.backups import checking
from storage import erasing
from storage.backup_folder import BackupFolder
from storage.records import EvidenceRecord
from tests.services.backups.conftest import Filled, drilled


def kinds(found: list[BackupFault]) -> list[FaultKind]:
    return [each.kind for each in found]


@pytest.fixture
def an_hour_apart(filled: Filled, tmp_path: Path) -> tuple[Path, Path, str]:
    """Two backups, the later of which has a file more, and that file's id."""
    filled.back_up(tmp_path / "old")
    upload = filled.case.upload().id
    filled.back_up(tmp_path / "new")
    return tmp_path / "old", tmp_path / "new", upload


def test_one_moment_has_no_difference(filled: Filled, tmp_path: Path, an_hour_apart: tuple[Path, Path, str]) -> None:
    for number, path in enumerate(an_hour_apart[:2]):
        assert drilled(filled.hub, path, tmp_path / f"home{number}", kept=[filled.sign()] if number else []) == []


def test_evidence_of_an_hour_before_lacks_what_rows_name(
    filled: Filled, tmp_path: Path, an_hour_apart: tuple[Path, Path, str]
) -> None:
    old, new, upload = an_hour_apart
    found = drilled(filled.hub, new, tmp_path / "home", evidence=old, kept=[])
    assert [(each.kind, each.subject) for each in found] == [(FaultKind.ROW_WITHOUT_OBJECT, f"evidence {upload}")]


def test_rows_of_an_hour_before_leave_objects_over(
    filled: Filled, tmp_path: Path, an_hour_apart: tuple[Path, Path, str]
) -> None:
    old, new, upload = an_hour_apart
    found = drilled(filled.hub, old, tmp_path / "home", evidence=new, kept=[])
    assert [(each.kind, each.detail) for each in found] == [(FaultKind.OBJECT_WITHOUT_ROW, f"was of evidence {upload}")]


def test_a_head_that_is_newer_than_the_log_is_told(filled: Filled, tmp_path: Path) -> None:
    old = filled.sign()
    filled.back_up(tmp_path / "b")
    filled.case.write("您好")
    newer = filled.sign()
    assert newer.number == old.number + 1
    assert drilled(filled.hub, tmp_path / "b", tmp_path / "home0", kept=[old]) == []
    found = drilled(filled.hub, tmp_path / "b", tmp_path / "home1", kept=[old, newer])
    assert [(each.kind, each.subject) for each in found] == [
        (FaultKind.HEAD_NEWER, f"head {newer.number} of {newer.at}")
    ]


def test_objects_that_were_swapped_below_the_manifest_are_told(
    filled: Filled, tmp_path: Path, an_hour_apart: tuple[Path, Path, str]
) -> None:
    _, new, _ = an_hour_apart
    copytree(new, tmp_path / "bent")
    first, second, *_ = sorted((tmp_path / "bent" / "objects").glob("*/*"))
    copyfile(first, second)
    found = drilled(filled.hub, tmp_path / "bent", tmp_path / "home", kept=[])
    assert kinds(found)[0] == FaultKind.FILE_CHANGED
    # What the bytes are of cannot be read either.
    assert set(kinds(found)) == {FaultKind.FILE_CHANGED, FaultKind.INVARIANT}


def test_what_was_broken_in_the_hub_before_is_told_as_that(filled: Filled, tmp_path: Path) -> None:
    with filled.hub.database.engine.begin() as connection:
        connection.execute(sa.update(EvidenceRecord).values(sha256="0" * 64))
    made = filled.back_up(tmp_path / "b")
    assert len(made.damaged) == 1
    found = drilled(filled.hub, tmp_path / "b", tmp_path / "home", kept=[])
    assert FaultKind.DAMAGED_BEFORE in kinds(found)
    with filled.hub.reading(HUB) as tx:
        manifest = checking.open_backup(BackupFolder(tmp_path / "b"), tx.keyring)
    assert made == manifest


def test_what_was_erased_while_the_backup_was_made_is_no_difference(
    filled: Filled, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = filled.case.upload().id

    def erase(name: str) -> None:
        if name == "backup.rows":
            with filled.hub.writing(HUB) as tx:
                [stored] = erasing.remove_file(tx, upload)
            filled.hub.store.delete(stored)

    with monkeypatch.context() as patch:
        patch.setattr(steps, "on_step", erase)
        assert len(filled.back_up(tmp_path / "b").gone) == 1
    assert drilled(filled.hub, tmp_path / "b", tmp_path / "home", kept=[]) == []
