"""Copies in the log: it commits to what was sent, to what banks get of it, and to the pages that are drawn of that."""

from collections.abc import Iterator, Sequence

from hub.domain import labels
from hub.domain.active_content import ActiveContent
from hub.domain.actor import HUB
from hub.domain.entry_kind import EntryKind
from hub.domain.evidence import MediaType
from hub.domain.log_chain import Attachment
from hub.services.negotiations import negotiation_log
from hub.services.negotiations.entries import CLEAN_COPY, VIEWING_PAGES, copy_attachment, entry, pages_attachment
from hub.services.transaction import HubTransaction
from storage import clean_copies, communications, given_evidence, viewing_copies
from storage.communications import NewEntry
from storage.records import CleanCopyRecord, NegotiationRecord

_NOTHING = "无"


def note_new(tx: HubTransaction, negotiation: NegotiationRecord) -> None:
    """The log names every clean copy of the negotiation's files and the pages of each, once. The row must be locked."""
    copies, pages = _not_noted(tx, negotiation)
    for said in _entries(copies, pages):
        negotiation_log.note(tx, negotiation, said)


def _not_noted(tx: HubTransaction, negotiation: NegotiationRecord) -> tuple[list[CleanCopyRecord], list[Attachment]]:
    given = list(dict.fromkeys(record.id for _, record in given_evidence.list_given(tx, negotiation)))
    copies, drawn = clean_copies.copies_of(tx, given), viewing_copies.pages_of(tx, given)
    if not copies and not drawn:
        return [], []
    noted = communications.attachments_of(tx, negotiation.id, {CLEAN_COPY, VIEWING_PAGES})
    return (
        [copies[each] for each in given if each in copies and (CLEAN_COPY, each) not in noted],
        [pages_attachment(each, drawn[each]) for each in given if each in drawn and (VIEWING_PAGES, each) not in noted],
    )


def plain_attachments(tx: HubTransaction, negotiation: NegotiationRecord) -> list[Attachment]:
    """Of what the log does not name yet, that of which there is nothing to tell: pages, and PDFs that held no more."""
    copies, pages = _not_noted(tx, negotiation)
    return [*(copy_attachment(each) for each in copies if _is_plain(each)), *pages]


def _is_plain(copy: CleanCopyRecord) -> bool:
    if copy.media_type != MediaType.PDF or copy.was_signed:
        return False
    return {ActiveContent.METADATA}.issuperset(clean_copies.removed_from(copy))


def _entries(copies: Sequence[CleanCopyRecord], pages: Sequence[Attachment]) -> Iterator[NewEntry]:
    """An entry for all pictures, one for all PDFs of which the same was taken out, and one for all pages."""
    alike: dict[tuple[EntryKind, str], list[Attachment]] = {}
    for each in copies:
        kind, removed = EntryKind.COPIED, ""
        if each.media_type == MediaType.PDF:
            kind = EntryKind.SIGNED_PDF_COPIED if each.was_signed else EntryKind.PDF_COPIED
            removed = _removed(each)
        alike.setdefault((kind, removed), []).append(copy_attachment(each))
    for (kind, removed), attachments in alike.items():
        yield entry(kind, HUB, attachments, removed=removed)
    if pages:
        yield entry(EntryKind.PAGES_DRAWN, HUB, pages)


def _removed(copy: CleanCopyRecord) -> str:
    return "、".join(labels.ACTIVE_CONTENT[each] for each in clean_copies.removed_from(copy)) or _NOTHING
