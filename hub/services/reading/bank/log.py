"""The log as a bank's people read it: in parts, with who wrote what, and the person's last word on top."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Final

from hub.domain.actor import Party
from hub.domain.consent_ledger import Withheld
from hub.domain.entry_kind import EntryKind
from hub.domain.labels import EVIDENCE_KINDS
from hub.domain.last_word import LAST_WORDS, UNREADABLE
from hub.domain.log_chain import FILE, Attachment
from hub.domain.plain import instant
from hub.services.evidence.recordings import RECORDING
from hub.services.negotiations import logged_files
from hub.services.reading.bank.people import Author, author_of, names_of
from hub.services.reading.log_parts import MACHINE_LINES
from hub.services.transaction import HubTransaction
from storage import access_log, communications, consents, desk, negotiations
from storage.communications import Entry
from storage.records import NegotiationRecord

MOST_ENTRIES: Final = 200
"""The log is shown from its end; hardly any is longer."""

MOST_NOTES: Final = 20
"""So many internal notes stand with the log, and on each page of older ones."""

NOTE: Final = "internal_note"
"""The kind of a line that is no entry of the log: a note of the bank's people for each other."""


_FILES: Final = frozenset({*EVIDENCE_KINDS, RECORDING, FILE})


@dataclass(frozen=True, slots=True, kw_only=True)
class LogLine:
    """One entry of the log. `at` is an RFC 3339 time; `text` is None once erased; `files` are those to be read.

    `kept_back`: how many files came with it that the bank is no longer given.
    """

    at: str
    party: Party
    kind: str
    text: str | None
    author: Author
    files: tuple[Attachment, ...]
    kept_back: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class LogPart:
    """Entries in a row that are all the machine's, or all of people."""

    is_machine: bool
    entries: tuple[LogLine, ...]


def newest_lines(tx: HubTransaction, negotiation: NegotiationRecord, names: Mapping[str, str]) -> list[LogLine]:
    """The last entries of the log, at most `MOST_ENTRIES`, oldest first."""
    after = max(0, negotiation.log_length - MOST_ENTRIES)
    entries = communications.list_entries(tx, negotiation.id, after=after, limit=MOST_ENTRIES)
    withheld = consents.withheld_of(tx, negotiation)
    named = logged_files.with_kinds(tx, entries)
    return [_line(each, attachments, names, withheld) for each, attachments in named]


def _line(entry: Entry, attachments: Sequence[Attachment], names: Mapping[str, str], withheld: Withheld) -> LogLine:
    header = entry.header
    files = [each for each in attachments if each.kind in _FILES]
    given = [each for each in files if not withheld.holds(each.id, each.kind)]
    return LogLine(
        at=instant(header.at),
        party=Party(header.party),
        kind=header.kind,
        text=entry.text,
        author=author_of(entry.actor, names),
        files=tuple(given),
        kept_back=len(files) - len(given),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Notes:
    """Some internal notes as lines beside the log, the newest first; the log itself has none of them.

    `older_than` is the id of the last one where there are older ones, empty where there are none.
    """

    lines: tuple[LogLine, ...]
    older_than: str


def notes_of(
    tx: HubTransaction, negotiation: NegotiationRecord, names: Mapping[str, str], *, before: str = ""
) -> Notes:
    """The newest of the bank's internal notes, `MOST_NOTES` at most; those older than the note `before`."""
    found = desk.list_notes(tx, negotiation.id, bank_code=negotiation.bank_code, limit=MOST_NOTES + 1, before=before)
    shown = found[:MOST_NOTES]
    return Notes(
        lines=tuple(
            LogLine(
                at=instant(each.at),
                party=Party.BANK,
                kind=NOTE,
                text=desk.text_of(tx, each),
                author=author_of(each.actor, names),
                files=(),
            )
            for each in shown
        ),
        older_than=shown[-1].id if len(found) > MOST_NOTES else "",
    )


def older_notes(tx: HubTransaction, negotiation_id: str, before: str, *, bank_code: str) -> Notes:
    """The notes of the bank's case that are older than that one; the look is on record. Raises `NotFound`."""
    row = negotiations.get_of_bank(tx, negotiation_id, bank_code=bank_code)
    access_log.note_reading(tx, row, tx.actor, "negotiation")
    return notes_of(tx, row, names_of(tx, bank_code), before=before)


def parts_of(lines: Sequence[LogLine]) -> tuple[LogPart, ...]:
    """The lines in parts; what a machine did is not read every time."""
    return tuple(
        LogPart(is_machine=is_machine, entries=tuple(part))
        for is_machine, part in groupby(lines, key=lambda each: each.kind in MACHINE_LINES)
    )


def last_word_of(lines: Sequence[LogLine]) -> LogLine | None:
    """The person's last word, where nobody at the bank has said or done anything since; `lines` oldest first."""
    spoken = [
        each
        for each in lines
        if each.kind not in MACHINE_LINES and (each.party != Party.HUB or each.kind == UNREADABLE)
    ]
    last = spoken[-1] if spoken else None
    if last is None or last.kind not in LAST_WORDS or last.party == Party.BANK:
        return None
    if last.kind != EntryKind.ANSWERED:
        return last
    # What was answered stands in the message before.
    messages = [each.text for each in spoken if (each.party, each.kind) == (Party.CARDHOLDER, EntryKind.MESSAGE)]
    return replace(last, text=messages[-1] if messages else last.text)


def change_since(
    tx: HubTransaction, negotiation_id: str, seen: int, names: Mapping[str, str], *, but: str = ""
) -> LogLine | None:
    """The newest entry of the log behind number `seen`, one of a person before one of the hub; None at its end.

    What the actor `but` did is no news to them.
    """
    behind = communications.list_entries(tx, negotiation_id, after=seen, limit=MOST_ENTRIES)
    entries = [each for each in behind if each.actor != but]
    of_people = [each for each in entries if each.header.party != Party.HUB]
    newest = (of_people or entries)[-1:]
    named = logged_files.with_kinds(tx, newest)
    return next((_line(each, attachments, names, Withheld()) for each, attachments in named), None)
