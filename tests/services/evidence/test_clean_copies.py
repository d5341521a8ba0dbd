"""The clean copy of a picture: banks get nothing else, the log has both digests, and it is kept as evidence is."""

import hashlib
import io
import os
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from hub.banks.adapters.sftp.files import parcel_of
from hub.banks.port import Batch
from hub.documents import verify
from hub.documents.file_inspection import FileInspection
from hub.documents.inspection import Inspector
from hub.domain.actor import HUB
from hub.domain.evidence import CleanCopy, MediaType
from hub.domain.plain import Plain
from hub.services.delivery import packets, sending
from hub.services.documents import records
from hub.services.evidence import contents, evidence_files, judging, scrubbing
from hub.services.negotiations.entries import CLEAN_COPY, VIEWING_PAGES
from hub.services.operating import invariants
from hub.services.reading.bank import files
from hub.settings import Settings
from storage import deliveries
from storage.records import CleanCopyRecord, DeliveryRecord
from tests.applications import ICBC, pdf
from tests.bent import bent
from tests.documents.pictures import MARKS, marked, noted
from tests.services.case import Case
from tests.services.conftest import OpenCase

PHOTO = noted(marked(), "HEIF")
CLEAN = CleanCopy(media_type=MediaType.JPEG, content=b"\xff\xd8\xff a picture without a past")
CLEAN_PDF = CleanCopy(media_type=MediaType.PDF, content=b"%PDF-1.7 pages alone")
OTHER = CleanCopy(media_type=MediaType.JPEG, content=b"\xff\xd8\xff another")


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@pytest.fixture
def case(open_case: OpenCase) -> Case:
    """A negotiation that is the bank's turn."""
    return open_case()


@pytest.fixture
def photo(case: Case) -> str:
    """The id of a photo that was sent with a message and is judged clean, with its copy."""
    file = case.upload(name="IMG_0001.HEIC", content=PHOTO)
    case.write("照片", file)
    case.judge(file.id, CLEAN)
    case.work_off()
    return file.id


def in_packet(case: Case, evidence_id: str) -> list[Plain]:
    with case.row() as (tx, row):
        return [each for each in packets.packet_of(tx, row)["evidence"] if each["id"] == evidence_id]


def test_the_packet_names_the_copy_and_the_digest_of_what_was_sent(case: Case, photo: str) -> None:
    [file] = in_packet(case, photo)
    assert file == {
        "id": photo,
        "kind": "bank_statement",
        "file_name": "IMG_0001.jpg",
        "media_type": "image/jpeg",
        "size": len(CLEAN.content),
        "sha256": sha256(CLEAN.content),
        "original_sha256": sha256(PHOTO),
        "url": file["url"],
    }


def test_of_a_pdf_the_bank_gets_the_copy_too(case: Case) -> None:
    file = case.upload(content=pdf("脚本"))
    case.write("流水", file)
    case.judge(file.id, CLEAN_PDF)
    [named] = in_packet(case, file.id)
    assert (named["file_name"], named["media_type"]) == ("流水.pdf", "application/pdf")
    assert (named["sha256"], named["original_sha256"]) == (sha256(CLEAN_PDF.content), sha256(pdf("脚本")))
    with case.hub.writing(case.REVIEWER) as tx:
        given = files.evidence(tx, case.hub.store, case.id, file.id, bank_code=ICBC)
        assert b"".join(given.chunks) == CLEAN_PDF.content


def test_the_bank_gets_the_copy_and_who_sent_it_the_photo(case: Case, photo: str) -> None:
    with case.hub.writing(case.REVIEWER) as tx:
        given = files.evidence(tx, case.hub.store, case.id, photo, bank_code=ICBC)
        assert (given.file_name, given.media_type, given.size) == ("IMG_0001.jpg", "image/jpeg", len(CLEAN.content))
        assert b"".join(given.chunks) == CLEAN.content
    with case.hub.reading(case.cardholder) as tx:
        sent = contents.of_client(tx, case.hub.store, photo, client_id=case.client_id)
        assert (sent.file_name, sent.media_type, sent.sha256) == ("IMG_0001.HEIC", "image/heic", sha256(PHOTO))
        assert b"".join(sent.chunks) == PHOTO


def test_what_travels_with_a_message_is_the_copy_in_files_too(case: Case, photo: str) -> None:
    with case.hub.writing(HUB) as tx:
        records_there = tx.session.scalars(sa.select(DeliveryRecord).where(DeliveryRecord.negotiation_id == case.id))
        named = [each for each in records_there if photo in str(deliveries.body_of(tx, each))]
        messages = [sending.message_of(tx, case.hub.store, each) for each in named]
    assert messages
    for message in messages:
        [enclosed] = [each for each in message.enclosures if each.id == photo]
        assert b"".join(enclosed.read()) == CLEAN.content
        parcel = parcel_of(Batch(day="20261121", number=1, messages=[message]))
        assert f"NEG_20261121_0001/{photo}.jpg" in parcel.enclosed
        assert sha256(CLEAN.content).encode() in parcel.control


def test_the_log_has_both_digests_and_each_copy_once(case: Case, photo: str) -> None:
    case.screen()
    found = [(each.kind, each.sha256) for entry in case.log() for each in entry.header.attachments if each.id == photo]
    pages = [each for each in found if each[0] == VIEWING_PAGES]
    assert found == [("evidence", sha256(PHOTO)), (CLEAN_COPY, sha256(CLEAN.content)), *pages]
    assert len(pages) == 1


def test_a_photo_of_the_application_is_in_the_log_before_it_leaves(open_case: OpenCase) -> None:
    case = open_case(worked_off=False, files=0)
    file = case.upload(name="a.heic", content=PHOTO)
    with case.hub.writing(case.cardholder) as tx:
        assert evidence_files.view(tx, file.id, client_id=case.client_id)["status"] == "checking"
    case = open_case(worked_off=False, evidence=[{"id": file.id, "kind": "payslip"}])
    case.judge(file.id, CLEAN)
    case.work_off()
    kinds = case.kinds()
    assert kinds.index("screened") < kinds.index("copied") < kinds.index("delivered")
    [entry] = [each for each in case.log() if each.header.kind == "copied"]
    assert [(each.id, each.sha256) for each in entry.header.attachments] == [(file.id, sha256(CLEAN.content))]


def test_the_record_has_what_was_sent_and_the_copy_and_verifies(
    case: Case, photo: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = io.BytesIO()
    with case.row() as (tx, row):
        gathered = records.gather(tx, case.hub.store, row)
    gathered.write(out)
    with zipfile.ZipFile(out) as record:
        assert record.read(f"evidence/{photo}.heic") == PHOTO
        assert record.read(f"clean-copies/{photo}.jpg") == CLEAN.content
        record.extractall(tmp_path / "record")
    assert verify.main([str(tmp_path / "record")]) == 0
    (tmp_path / "record" / "clean-copies" / f"{photo}.jpg").write_bytes(OTHER.content)
    assert verify.main([str(tmp_path / "record")]) == 1
    assert f"clean-copies/{photo}.jpg" in capsys.readouterr().out


def test_a_second_verdict_changes_neither_copy_nor_log(case: Case, photo: str) -> None:
    before = case.log()
    case.judge(photo, OTHER)
    case.work_off()
    with case.hub.reading(HUB) as tx:
        copy = tx.session.get_one(CleanCopyRecord, photo)
        assert copy.sha256 == sha256(CLEAN.content)
    assert case.log() == before


@pytest.fixture
def folder(settings: Settings) -> Path:
    """Where the bytes lie."""
    return settings.home / "evidence"


def files_in(folder: Path) -> set[str]:
    return {path.name for path in folder.glob("??/*")}


def copy_of(case: Case, evidence_id: str) -> str:
    with case.hub.reading(HUB) as tx:
        return tx.session.get_one(CleanCopyRecord, evidence_id).store_name


def test_a_photo_that_is_taken_back_takes_its_copy_along(case: Case, folder: Path) -> None:
    before = files_in(folder)
    file = case.upload(name="a.heic", content=PHOTO)
    case.judge(file.id, CLEAN)
    assert len(files_in(folder) - before) == 2
    with case.hub.writing(case.cardholder) as tx:
        names = evidence_files.remove(tx, file.id, client_id=case.client_id)
    evidence_files.delete_bytes(case.hub.store, names)
    assert files_in(folder) == before


def test_copies_are_not_swept_and_one_that_no_row_speaks_of_is(case: Case, photo: str, folder: Path) -> None:
    case.judge(photo, OTHER)
    before = files_in(folder)
    waiting = case.upload(name="a.heic", content=PHOTO)

    def inspect_and_lose(_chunks: Iterator[bytes], _media_type: object) -> CleanCopy:
        # Another worker is quicker.
        case.judge(waiting.id, CLEAN)
        return OTHER

    judging.judge(case.hub, case.hub.store, inspect_and_lose, [waiting.id])
    orphans = len(files_in(folder) - before) - 2
    old = (datetime.now(UTC) - timedelta(hours=25)).timestamp()
    for path in folder.glob("??/*"):
        os.utime(path, (old, old))
    assert evidence_files.sweep_orphans(case.hub, case.hub.store, real_now=datetime.now(UTC)) == orphans == 1
    assert {copy_of(case, photo), copy_of(case, waiting.id)} <= files_in(folder)


def test_a_damaged_copy_is_found_by_scrub_and_check(case: Case, photo: str, folder: Path) -> None:
    name = copy_of(case, photo)
    path = folder / name[-2:] / name
    path.chmod(0o600)
    path.write_bytes(bent(path.read_bytes()))
    turns = (datetime(2026, 11, 21, tzinfo=UTC) + scrubbing.EVERY * turn for turn in range(scrubbing.SLICES))
    assert sum(scrubbing.scrub(case.hub, case.hub.store, at=at) for at in turns) == 1
    with case.hub.reading(HUB) as tx:
        [breach] = invariants.breaches(tx, case.hub.store)
    assert (breach.invariant, breach.subject) == ("evidence_bytes", photo)


def test_nothing_of_the_photo_reaches_the_bank_by_the_real_inspection(case: Case) -> None:
    file = case.upload(name="IMG_0001.HEIC", content=PHOTO)
    case.write("照片", file)
    with Inspector() as inspector:
        judging.judge(case.hub, case.hub.store, FileInspection(inspector, None), [file.id])
    with case.hub.reading(case.REVIEWER) as tx:
        given = contents.of_bank(tx, case.hub.store, case.id, file.id, bank_code=ICBC)
        assert given is not None
        content = b"".join(given.chunks)
    assert content.startswith(b"\xff\xd8\xff")
    assert not any(mark in content for mark in MARKS)
