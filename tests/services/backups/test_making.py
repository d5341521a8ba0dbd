"""A backup is of one moment, complete, its owner's alone, and never half."""

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from hub import steps
from hub.domain.actor import HUB
from hub.domain.backup import FaultKind, Manifest
from hub.domain.errors import KeysUnusable, Unusable
from hub.services.backups import checking
from storage import applications, erasing, table_rows
from storage.backup_folder import MANIFEST, BackupFolder, Digesting
from storage.evidence_store import FolderStore
from storage.records import ApplicationRecord, EvidenceRecord
from tests.services.backups.conftest import Filled, MakeHub, put_back


def names_in(path: Path) -> set[str]:
    return {str(each.relative_to(path)) for each in path.rglob("*") if each.is_file()}


def opened(filled: Filled, path: Path) -> Manifest:
    return checking.open_backup(BackupFolder(path), filled.hub.keyring)


def faults(filled: Filled, path: Path) -> list[tuple[FaultKind, str]]:
    folder = BackupFolder(path)
    return [(each.kind, each.subject) for each in checking.faults_of(folder, opened(filled, path))]


def test_it_holds_every_table_and_file_and_is_whole(filled: Filled, tmp_path: Path) -> None:
    made = filled.back_up(tmp_path / "b")
    assert made.keys == list(filled.hub.keyring.check_values())
    assert made.head is not None
    assert made.head["number"] == 1
    assert made.counts["negotiation"] == 1
    assert made.objects == len(list((tmp_path / "b" / "objects").glob("*/*"))) > 2
    assert (made.gone, made.damaged) == ([], [])
    assert faults(filled, tmp_path / "b") == []


def test_every_kind_of_column_has_a_spelling() -> None:
    kinds = {kind for shape in table_rows.shapes() for kind in shape.columns.values()}
    assert kinds == {"instant", "json", "bytes", "boolean", "day", "integer", "text"}


def test_nobody_else_may_read_it_and_no_key_is_in_it(filled: Filled, tmp_path: Path) -> None:
    filled.back_up(tmp_path / "b")
    everything = [tmp_path / "b", *(tmp_path / "b").rglob("*")]
    assert {oct(each.stat().st_mode & 0o777) for each in everything if each.is_dir()} == {"0o700"}
    assert {oct(each.stat().st_mode & 0o777) for each in everything if each.is_file()} == {"0o600"}
    secret = (filled.hub.settings.secret_keys or "").encode()
    assert not any(secret in each.read_bytes() for each in everything if each.is_file())


def test_a_second_one_into_the_same_folder_copies_what_is_new_alone(filled: Filled, tmp_path: Path) -> None:
    first = filled.back_up(tmp_path / "b")
    before = {each: each.stat().st_ino for each in (tmp_path / "b" / "objects").glob("*/*")}
    filled.case.upload()
    filled.hub.store.delete(next(iter(before)).name)
    second = filled.back_up(tmp_path / "b")
    after = {each: each.stat().st_ino for each in (tmp_path / "b" / "objects").glob("*/*")}
    assert after.items() > before.items()
    assert second.objects == first.objects + len(after) - len(before)
    assert not (tmp_path / "b" / first.rows).exists()
    assert faults(filled, tmp_path / "b") == []


def test_what_was_erased_is_in_no_later_one(filled: Filled, tmp_path: Path) -> None:
    filled.back_up(tmp_path / "b")
    upload = filled.case.upload().id
    filled.back_up(tmp_path / "b")
    forget_upload(filled, upload)
    before = names_in(tmp_path / "b" / "objects")
    filled.back_up(tmp_path / "b")
    assert len(before - names_in(tmp_path / "b" / "objects")) == 1


def forget_upload(filled: Filled, evidence_id: str) -> list[str]:
    with filled.hub.writing(HUB) as tx:
        names = erasing.remove_file(tx, evidence_id)
    for name in names:
        filled.hub.store.delete(name)
    return names


def test_what_is_erased_while_it_is_made_is_named_and_no_fault(
    filled: Filled, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = filled.case.upload().id
    monkeypatch.setattr(steps, "on_step", lambda name: forget_upload(filled, upload) if name == "backup.rows" else None)
    made = filled.back_up(tmp_path / "b")
    assert [(each.table, each.id) for each in made.gone] == [("evidence", upload)]
    assert faults(filled, tmp_path / "b") == []


def test_what_the_store_has_lost_is_named_and_a_fault(filled: Filled, tmp_path: Path) -> None:
    upload = filled.case.upload().id
    with filled.hub.reading(HUB) as tx:
        filled.hub.store.delete(tx.session.get_one(EvidenceRecord, upload).store_name)
    made = filled.back_up(tmp_path / "b")
    assert [(each.table, each.id) for each in made.damaged] == [("evidence", upload)]
    assert faults(filled, tmp_path / "b") == [(FaultKind.DAMAGED_BEFORE, f"evidence {upload}")]


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


@pytest.mark.parametrize(
    ("spoil", "kind"),
    [
        (flip, FaultKind.FILE_CHANGED),
        (Path.unlink, FaultKind.FILE_MISSING),
        (lambda path: path.with_name("f" * 32).write_bytes(b"more"), FaultKind.FILE_EXTRA),
    ],
)
@pytest.mark.parametrize("where", ["objects/*/*", "rows-*/negotiation.gz"])
def test_a_spoilt_file_is_found_and_not_restored(
    spoil: Callable[[Path], object], kind: FaultKind, where: str, filled: Filled, tmp_path: Path, empty_hub: MakeHub
) -> None:
    filled.back_up(tmp_path / "b")
    spoil(next((tmp_path / "b").glob(where)))
    assert [each for each, _ in faults(filled, tmp_path / "b")] == [kind]
    target = empty_hub("sqlite")
    if kind is not FaultKind.FILE_EXTRA:
        with pytest.raises(Unusable, match=r"nothing was written"):
            put_back(tmp_path / "b", target)
        assert not (target.settings.home / "evidence").exists()


@pytest.mark.parametrize("name", ["manifest.json", "rows-*/objects.gz"])
def test_a_part_of_another_moment_is_found(name: str, filled: Filled, tmp_path: Path) -> None:
    filled.back_up(tmp_path / "old")
    filled.case.upload()
    filled.back_up(tmp_path / "new")
    [old], [new] = (list((tmp_path / which).glob(name)) for which in ("old", "new"))
    new.write_bytes(old.read_bytes())
    with pytest.raises(Unusable):
        list(checking.faults_of(BackupFolder(tmp_path / "new"), opened(filled, tmp_path / "new")))


def test_a_changed_manifest_is_refused(filled: Filled, tmp_path: Path) -> None:
    filled.back_up(tmp_path / "b")
    path = tmp_path / "b" / MANIFEST
    path.write_text(path.read_text().replace('"negotiation":1', '"negotiation":2'))
    with pytest.raises(Unusable, match="was changed, or is another hub's"):
        opened(filled, tmp_path / "b")


def test_without_the_right_key_nothing_is_written(filled: Filled, tmp_path: Path, empty_hub: MakeHub) -> None:
    filled.back_up(tmp_path / "b")
    target = empty_hub("sqlite", secret="another-secret-that-is-long-enough-to-be-taken")
    [key] = filled.hub.keyring.check_values()
    with pytest.raises(KeysUnusable, match=rf"needs key {key}.*nothing was written"):
        put_back(tmp_path / "b", target)
    assert list(target.settings.home.iterdir()) == []


def test_a_folder_of_something_else_is_left_alone(filled: Filled, tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "letters.txt").write_text("mine")
    with pytest.raises(Unusable, match="neither empty nor a backup"):
        filled.back_up(tmp_path / "b")
    assert names_in(tmp_path / "b") == {"letters.txt"}


def test_a_full_disk_leaves_the_earlier_one_whole(
    filled: Filled, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = filled.back_up(tmp_path / "b")
    filled.case.upload()

    def no_room(_self: Digesting, _data: bytes) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(Digesting, "write", no_room)
        with pytest.raises(OSError, match="No space left"):
            filled.back_up(tmp_path / "b")
    assert opened(filled, tmp_path / "b") == first
    assert faults(filled, tmp_path / "b") == []
    filled.back_up(tmp_path / "b")
    assert faults(filled, tmp_path / "b") == []


def test_a_store_that_is_away_makes_no_backup(filled: Filled, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_arguments: object) -> object:
        raise OSError(errno.EIO, "away")

    monkeypatch.setattr(FolderStore, "open_sealed", away)
    with pytest.raises(OSError, match="away"):
        filled.back_up(tmp_path / "b")
    with pytest.raises(Unusable, match="begun there and broken off"):
        opened(filled, tmp_path / "b")


def test_two_do_not_write_to_one_folder(filled: Filled, tmp_path: Path) -> None:
    with BackupFolder(tmp_path / "b").being_written(), pytest.raises(Unusable, match="wait for it"):
        filled.back_up(tmp_path / "b")
    filled.back_up(tmp_path / "b")
    assert faults(filled, tmp_path / "b") == []


def test_nobody_stands_in_it_in_clear(filled: Filled, tmp_path: Path) -> None:
    made = filled.back_up(tmp_path / "b")
    with filled.hub.reading(HUB) as tx:
        application = tx.session.scalars(sa.select(ApplicationRecord)).one()
        person = applications.application_of(tx, application).applicant
    folder = BackupFolder(tmp_path / "b")
    lines = b"".join(line for name in made.files for line in folder.read_lines(name))
    stored = b"".join(each.read_bytes() for each in folder.object_files())
    assert b"negotiation" in lines
    for each in (person.name, person.id_number, person.mobile):
        assert each.encode() not in lines + stored


def test_a_large_table_has_the_time_that_it_takes(filled: Filled) -> None:
    if filled.hub.database.on_sqlite:
        return
    show = sa.text("SELECT current_setting('statement_timeout')")
    with filled.hub.reading(HUB) as tx:
        assert tx.session.scalar(show) == "15s"
        table_rows.take_time(tx.session)
        assert tx.session.scalar(show) == "0"
    with filled.hub.reading(HUB) as tx:
        assert tx.session.scalar(show) == "15s"
