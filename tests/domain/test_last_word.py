"""Which word of a person's waits for their bank once something more is in the log."""

import pytest

from hub.domain.actor import Party
from hub.domain.entry_kind import EntryKind
from hub.domain.last_word import last_word_after

PERSON, BANK, HUB = Party.CARDHOLDER, Party.BANK, Party.HUB


@pytest.mark.parametrize(
    ("before", "party", "kind", "after"),
    [
        (None, PERSON, EntryKind.MESSAGE, "message"),
        ("message", PERSON, EntryKind.ANSWERED, "answered"),
        ("message", PERSON, EntryKind.COUNTERED, None),
        ("message", BANK, EntryKind.MESSAGE, None),
        ("message", BANK, EntryKind.ACKNOWLEDGED, None),
        ("message", HUB, EntryKind.BREACHED, "message"),
        ("message", PERSON, EntryKind.CODE_SENT, "message"),
        (None, HUB, EntryKind.EVIDENCE_REJECTED, "evidence_rejected"),
        (None, BANK, EntryKind.CALL_RECORD, None),
    ],
)
def test_the_word_that_waits(before: str | None, party: Party, kind: EntryKind, after: str | None) -> None:
    assert last_word_after(before, party, kind) == after
