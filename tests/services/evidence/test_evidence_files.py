"""Evidence: taken in before any row speaks of it, judged once, removable until it is attached, swept when nobody's."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from hub.domain.errors import EvidenceAttached, InvalidValue, NotFound, StoreFull, TooLarge, UnsupportedType
from hub.domain.evidence import MAX_FILE_SIZE, EvidenceKind
from hub.services.evidence import contents, evidence_files, judging
from hub.services.evidence.evidence_files import Upload
from hub.settings import Settings
from hub.work.jobs import schedules_of
from storage.evidence_store import PARTS, FolderStore
from tests import applications
from tests.applications import CMB, ICBC
from tests.services.case import Case
from tests.services.conftest import OpenCase


@pytest.fixture
def case(open_case: OpenCase) -> Case:
    """A negotiation that is the bank's turn, with one clean file."""
    return open_case()


@pytest.fixture
def folder(settings: Settings) -> Path:
    """Where the bytes lie."""
    return settings.home / "evidence"


def files_in(folder: Path) -> set[str]:
    return {path.name for path in folder.glob("??/*")}


def receive(case: Case, content: bytes, name: str = "流水.pdf") -> None:
    upload = Upload(
        client_id=case.client_id,
        subject=None,
        kind=EvidenceKind.OTHER,
        file_name=name,
        declared_type=None,
        length=None,
    )
    left = memoryview(content)

    def read(wanted: int) -> bytes:
        nonlocal left
        piece, left = bytes(left[: min(wanted, 65_536)]), left[min(wanted, 65_536) :]
        return piece

    evidence_files.receive(case.hub.store, upload, read)


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"MZ\x90\x00" * 100, "a.pdf", "unsupported_type"),
        (applications.png(), "a.pdf", "type_mismatch"),
        (b"PK\x03\x04" * 100, "a.zip", "type_archive"),
    ],
)
def test_what_is_not_taken_leaves_nothing_behind(
    case: Case, folder: Path, content: bytes, name: str, code: str
) -> None:
    before = files_in(folder)
    with pytest.raises(UnsupportedType) as refusal:
        receive(case, content, name)
    assert (refusal.value.code, files_in(folder)) == (code, before)


def test_an_empty_file_leaves_nothing_behind(case: Case, folder: Path) -> None:
    before = files_in(folder)
    with pytest.raises(InvalidValue, match="file_empty"):
        receive(case, b"")
    assert files_in(folder) == before


def test_ten_mebibytes_are_taken_and_a_byte_more_is_not(case: Case, folder: Path) -> None:
    receive(case, applications.pdf(size=MAX_FILE_SIZE))
    before = files_in(folder)
    with pytest.raises(TooLarge):
        receive(case, applications.pdf(size=MAX_FILE_SIZE + 1))
    assert files_in(folder) == before


def test_the_sender_gets_the_bytes_back_and_nobody_else_does(case: Case) -> None:
    file = case.upload()
    with case.hub.reading(case.cardholder) as tx:
        shown = evidence_files.view(tx, file.id, client_id=case.client_id)
        content = contents.of_client(tx, case.hub.store, file.id, client_id=case.client_id)
        assert b"".join(content.chunks) == applications.pdf()
        for look in (evidence_files.view, evidence_files.remove):
            with pytest.raises(NotFound):
                look(tx, file.id, client_id="somebody else")
    assert (shown["status"], shown["kind"], shown["size"]) == ("checking", "bank_statement", len(applications.pdf()))
    assert "reason" not in shown


def test_a_verdict_stands_whatever_a_second_look_finds(case: Case) -> None:
    file = case.upload()
    case.judge(file.id, "infected")
    case.judge(file.id)
    with case.hub.reading(case.cardholder) as tx:
        shown = evidence_files.view(tx, file.id, client_id=case.client_id)
    assert (shown["status"], shown["reason"]) == ("rejected", "infected")


def test_a_file_whose_bytes_are_damaged_is_rejected_as_unreadable(case: Case, folder: Path) -> None:
    before = files_in(folder)
    file = case.upload()
    [name] = files_in(folder) - before
    (folder / name[-2:] / name).chmod(0o600)
    (folder / name[-2:] / name).write_bytes(b"\0" * 100)
    judging.judge(case.hub, case.hub.store, lambda chunks, _: "".join(map(str, chunks)), [file.id])
    with case.hub.reading(case.cardholder) as tx:
        assert evidence_files.view(tx, file.id, client_id=case.client_id)["reason"] == "unreadable"


def test_only_what_is_attached_to_nothing_can_be_removed(case: Case) -> None:
    free = case.upload()
    with case.hub.writing(case.cardholder) as tx:
        [name] = evidence_files.remove(tx, free.id, client_id=case.client_id)
        with pytest.raises(EvidenceAttached):
            evidence_files.remove(tx, case.sent.evidence[0], client_id=case.client_id)
    case.hub.store.delete(name)
    with pytest.raises(NotFound), case.hub.reading(case.cardholder) as tx:
        evidence_files.view(tx, free.id, client_id=case.client_id)


def test_a_bank_gets_the_clean_files_of_its_own_negotiation_alone(case: Case) -> None:
    [clean] = case.sent.evidence
    waiting, rejected = case.upload(), case.upload()
    case.write("", waiting, rejected)
    case.judge(rejected.id, "infected")
    with case.hub.reading(case.REVIEWER) as tx:
        given = contents.of_bank(tx, case.hub.store, case.id, clean, bank_code=ICBC)
        assert given is not None
        assert b"".join(given.chunks) == applications.pdf()
        for other in (waiting.id, rejected.id, "no-such-file"):
            assert contents.of_bank(tx, case.hub.store, case.id, other, bank_code=ICBC) is None
        with pytest.raises(NotFound):
            contents.of_bank(tx, case.hub.store, case.id, clean, bank_code=CMB)


def test_files_of_nobody_are_swept_after_a_day_of_real_time_and_others_never(
    case: Case, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evidence_files, "_SWEEP_BATCH", 2)
    kept = files_in(folder)
    case.upload()
    kept = files_in(folder)
    for _ in range(3):
        receive(case, applications.pdf())
    orphans = files_in(folder) - kept
    real_now = datetime.now(UTC)
    case.clock.at = real_now + timedelta(days=30)
    assert evidence_files.sweep_orphans(case.hub, case.hub.store, real_now=real_now) == 0

    old = (real_now - timedelta(hours=25)).timestamp()
    for path in folder.glob("??/*"):
        os.utime(path, (old, old))
    swept = evidence_files.sweep_orphans(case.hub, case.hub.store, real_now=real_now)
    assert (swept, files_in(folder)) == (len(orphans), kept)


def test_each_hour_sweeps_a_part_of_the_store_and_a_week_all_of_it() -> None:
    monday = datetime(2026, 11, 23, tzinfo=UTC)
    hours = [monday + timedelta(hours=each) for each in range(3 * 7 * 24)]
    week = [part for at in hours[: 7 * 24] for part in evidence_files.parts_of_hour(at)]
    assert set(week) == set(range(PARTS))
    # A worker that rests for the same three hours of each night leaves nothing out for good.
    awake = [part for at in hours if at.hour not in (1, 2, 3) for part in evidence_files.parts_of_hour(at)]
    assert set(awake) == set(range(PARTS))
    # Nor does a machine that is switched on for one hour a day.
    days = [monday + timedelta(days=each) for each in range(7 * 24)]
    assert {part for at in days for part in evidence_files.parts_of_hour(at)} == set(range(PARTS))


def test_an_hour_of_sweeping_lists_its_part_of_the_store_alone(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    listed: list[int | None] = []
    whole = FolderStore.list_names

    def counting(store: FolderStore, older_than: datetime, *, part: int | None = None) -> Iterator[str]:
        listed.append(part)
        return whole(store, older_than, part=part)

    monkeypatch.setattr(FolderStore, "list_names", counting)
    at = datetime(2026, 11, 23, 10, tzinfo=UTC)
    schedules_of(case.hub)["tidy"].run(at)
    assert listed == list(evidence_files.parts_of_hour(at))


def test_a_full_store_is_no_crash_when_bytes_are_deleted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = FolderStore(tmp_path)

    asked: list[str] = []

    def fail(name: str) -> None:
        asked.append(name)
        raise StoreFull

    monkeypatch.setattr(store, "delete", fail)
    evidence_files.delete_bytes(store, ["0" * 32])
    assert asked == ["0" * 32]
