"""Drawing viewing copies: each clean file gets pages that are pictures, made of what banks get of it.

The rows say which files wait, as with verdicts: nothing is lost with a process, and a file that was begun is begun
again. Pages lie in the store before a row speaks of them.
"""

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from io import BytesIO
from typing import Final, Protocol

from hub.domain.actor import HUB
from hub.domain.clock import Clock
from hub.domain.errors import EvidenceDamaged, TryAgain
from hub.domain.evidence import FileRejectionReason, MediaType
from hub.domain.viewing import (
    MAX_PAGE_SIZE,
    MAX_PAGES,
    MAX_TOTAL_SIZE,
    NoPagesReason,
    ViewingPage,
    ViewingStatus,
)
from hub.services.applications import screening_jobs
from hub.services.doubts.jobs import look_for_doubts
from hub.services.evidence.contents import Content, copy_for_banks
from hub.services.evidence.evidence_files import delete_bytes
from hub.services.evidence.lost_files import are_all_lost
from hub.services.evidence.lots import OneByOne
from hub.services.transaction import HubTransaction, Transactions
from hub.steps import reached
from storage import clean_copies, evidence, given_evidence, recognised_amounts, stored_files, viewing_copies
from storage.claims import ALONE, Claim
from storage.evidence_store import EvidenceStore
from storage.records import ViewingPageRecord, new_id
from storage.stored_files import StoredPage

# No further page of a file is begun after so long; what is drawn by then is shown.
LONGEST_S: Final = 120.0

_REASONS: Final = {
    FileRejectionReason.TOO_LARGE_PICTURE: NoPagesReason.TOO_LARGE,
    FileRejectionReason.TOO_SLOW: NoPagesReason.TOO_SLOW,
}


class Drawn(Protocol):
    """What became of one page of a PDF, or of a picture; `count` is how many pages there are in all."""

    @property
    def reason(self) -> FileRejectionReason | None:
        """Why there is no page."""

    @property
    def pages(self) -> tuple[ViewingPage, ...]:
        """The pages to look at."""

    @property
    def count(self) -> int:
        """How many pages the file has; 0 where it is not known."""

    @property
    def thumbnail(self) -> bytes | None:
        """Of the first page."""


class Draw(Protocol):
    """Draws the pages of one file, from its bytes."""

    def __call__(self, chunks: Iterable[bytes], media_type: MediaType, /) -> Iterator[Drawn]:
        """Each page of a PDF by itself, a picture at once."""


class Drawing(OneByOne):
    """Draws the pages of a file that waits."""

    def __init__(
        self,
        transactions: Transactions,
        store: EvidenceStore,
        draw: Draw,
        real_clock: Clock,
        *,
        wants_amounts: bool = False,
        claim: Claim = ALONE,
    ) -> None:
        """`wants_amounts`: what was drawn waits to be read by a machine."""
        make = partial(draw_pages, transactions, store, draw, wants_amounts=wants_amounts)
        super().__init__(transactions, viewing_copies.list_waiting, real_clock, make, awaited="its pages", claim=claim)


@dataclass(slots=True)
class _Found:
    """What is drawn of a file so far."""

    pages: list[StoredPage] = field(default_factory=list)
    size: int = 0
    left_out: int = 0
    reason: NoPagesReason | None = None
    thumbnail: bytes | None = None


def draw_pages(
    transactions: Transactions, store: EvidenceStore, draw: Draw, evidence_id: str, *, wants_amounts: bool = False
) -> None:
    """The file's pages are drawn and stored, or it is said why there are none; doing it twice changes nothing.

    With `wants_amounts` they wait to be read by a machine from then on.

    Raises StoreFull, TryAgain: the file waits on.
    """
    with transactions.reading(HUB) as tx:
        copy, record = viewing_copies.find(tx, evidence_id), evidence.find_evidence(tx, evidence_id)
        if copy is None or record is None or copy.status != ViewingStatus.WAITING:
            return
        if clean_copies.waiting_among(tx, [evidence_id]):
            raise TryAgain("the clean copy is still to be made")
        content = copy_for_banks(tx, store, record, clean_copies.copies_of(tx, [evidence_id]))
    found = _Found()
    kept = False
    try:
        if content is None:
            found.reason = NoPagesReason.UNREADABLE
        else:
            media_type = MediaType(content.media_type)
            _draw(store, draw(content.chunks, media_type), found, one_by_one=media_type == MediaType.PDF)
        if found.reason is NoPagesReason.DAMAGED and are_all_lost(transactions, store):
            raise TryAgain("the evidence store has none of its files")
        reached("draw.stored")
        kept = _settle(transactions, evidence_id, found, wants_amounts=wants_amounts)
    finally:
        if not kept:
            delete_bytes(store, [page.file.store_name for page in found.pages])


def _draw(store: EvidenceStore, drawings: Iterator[Drawn], found: _Found, *, one_by_one: bool) -> None:
    """A page is drawn with each drawing where they come `one_by_one`, else all with the first."""
    begun = time.monotonic()
    done = 0
    count = 0
    try:
        for drawing in drawings:
            done += 1
            count = max(count, drawing.count)
            _keep(store, drawing, found)
            is_full = len(found.pages) >= MAX_PAGES or found.size >= MAX_TOTAL_SIZE
            if is_full or time.monotonic() - begun > LONGEST_S:
                break
    except EvidenceDamaged:
        found.reason = NoPagesReason.DAMAGED
        return
    found.left_out += max(0, count - (done if one_by_one else len(found.pages)))


def _keep(store: EvidenceStore, drawing: Drawn, found: _Found) -> None:
    found.thumbnail = found.thumbnail or drawing.thumbnail
    if not drawing.pages:
        found.left_out += 1
        found.reason = found.reason or _REASONS.get(
            drawing.reason or FileRejectionReason.UNREADABLE, NoPagesReason.UNREADABLE
        )
    for page in drawing.pages:
        if len(found.pages) < MAX_PAGES:
            found.pages.append(_stored(store, page))
            found.size += len(page.content)


def _stored(store: EvidenceStore, page: ViewingPage) -> StoredPage:
    file, length = stored_files.new_file(new_id()), len(page.content)
    kept = store.write(file.store_name, file.key, BytesIO(page.content).read, length=length, limit=MAX_PAGE_SIZE)
    return StoredPage(
        file=file,
        width=page.width,
        height=page.height,
        size=kept.size,
        sha256=kept.sha256,
        picture_hash=page.picture_hash,
    )


def _settle(transactions: Transactions, evidence_id: str, found: _Found, *, wants_amounts: bool) -> bool:
    """Whether the pages have rows now; False where another worker was quicker, or the file is gone."""
    with transactions.writing(HUB) as tx:
        copy = viewing_copies.find(tx, evidence_id, lock=True)
        if copy is None or copy.status != ViewingStatus.WAITING:
            return False
        viewing_copies.settle(
            tx,
            copy,
            found.pages,
            left_out=found.left_out,
            reason=None if found.pages else found.reason,
            thumbnail=found.thumbnail if found.pages else None,
        )
        if wants_amounts and found.pages:
            recognised_amounts.ask(tx, evidence_id)
        # The log of each negotiation that the file was given to commits to its pages.
        for application_id in given_evidence.applications_given(tx, [evidence_id]) if found.pages else ():
            tx.jobs.enqueue(tx.session, screening_jobs.after_drawing(application_id, evidence_id))
        for negotiation_id, _ in given_evidence.negotiations_given(tx, evidence_id):
            tx.jobs.enqueue(tx.session, look_for_doubts(negotiation_id, why=f"drawn:{evidence_id}"))
    return True


def content_of(tx: HubTransaction, store: EvidenceStore, page: ViewingPageRecord) -> Content:
    """A page of a viewing copy; it has no name, since it is never saved."""
    read = partial(store.read, page.store_name, viewing_copies.page_key_of(tx, page), page.size)
    return Content(
        store_name=page.store_name,
        file_name="",
        media_type=MediaType.JPEG,
        size=page.size,
        sha256=page.sha256,
        chunks=read(),
        read=read,
    )
