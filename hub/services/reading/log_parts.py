"""The log in the order and the parts in which people read it."""

from itertools import groupby
from typing import Final

from hub.domain.entry_kind import EntryKind
from hub.domain.plain import Plain

# What the hub notes of its own work; the lines between which people look for what was said.
MACHINE_LINES: Final = frozenset(
    {
        EntryKind.SCREENED,
        EntryKind.DELIVERED,
        EntryKind.DELIVERY_FAILED,
        EntryKind.SENT_AGAIN,
        EntryKind.ARRIVED_AFTER_ALL,
        EntryKind.CLOCK_OPENED,
        EntryKind.CODE_SENT,
        EntryKind.DOCUMENT_PRINTED,
        EntryKind.COPIED,
        EntryKind.PDF_COPIED,
        EntryKind.SIGNED_PDF_COPIED,
        EntryKind.PAGES_DRAWN,
    }
)


def parts_of(entries: list[Plain]) -> list[Plain]:
    """The entries in parts that are of people or of the machine alone; what a machine did is not read every time."""
    return [
        {"is_machine": is_machine, "entries": list(part)}
        for is_machine, part in groupby(entries, key=lambda each: each["kind"] in MACHINE_LINES)
    ]
