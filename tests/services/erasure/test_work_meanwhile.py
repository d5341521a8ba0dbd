"""An erasure beside real threads that draw pages, make copies and send mails: they leave nothing of the person."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from threading import Barrier, BrokenBarrierError

import pytest
import sqlalchemy as sa

from hub.domain.actor import HUB
from hub.domain.errors import TryAgain, Unavailable
from hub.domain.evidence import CleanCopy, MediaType
from hub.domain.retention import Periods
from hub.domain.viewing import ViewingPage
from hub.services.erasure import requests
from hub.services.evidence import copying, evidence_files, viewing_copies
from hub.services.operating import invariants
from hub.settings import Settings
from storage import clean_copies, mails
from storage import viewing_copies as viewing_rows
from storage.mails import MailStatus
from storage.records import (
    CleanCopyRecord,
    EvidenceRecord,
    ViewingCopyRecord,
    ViewingPageRecord,
    WantedCopyRecord,
)
from tests.services.case import Case
from tests.services.conftest import OpenCase
from tests.services.erasure.test_markers import stored_files
from tests.services.posting import PERSON, Posting

OF_FILES = (EvidenceRecord, WantedCopyRecord, CleanCopyRecord, ViewingCopyRecord, ViewingPageRecord)
CLEAN = CleanCopy(media_type=MediaType.PDF, content=b"%PDF-1.7 pages alone")


@dataclass(frozen=True)
class Drawn:
    """One page, drawn."""

    pages: tuple[ViewingPage, ...] = (ViewingPage(width=1600, height=2264, content=b"\xff\xd8\xff page"),)
    count: int = 1
    reason: None = None
    thumbnail: bytes | None = b"\xff\xd8\xff small"


Work = Callable[[Case, str, Callable[[], None]], None]


def copied(case: Case, file: str, ready: Callable[[], None]) -> None:
    """The file's clean copy is made; `ready` once its bytes were read."""

    def inspect(chunks: Iterator[bytes], media_type: MediaType | None) -> CleanCopy:
        b"".join(chunks)
        ready()
        return CLEAN

    copying.make_copy(case.hub, case.hub.store, inspect, file)


def drawn(case: Case, file: str, ready: Callable[[], None]) -> None:
    """The file's pages are drawn; `ready` once its bytes were read."""

    def draw(chunks: Iterable[bytes], _: MediaType) -> Iterator[Drawn]:
        b"".join(chunks)
        ready()
        yield Drawn()

    viewing_copies.draw_pages(case.hub, case.hub.store, draw, file)


def waiting_file(case: Case, work: Work) -> str:
    """A file of the case that waits for that work."""
    file = case.sent.evidence[0]
    with case.hub.writing(HUB) as tx:
        for table in (ViewingPageRecord, ViewingCopyRecord):
            tx.session.execute(sa.delete(table))
        if work is copied:
            tx.session.execute(sa.delete(CleanCopyRecord))
            clean_copies.want(tx, file)
        else:
            viewing_rows.ask(tx, file)
    return file


def until_done(deed: Callable[[], None]) -> None:
    """As a face and the engine do: whom another was in the way of tries again, and a file that waits is tried later."""
    for _ in range(5):
        try:
            deed()
        except Unavailable as error:
            if not error.at_once:
                raise
        else:
            return
    raise AssertionError("still in the way of another after five tries")


@pytest.mark.parametrize("work", [copied, drawn])
@pytest.mark.parametrize("turn", range(3))
def test_what_is_made_of_a_file_meanwhile_goes_with_it(
    open_case: OpenCase, settings: Settings, work: Work, turn: int
) -> None:
    case = open_case()
    file = waiting_file(case, work)
    with case.row() as (_, row):
        reference = row.reference
    case.withdraw()
    gate = Barrier(2)

    def meet() -> None:
        # A second try finds nobody there.
        with suppress(BrokenBarrierError):
            gate.wait(10 if not gate.broken else 0)

    def erase() -> None:
        meet()
        gate.abort()
        with case.hub.writing(HUB) as tx:
            requests.erase_by_letter(tx, reference, Periods.parse(""))

    def make() -> None:
        with suppress(TryAgain):
            work(case, file, meet)

    with ThreadPoolExecutor(2) as pool:
        for each in [pool.submit(until_done, erase), pool.submit(until_done, make)]:
            each.result(60)
    case.work_off()
    with case.hub.reading(HUB) as tx:
        left = {
            each.__tablename__: tx.session.scalar(sa.select(sa.func.count()).select_from(each)) for each in OF_FILES
        }
        assert set(left.values()) == {0}, left
        assert list(invariants.breaches(tx, case.hub.store)) == []
    # The sweeper takes bytes that no row ever spoke of a day later.
    evidence_files.sweep_orphans(case.hub, case.hub.store, real_now=case.hub.real_clock.now() + timedelta(days=2))
    assert stored_files(settings) == []


def test_a_mail_that_is_with_the_server_meanwhile_is_the_last_but_the_one_that_confirms(open_case: OpenCase) -> None:
    case = open_case()
    posting = Posting(case.hub, case.clock)
    with case.row() as (_, row):
        reference = row.reference
    case.withdraw()

    def erase() -> None:
        posting.kept.after = lambda: None
        with case.hub.writing(HUB) as tx:
            requests.erase_by_letter(tx, reference, Periods.parse(""))

    posting.kept.after = erase
    posting.send()
    told_before = len(posting.kept.subjects(PERSON))
    posting.later(days=1)
    posting.later(days=9)
    to_person = posting.kept.subjects(PERSON)
    assert [each for each in to_person if "已按您的要求删除" in each] == to_person[-1:]
    assert len(to_person) - told_before <= 1
    with case.hub.reading(HUB) as tx:
        rows = mails.list_of(tx, case.id)
        assert [each.kind for each in rows if each.status == MailStatus.WAITING] == []
        assert [each.kind for each in rows if each.token_sealed is not None] == []
        assert list(invariants.breaches(tx, case.hub.store)) == []
