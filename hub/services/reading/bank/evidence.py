"""The files of a bank's case as its people see them: what each is, whether somebody has checked it, and its pages.

A look at a file is one line of the access log a person and day; its pages and its thumbnail are none of their own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from hub.domain.active_content import ActiveContent
from hub.domain.errors import NotFound, NotHandedOn
from hub.domain.evidence import EvidenceKind, EvidenceStatus, MediaType
from hub.domain.evidence_check import CheckVerdict
from hub.domain.recognised_amounts import RecognisedAmount
from hub.domain.viewing import ViewingStatus
from hub.services.evidence import viewing_copies as drawn
from hub.services.evidence.contents import Content, file_name_for_banks, has_clean_copies
from hub.services.operating import many_readings
from hub.services.reading.bank.doubts import DoubtShown, list_doubts
from hub.services.reading.bank.people import Author, author_of, names_of
from hub.services.transaction import HubTransaction
from storage import (
    access_log,
    clean_copies,
    consents,
    evidence_checks,
    given_evidence,
    negotiations,
    recognised_amounts,
    viewing_copies,
)
from storage.evidence_store import EvidenceStore
from storage.records import (
    CleanCopyRecord,
    EvidenceCheckRecord,
    EvidenceRecord,
    NegotiationRecord,
)

LOOK_LASTS: Final = timedelta(days=1)
VIEW: Final = "view"
_PREPARING: Final = "preparing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """What a colleague said of a file, and when; `text` is for colleagues alone."""

    verdict: CheckVerdict
    text: str
    author: Author
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFile:
    """A file of the case. `sha256` and `size` are of what the bank gets; `check` is the newest, None before the first.

    `has_thumbnail`: there is a small picture of it. `is_prepared`: the bank can have it; before, of what was sent it is
    told name and size alone. `removed` is what a PDF held beside its pages, `was_signed` whether it had a signature.
    """

    id: str
    kind: str
    file_name: str
    size: int
    sha256: str
    uploaded_at: datetime
    check: Check | None
    has_thumbnail: bool
    is_prepared: bool
    removed: tuple[ActiveContent, ...]
    was_signed: bool

    @property
    def is_checked(self) -> bool:
        """Whether somebody has looked at it and has no doubts."""
        return self.check is not None and self.check.verdict is CheckVerdict.CHECKED


@dataclass(frozen=True, slots=True, kw_only=True)
class PageShown:
    """A page of a file: its number from 1, and its size in pixels."""

    number: int
    width: int
    height: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewedFile:
    """A file that is looked at. `page` is None where there is none to show: it waits, or `reason` says why.

    `reason` is one of `NoPagesReason`, of `FileRejectionReason`, or `checking`, `preparing`, `not_shown`. `left_out` of
    its pages are not drawn. `can_be_saved`: the bank is given its bytes. `place` of it among `files` counts from 1, 0
    where it is none of them, as the recording of a call. `recognised`: amounts that a machine read in it, if any.
    """

    file: CaseFile
    page: PageShown | None
    pages: int
    left_out: int
    is_waiting: bool
    reason: str | None
    can_be_saved: bool
    checks: tuple[Check, ...]
    files: tuple[CaseFile, ...]
    doubts: tuple[DoubtShown, ...]
    recognised: tuple[RecognisedAmount, ...]
    place: int

    @property
    def before(self) -> CaseFile | None:
        """The file before this one."""
        return self.files[self.place - 2] if self.place > 1 else None

    @property
    def after(self) -> CaseFile | None:
        """The file after this one."""
        return self.files[self.place] if 0 < self.place < len(self.files) else None


def list_files(tx: HubTransaction, row: NegotiationRecord, names: Mapping[str, str]) -> tuple[CaseFile, ...]:
    """The files that the bank was given with the case, in the order they came."""
    withheld = consents.withheld_of(tx, row)
    given = [
        (each, record)
        for each, record in given_evidence.list_given(tx, row)
        if record.status == EvidenceStatus.CLEAN
        and each.kind in set(EvidenceKind)
        and not withheld.holds(record.id, each.kind)
    ]
    ids = [record.id for _, record in given]
    copies = clean_copies.copies_of(tx, ids)
    small = clean_copies.with_thumbnail(tx, ids) | viewing_copies.with_pages(tx, ids)
    checks = evidence_checks.newest(tx, row.id, bank_code=row.bank_code)
    return tuple(
        _case_file(tx, each, record, copies.get(record.id), _check(tx, checks.get(record.id), names), small)
        for each, record in given
    )


def list_case_files(tx: HubTransaction, negotiation_id: str, *, bank_code: str) -> tuple[CaseFile, ...]:
    """The same of the bank's case; raises `NotFound`."""
    row = negotiations.get_of_bank(tx, negotiation_id, bank_code=bank_code)
    return list_files(tx, row, names_of(tx, bank_code))


def _case_file(
    tx: HubTransaction,
    given: given_evidence.Given,
    record: EvidenceRecord,
    copy: CleanCopyRecord | None,
    check: Check | None,
    small: set[str],
) -> CaseFile:
    got = record if copy is None else copy
    is_prepared = copy is not None or not has_clean_copies(record.media_type)
    return CaseFile(
        id=record.id,
        kind=given.kind,
        file_name=file_name_for_banks(tx, record, copy),
        size=got.size,
        sha256=got.sha256 if is_prepared else "",
        uploaded_at=record.uploaded_at,
        check=check,
        has_thumbnail=is_prepared and record.id in small,
        is_prepared=is_prepared,
        removed=() if copy is None else tuple(clean_copies.removed_from(copy)),
        was_signed=copy is not None and copy.was_signed,
    )


def _check(tx: HubTransaction, record: EvidenceCheckRecord | None, names: Mapping[str, str]) -> Check | None:
    if record is None:
        return None
    return Check(
        verdict=CheckVerdict(record.verdict),
        text=evidence_checks.text_of(tx, record),
        author=author_of(record.actor, names),
        at=record.at,
    )


def look_at(tx: HubTransaction, negotiation_id: str, evidence_id: str, *, number: int, bank_code: str) -> ViewedFile:
    """The file at that page, or at the nearest that there is; the look is on record, and missing pages are asked for.

    Raises `NotFound` for what was not given to the bank's case, `NotHandedOn` where its consent was taken back.
    """
    row = negotiations.get_of_bank(tx, negotiation_id, bank_code=bank_code)
    found = given_evidence.find_given(tx, row.id, evidence_id)
    if found is None:
        raise NotFound
    given, record = found
    if consents.withheld_of(tx, row).holds(evidence_id, given.kind):
        raise NotHandedOn
    names = names_of(tx, bank_code)
    files = list_files(tx, row, names)
    place = next((place for place, each in enumerate(files, 1) if each.id == evidence_id), 0)
    copies = clean_copies.copies_of(tx, [evidence_id])
    shown = files[place - 1] if place else _case_file(tx, given, record, copies.get(evidence_id), None, set())
    can_be_saved = record.status == EvidenceStatus.CLEAN and shown.is_prepared
    reason = _why_none(record) or (None if shown.is_prepared else _why_unprepared(tx, evidence_id))
    is_preparing = reason == _PREPARING
    copy = None
    if reason is None:
        _note_look(tx, row, evidence_id)
        viewing_copies.ask(tx, evidence_id)
        tx.session.flush()
        copy = viewing_copies.find(tx, evidence_id)
    pages = 0 if copy is None else copy.pages
    page = viewing_copies.find_page(tx, evidence_id, min(max(1, number), pages)) if pages else None
    said = evidence_checks.list_of_file(tx, row.id, evidence_id, bank_code=bank_code)
    return ViewedFile(
        file=shown,
        page=None if page is None else PageShown(number=page.number, width=page.width, height=page.height),
        pages=pages,
        left_out=0 if copy is None else copy.left_out,
        is_waiting=is_preparing or (copy is not None and copy.status == ViewingStatus.WAITING),
        reason=reason if copy is None else copy.reason,
        can_be_saved=can_be_saved,
        checks=tuple(check for each in said if (check := _check(tx, each, names))),
        files=files,
        doubts=tuple(each for each in list_doubts(tx, row, names) if each.doubt.evidence_id == evidence_id),
        recognised=() if reason else recognised_amounts.of_files(tx, [evidence_id]).get(evidence_id, ()),
        place=place,
    )


def _why_none(record: EvidenceRecord) -> str | None:
    if record.status == EvidenceStatus.CHECKING:
        return EvidenceStatus.CHECKING
    if record.status == EvidenceStatus.REJECTED:
        return record.reason
    return None if record.media_type in set(MediaType) else "not_shown"


def _why_unprepared(tx: HubTransaction, evidence_id: str) -> str:
    wanted = clean_copies.find_wanted(tx, evidence_id)
    return _PREPARING if wanted is None else wanted.reason or _PREPARING


def page_content(
    tx: HubTransaction, store: EvidenceStore, negotiation_id: str, evidence_id: str, number: int, *, bank_code: str
) -> Content:
    """The bytes of that page of a file that was given to the bank's case; raises `NotFound`."""
    row = negotiations.get_of_bank(tx, negotiation_id, bank_code=bank_code)
    _require_clean(tx, row, evidence_id)
    page = viewing_copies.find_page(tx, evidence_id, number)
    if page is None:
        raise NotFound
    # Whoever asks for the page without its surroundings has looked at the file all the same.
    _note_look(tx, row, evidence_id)
    return drawn.content_of(tx, store, page)


def thumbnail(tx: HubTransaction, negotiation_id: str, evidence_id: str, *, bank_code: str) -> bytes:
    """The small picture of a file that was given to the bank's case; raises `NotFound`."""
    row = negotiations.get_of_bank(tx, negotiation_id, bank_code=bank_code)
    _require_clean(tx, row, evidence_id)
    found = clean_copies.thumbnail_of(tx, evidence_id) or viewing_copies.thumbnail_of(tx, evidence_id)
    if found is None:
        raise NotFound
    return found


def _require_clean(tx: HubTransaction, row: NegotiationRecord, evidence_id: str) -> None:
    """Raises `NotFound` also for a file that has no clean copy yet, whatever was drawn of what was sent."""
    found = given_evidence.find_given(tx, row.id, evidence_id)
    if found is None or found[1].status != EvidenceStatus.CLEAN:
        raise NotFound
    if consents.withheld_of(tx, row).holds(evidence_id, found[0].kind):
        raise NotHandedOn
    if has_clean_copies(found[1].media_type) and clean_copies.find_copy(tx, evidence_id) is None:
        raise NotFound


def _note_look(tx: HubTransaction, row: NegotiationRecord, evidence_id: str) -> None:
    what = f"{VIEW}/{evidence_id}"
    since = tx.now - LOOK_LASTS
    if not access_log.list_read_since(tx, {row.id: row.bank_code}, actor=tx.actor, what=what, since=since):
        access_log.note_reading(tx, row, tx.actor, what)
        many_readings.look(tx, bank_code=row.bank_code)
