"""Viewing copies: every clean file gets its pages once, sealed and with a digest each, and they go with it."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from hub.domain.actor import HUB
from hub.domain.clock import FixedClock
from hub.domain.errors import EvidenceDamaged, TryAgain
from hub.domain.evidence import CleanCopy, FileRejectionReason, MediaType
from hub.domain.viewing import MAX_PAGES, ViewingPage
from hub.services.evidence import copying, evidence_files, scrubbing, viewing_copies
from hub.services.evidence.lots import AGAIN_AFTER
from hub.services.evidence.viewing_copies import Drawing
from hub.services.operating import invariants
from storage import viewing_copies as stored
from storage.records import ViewingCopyRecord, ViewingPageRecord
from tests.services.case import Case
from tests.services.conftest import OpenCase

SMALL = b"\xff\xd8\xff small"
PICTURE = CleanCopy(media_type=MediaType.JPEG, content=b"\xff\xd8\xff a picture")


def page(number: int) -> ViewingPage:
    return ViewingPage(width=1600, height=2264, content=b"\xff\xd8\xff page %d" % number)


@dataclass(frozen=True, kw_only=True)
class OnePage:
    """A page of a PDF, or of a picture, as a decoder drew it."""

    reason: FileRejectionReason | None = None
    pages: tuple[ViewingPage, ...] = ()
    count: int = 0
    thumbnail: bytes | None = None


@dataclass
class Draws:
    """Draws what it is told to, and remembers of what bytes."""

    drawings: list[OnePage]
    read: list[bytes] = field(default_factory=list)

    def __call__(self, chunks: Iterable[bytes], _media_type: MediaType) -> Iterator[OnePage]:
        self.read.append(b"".join(chunks))
        yield from self.drawings


def pdf_of(count: int) -> Draws:
    return Draws(
        [
            OnePage(pages=(page(each),), count=count, thumbnail=SMALL if each == 1 else None)
            for each in range(1, count + 1)
        ]
    )


@pytest.fixture
def case(open_case: OpenCase) -> Case:
    return open_case()


@pytest.fixture
def file(case: Case) -> str:
    """The id of a clean PDF whose pages wait to be drawn."""
    sent = case.upload()
    case.judge(sent.id)
    return sent.id


def draw(case: Case, file: str, draws: Draws) -> None:
    viewing_copies.draw_pages(case.hub, case.hub.store, draws, file)


def copy_of(case: Case, file: str) -> ViewingCopyRecord:
    with case.hub.reading(HUB) as tx:
        found = stored.find(tx, file)
        assert found is not None
        return found


def content_of(case: Case, file: str, number: int) -> bytes:
    with case.hub.reading(HUB) as tx:
        record = stored.find_page(tx, file, number)
        assert record is not None
        assert (record.width, record.height) == (1600, 2264)
        content = b"".join(case.hub.store.read(record.store_name, stored.page_key_of(tx, record), record.size))
    assert hashlib.sha256(content).hexdigest() == record.sha256
    return content


def test_a_file_that_is_found_clean_waits_for_its_pages_and_gets_them(case: Case, file: str) -> None:
    assert copy_of(case, file).status == "waiting"
    draw(case, file, pdf_of(3))
    made = copy_of(case, file)
    assert (made.status, made.pages, made.left_out, made.reason) == ("made", 3, 0, None)
    assert [content_of(case, file, number) for number in (1, 2, 3)] == [page(each).content for each in (1, 2, 3)]
    with case.hub.reading(HUB) as tx:
        assert stored.find_page(tx, file, 4) is None
        assert stored.thumbnail_of(tx, file) == SMALL
        sealed = tx.session.scalar(sa.select(ViewingCopyRecord.thumbnail_sealed).where(ViewingCopyRecord.id == file))
        assert sealed is not None
        assert SMALL not in sealed
        assert not list(invariants.breaches(tx, case.hub.store))


def test_what_waits_for_its_verdict_or_is_rejected_has_no_pages(case: Case) -> None:
    waiting, rejected = case.upload(), case.upload()
    case.judge(rejected.id, "unreadable")
    with case.hub.reading(HUB) as tx:
        assert stored.find(tx, waiting.id) is None
        assert stored.find(tx, rejected.id) is None


def test_the_pages_of_a_picture_are_drawn_from_the_copy_that_banks_get(case: Case) -> None:
    sent = case.upload(name="照片.jpg", content=b"\xff\xd8\xff a picture that says where it was taken")
    case.judge(sent.id, PICTURE)
    draws = Draws([OnePage(pages=(page(1), page(2)), count=2, thumbnail=SMALL)])
    draw(case, sent.id, draws)
    assert draws.read == [PICTURE.content]
    assert (copy_of(case, sent.id).pages, copy_of(case, sent.id).left_out) == (2, 0)


def test_of_a_long_file_the_reader_is_told_how_many_pages_are_not_drawn(case: Case, file: str) -> None:
    draw(case, file, pdf_of(MAX_PAGES + 20))
    assert (copy_of(case, file).pages, copy_of(case, file).left_out) == (MAX_PAGES, 20)


def test_a_page_that_cannot_be_drawn_is_counted_and_the_others_are_there(case: Case, file: str) -> None:
    bad = OnePage(reason=FileRejectionReason.TOO_SLOW)
    draw(case, file, Draws([OnePage(pages=(page(1),), count=3), bad, OnePage(pages=(page(3),), count=3)]))
    made = copy_of(case, file)
    assert (made.status, made.pages, made.left_out, made.reason) == ("made", 2, 1, None)


@pytest.mark.parametrize(
    ("why", "reason"),
    [
        (FileRejectionReason.UNREADABLE, "unreadable"),
        (FileRejectionReason.TOO_LARGE_PICTURE, "too_large"),
        (FileRejectionReason.TOO_SLOW, "too_slow"),
    ],
)
def test_a_file_of_which_nothing_can_be_drawn_says_why(
    case: Case, file: str, why: FileRejectionReason, reason: str
) -> None:
    draw(case, file, Draws([OnePage(reason=why)]))
    made = copy_of(case, file)
    assert (made.status, made.reason, made.pages) == ("failed", reason, 0)


def test_a_file_whose_bytes_are_damaged_says_so(case: Case, file: str) -> None:
    def damaged(chunks: Iterable[bytes], _media_type: MediaType) -> Iterator[OnePage]:
        if list(chunks):
            raise EvidenceDamaged("x")
        yield from ()

    viewing_copies.draw_pages(case.hub, case.hub.store, damaged, file)
    assert (copy_of(case, file).status, copy_of(case, file).reason) == ("failed", "damaged")


def test_a_file_that_waits_for_its_copy_for_banks_waits_for_its_pages(case: Case) -> None:
    sent = case.upload(name="照片.jpg", content=b"\xff\xd8\xff a picture")
    case.judge(sent.id, None)
    draws = pdf_of(1)
    with pytest.raises(TryAgain):
        draw(case, sent.id, draws)
    assert draws.read == []
    assert copy_of(case, sent.id).status == "waiting"


def test_a_file_that_can_have_no_copy_for_banks_has_no_pages(case: Case) -> None:
    sent = case.upload(name="照片.jpg", content=b"\xff\xd8\xff a picture")
    case.judge(sent.id, None)
    copying.make_copy(case.hub, case.hub.store, lambda *_: "unreadable", sent.id)
    draw(case, sent.id, pdf_of(1))
    assert copy_of(case, sent.id).status == "failed"


def test_drawing_twice_changes_nothing_and_leaves_nothing_behind(case: Case, file: str) -> None:
    draw(case, file, pdf_of(2))
    before = set(case.hub.store.list_names(datetime.now(UTC) + timedelta(days=2)))
    draw(case, file, pdf_of(3))
    assert copy_of(case, file).pages == 2
    assert set(case.hub.store.list_names(datetime.now(UTC) + timedelta(days=2))) == before


def test_a_file_that_cannot_be_drawn_now_waits_and_holds_up_no_other(case: Case, file: str) -> None:
    clock = FixedClock(datetime(2026, 3, 2, 1, tzinfo=UTC))
    away: list[bool] = [True]

    def draws(chunks: Iterable[bytes], media_type: MediaType) -> Iterator[OnePage]:
        if away[0]:
            raise TryAgain("the store is away")
        yield from pdf_of(1)(chunks, media_type)

    drawing = Drawing(case.hub, case.hub.store, draws, clock)
    while drawing():
        pass
    assert copy_of(case, file).status == "waiting"
    away[0] = False
    assert not drawing()
    clock.at += AGAIN_AFTER + timedelta(seconds=1)
    while drawing():
        pass
    assert copy_of(case, file).status == "made"
    with case.hub.reading(HUB) as tx:
        assert stored.list_waiting(tx, limit=1) == []


def test_pages_go_with_their_file_and_no_page_is_taken_for_nobodys(case: Case, file: str) -> None:
    draw(case, file, pdf_of(2))
    later = datetime.now(UTC) + timedelta(days=2)
    assert evidence_files.sweep_orphans(case.hub, case.hub.store, real_now=later) == 0
    with case.hub.writing(HUB) as tx:
        names = evidence_files.remove(tx, file, client_id=case.client_id)
    # What was sent, its copy, and two pages.
    assert len(names) == 4
    evidence_files.delete_bytes(case.hub.store, names)
    with case.hub.reading(HUB) as tx:
        left = sa.select(sa.func.count(ViewingPageRecord.id)).where(ViewingPageRecord.evidence_id == file)
        assert tx.session.scalar(left) == 0
        assert stored.find(tx, file) is None


def test_a_damaged_page_is_found_and_named_by_its_file(case: Case, file: str) -> None:
    draw(case, file, pdf_of(1))
    with case.hub.reading(HUB) as tx:
        record = stored.find_page(tx, file, 1)
        assert record is not None
        name = record.store_name
    case.hub.store.delete(name)
    at = datetime(2026, 3, 2, tzinfo=UTC)
    assert (
        sum(scrubbing.scrub(case.hub, case.hub.store, at=at + timedelta(minutes=5 * each)) for each in range(289)) == 1
    )
    with case.hub.reading(HUB) as tx:
        assert [each.invariant for each in invariants.breaches(tx, case.hub.store)] == ["evidence_bytes"]


def test_while_the_store_has_none_of_the_files_the_pages_wait(case: Case, file: str) -> None:
    case.upload()
    folder, disk = case.hub.settings.home / "evidence", case.hub.settings.home / "the-disk"
    folder.rename(disk)
    with pytest.raises(TryAgain, match="none of its files"):
        draw(case, file, pdf_of(1))
    assert copy_of(case, file).status == "waiting"
    disk.rename(folder)
    draw(case, file, pdf_of(1))
    assert copy_of(case, file).status == "made"
