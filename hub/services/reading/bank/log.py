"""The log as a bank's people read it: in parts, with who wrote what, and the person's last word on top."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Final

from hub.domain.actor import Party
from hub.domain.entry_kind import EntryKind
from hub.domain.labels import EVIDENCE_KINDS
from hub.domain.log_chain import Attachment
from hub.domain.plain import instant
from hub.services.evidence.recordings import RECORDING
from hub.services.reading.bank.people import Author, author_of
from hub.services.reading.log_parts import MACHINE_LINES
from hub.services.transaction import HubTransaction
from storage import communications
from storage.bank_queue import UNREADABLE
from storage.communications import Entry
from storage.records import NegotiationRecord

MOST_ENTRIES: Final = 200
"""The log is shown from its end; hardly any is longer."""

LAST_WORDS: Final = (
    EntryKind.MESSAGE,
    EntryKind.ANSWERED,
    EntryKind.DECLINED,
    EntryKind.CALL_RECORD,
    EntryKind.AMENDMENT_ASKED,
    UNREADABLE,
)
"""What the person did last that somebody at the bank has to see, by the kinds of the log."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogLine:
    """One entry of the log. `at` is an RFC 3339 time; `text` is None once erased; `files` are those to be read."""

    at: str
    party: Party
    kind: str
    text: str | None
    author: Author
    files: tuple[Attachment, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LogPart:
    """Entries in a row that are all the machine's, or all of people."""

    is_machine: bool
    entries: tuple[LogLine, ...]


def newest_lines(tx: HubTransaction, negotiation: NegotiationRecord, names: Mapping[str, str]) -> list[LogLine]:
    """The last entries of the log, at most `MOST_ENTRIES`, oldest first."""
    after = max(0, negotiation.log_length - MOST_ENTRIES)
    entries = communications.list_entries(tx, negotiation.id, after=after, limit=MOST_ENTRIES)
    return [_line(each, names) for each in entries]


def _line(entry: Entry, names: Mapping[str, str]) -> LogLine:
    header = entry.header
    return LogLine(
        at=instant(header.at),
        party=Party(header.party),
        kind=header.kind,
        text=entry.text,
        author=author_of(entry.actor, names),
        files=tuple(each for each in header.attachments if each.kind in EVIDENCE_KINDS or each.kind == RECORDING),
    )


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


def change_since(tx: HubTransaction, negotiation_id: str, seen: int, names: Mapping[str, str]) -> LogLine | None:
    """The newest entry of the log behind number `seen`, one of a person before one of the hub; None at its end."""
    entries = communications.list_entries(tx, negotiation_id, after=seen, limit=MOST_ENTRIES)
    of_people = [each for each in entries if each.header.party != Party.HUB]
    newest = (of_people or entries)[-1:]
    return _line(newest[0], names) if newest else None
