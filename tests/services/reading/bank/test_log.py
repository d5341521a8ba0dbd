"""The log as a bank's people read it: the person's last word on top, and the machine's lines folded away."""

import pytest

from hub.domain.actor import Party
from hub.domain.entry_kind import EntryKind
from hub.services.reading.bank.log import LogLine, change_since, last_word_of, newest_lines, parts_of
from hub.services.reading.bank.people import Author
from tests.services.case import Case

PERSON, BANK, MACHINE = Party.CARDHOLDER, Party.BANK, Party.HUB


def line(party: Party, kind: str, text: str = "") -> LogLine:
    author = Author(party=party, name=None)
    return LogLine(at="2026-11-20T09:00:00Z", party=party, kind=kind, text=text, author=author, files=())


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([], None),
        ([line(PERSON, EntryKind.MESSAGE, "在吗")], "在吗"),
        ([line(PERSON, EntryKind.MESSAGE, "在吗"), line(BANK, EntryKind.MESSAGE, "在")], None),
        # What the hub notes of its own work hides nobody's word.
        ([line(PERSON, EntryKind.MESSAGE, "在吗"), line(MACHINE, EntryKind.DELIVERED)], "在吗"),
        # That a file cannot be opened is the person's affair, though the hub says it.
        ([line(MACHINE, EntryKind.EVIDENCE_REJECTED, "打不开")], "打不开"),
        # What was answered stands in the message before.
        ([line(PERSON, EntryKind.MESSAGE, "补好了"), line(PERSON, EntryKind.ANSWERED, "已补充材料。")], "补好了"),
        ([line(PERSON, EntryKind.ANSWERED, "已补充材料。")], "已补充材料。"),
        ([line(PERSON, EntryKind.WITHDRAWN, "不用了")], None),
    ],
)
def test_the_persons_last_word(lines: list[LogLine], expected: str | None) -> None:
    found = last_word_of(lines)
    assert (found and found.text) == expected


def test_lines_of_the_machine_are_parts_of_their_own() -> None:
    lines = [
        line(PERSON, EntryKind.SUBMITTED),
        line(MACHINE, EntryKind.SCREENED),
        line(MACHINE, EntryKind.DELIVERED),
        line(BANK, EntryKind.MESSAGE),
    ]
    assert [(part.is_machine, len(part.entries)) for part in parts_of(lines)] == [(False, 1), (True, 2), (False, 1)]


def test_the_newest_change_of_a_person_goes_before_one_of_the_hub(case: Case) -> None:
    with case.row() as (_, negotiation):
        before = negotiation.log_length
    case.offer()
    case.accept(case.offer())
    case.work_off()
    with case.row() as (tx, negotiation):
        newest = newest_lines(tx, negotiation, {})[-1]
        change = change_since(tx, case.id, before, {})
        assert change_since(tx, case.id, negotiation.log_length, {}) is None
    assert newest.party == MACHINE
    assert change is not None
    assert (change.party, change.kind) == (PERSON, EntryKind.ACCEPTED)
