"""Whatever way a bank gets files, it gets nothing that lies beside what they show.

What was planted in EXIF, XMP, scripts, forms and attachments of what a person sent is looked for in everything that
lies with the bank afterwards: each file, mail and call, unpacked.
"""

import io
from collections.abc import Callable, Iterator
from email import policy
from email.parser import BytesParser
from pathlib import Path

import pikepdf
import pytest
import sqlalchemy as sa

from hub.documents.bundle import bind
from hub.documents.file_inspection import FileInspection
from hub.documents.inspection import Inspector
from hub.domain.actor import HUB
from hub.services.delivery import packets, sending
from hub.services.reading.bank import files
from hub.wiring import Hub
from storage.records import DeliveryRecord, NegotiationRecord
from tests import applications
from tests.applications import ICBC
from tests.banks.joined import FarBank, RecordedHttp
from tests.conftest import Submit
from tests.documents.hostile_pdfs import MARK, with_everything
from tests.documents.pictures import MARKS, marked, noted
from tests.jobs.working_off import working_off
from tests.services.case import Case

pytestmark = pytest.mark.slow

# What a camera writes, but for what is too short not to be met by chance in keys and locked files, and for names of
# colours. A JPEG ends the mark of Exif with two zeros.
EXIF = b"Exif\0\0"
PLANTED = [MARK.encode(), EXIF, *(mark for mark in MARKS if len(mark) > 4 and mark != b"ICC_PROFILE")]
PASSWORD = "a-password-of-the-test"


@pytest.fixture
def work_off(hub: Hub) -> Iterator[Callable[[], int]]:
    """Runs every waiting job; files are really looked into, and documents are blank pages."""
    page = applications.pdf()
    with Inspector() as inspector:
        yield working_off(hub, inspect=FileInspection(inspector, None), printer=lambda html: page)


@pytest.fixture
def case(hub: Hub, banks: object, submitted: Submit, clock: object, work_off: Callable[[], int]) -> Case:
    """A negotiation with ICBC, to which a photo and a PDF with everything in them were sent."""
    sent = submitted(ICBC)
    work_off()
    case = Case(hub=hub, clock=clock, work_off=work_off, sent=sent, bank_code=ICBC)  # type: ignore[arg-type]
    photo = case.upload(name="IMG_0001.jpg", content=noted(marked(), "JPEG"))
    paper = case.upload(name="流水.pdf", content=with_everything())
    case.write("照片和流水", photo, paper)
    work_off()
    return case


def unpacked(content: bytes) -> Iterator[bytes]:
    """The bytes, and what they are when unpacked: parts of a mail, streams and strings of a PDF."""
    yield content
    if b"%PDF" in content[:1024]:
        password = PASSWORD if b"/Encrypt" in content else ""
        with pikepdf.open(io.BytesIO(content), password=password) as document:
            out = io.BytesIO()
            document.save(out, qdf=True, object_stream_mode=pikepdf.ObjectStreamMode.disable, encryption=False)
        yield out.getvalue()
    if b"\nMessage-ID: " in content[:4096]:
        for part in BytesParser(policy=policy.default).parsebytes(content).walk():
            payload = part.get_payload(decode=True)
            if isinstance(payload, bytes):
                yield payload


def planted_in(contents: Iterator[bytes]) -> set[bytes]:
    found: set[bytes] = set()
    for content in contents:
        for each in unpacked(content):
            found |= {mark for mark in PLANTED if mark in each}
    return found


def test_what_was_planted_would_be_found() -> None:
    assert planted_in(iter([noted(marked(), "JPEG"), with_everything()])) >= {MARK.encode(), EXIF, b"39.9N"}


def test_the_banks_side_has_nothing_that_was_planted(
    case: Case, far: FarBank, calls: RecordedHttp, tmp_path: Path
) -> None:
    lies_there = [path.read_bytes() for path in sorted(far.place.folder.rglob("*")) if path.is_file()]
    called = [body for _, body, _ in calls.sent]
    assert lies_there or called
    assert planted_in(iter([*lies_there, *called])) == set()


def test_nothing_that_was_planted_is_in_what_adapters_are_given_or_in_the_bundle_of_it(case: Case) -> None:
    with case.hub.reading(HUB) as tx:
        rows = list(tx.session.scalars(sa.select(DeliveryRecord).where(DeliveryRecord.negotiation_id == case.id)))
        messages = [sending.message_of(tx, case.hub.store, row) for row in rows]
    enclosures = [each for message in messages for each in message.enclosures]
    assert {each.media_type for each in enclosures} == {"application/pdf", "image/jpeg"}
    assert planted_in(b"".join(each.read()) for each in enclosures) == set()
    for message in messages:
        if message.enclosures:
            bundle = bind(message.enclosures, PASSWORD)
            assert bundle.left_out == 0
            assert planted_in(iter([bundle.content or b"", message.body])) == set()


def test_portal_and_api_hand_out_nothing_that_was_planted(case: Case) -> None:
    with case.hub.writing(case.REVIEWER) as tx:
        row = tx.session.get_one(NegotiationRecord, case.id)
        named = packets.packet_of(tx, row)["evidence"]
        assert len(named) == 3
        for file in named:
            content = files.evidence(tx, case.hub.store, case.id, file["id"], bank_code=ICBC)
            whole = b"".join(content.chunks)
            assert (content.sha256, content.size, content.media_type) == (
                file["sha256"],
                file["size"],
                file["media_type"],
            )
            assert file["original_sha256"] != file["sha256"]
            assert planted_in(iter([whole])) == set()
