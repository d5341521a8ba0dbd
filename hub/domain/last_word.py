"""The person's last word that nobody of the bank has answered: what the queue shows, kept as the log is written."""

from typing import Final

from hub.domain.actor import Party
from hub.domain.entry_kind import EntryKind

UNREADABLE: Final = EntryKind.EVIDENCE_REJECTED
"""The hub's word that a file of the person's cannot be opened."""

LAST_WORDS: Final = (
    EntryKind.MESSAGE,
    EntryKind.ANSWERED,
    EntryKind.DECLINED,
    EntryKind.CALL_RECORD,
    EntryKind.AMENDMENT_ASKED,
    UNREADABLE,
)
"""What the person did last that somebody at the bank has to see, by the kinds of the log."""


def last_word_after(before: str | None, party: Party, kind: EntryKind) -> str | None:
    """The word that waits for the bank once an entry of that party and kind stands behind the others.

    The hub's own entries leave it as it was, and so does a code that was sent; whatever the bank says or does, and
    whatever else the person does, takes its place.
    """
    if kind == EntryKind.CODE_SENT or (party == Party.HUB and kind != UNREADABLE):
        return before
    return str(kind) if party != Party.BANK and kind in LAST_WORDS else None
