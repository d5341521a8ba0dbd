"""Copies of stories: which there are to be, for whom and at which bank, and one process's part of writing them."""

import struct
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from typing import Final

import psycopg

from hub.domain.application import HardshipReason
from hub.domain.identifiers import IdType
from hub.domain.masks import mask_name
from hub.services.applications.person_index import person_index
from hub.services.transaction import HubTransaction
from storage import queue_index
from storage.records import Record
from tests.bench.million.patterns import Pattern
from tests.bench.million.reading import Rows
from tests.bench.million.stories import Plot
from tests.bench.million.world import BANKS, FIRST_COPY, GROWING, MEASURED, Somebody, bank_name, people_of, somebody

# So many are written in one transaction.
LOT: Final = 250
MEASURED_OPEN: Final = 300
_GROWING_SHARE, _OTHERS_SHARE = 0.04, 0.01
LEAF: Final = struct.Struct("32sH64s")
"""A chain's name, a length and the digest there, as they are left for who signs heads."""


@dataclass(frozen=True, slots=True)
class At:
    """A bank as copies name it."""

    code: str
    people: tuple[str, ...]
    reasons: tuple[str, ...]

    @classmethod
    def of(cls, tx: HubTransaction, code: str) -> "At":
        """The bank with its people and the marks of reasons there."""
        reasons = (queue_index.marks_of(tx, code, [each])[0] for each in HardshipReason)
        return cls(code, tuple(people_of(tx, code)), tuple(reasons))


@dataclass(frozen=True, slots=True)
class Told:
    """A story that is to be copied, by whom it was told of."""

    plot: Plot
    person: Somebody
    rows: Rows


def marks_of(tx: HubTransaction, person: Somebody, at: At, numbers: Sequence[str]) -> dict[str, str]:
    """What tells one copy from another beside its ids; `numbers` are of application, negotiation and agreement."""
    application, reference, agreement = numbers
    return {
        "reference": reference,
        "application": application,
        "agreement": agreement,
        "id_number": person.id_number,
        "mobile": person.mobile,
        "mobile_end": person.mobile[-4:],
        "subject": person.subject,
        "email": person.email,
        "card": person.card(BANKS[0]),
        "card_end": person.card(BANKS[0])[-4:],
        "name": person.name,
        "masked": mask_name(person.name),
        "bank_code": at.code,
        "bank_name": bank_name(at.code),
        **{f"colleague_{place}": id_ for place, id_ in enumerate(at.people)},
        "person_index": person_index(tx, IdType.RESIDENT_ID, person.id_number).hex(),
        "subject_index": tx.keyring.index(person.subject, purpose="subject").hex(),
        "mobile_index": tx.keyring.index(person.mobile, purpose="mobile").hex(),
    }


def numbers_of(rows: Rows) -> list[str]:
    """The numbers of the application, the negotiation and, where there is one, the agreement."""
    agreements = [each["number"] for each in rows.tables["agreement"]]
    return [rows.one("application")["reference"], rows.one("negotiation")["reference"], *(agreements or [""])]


def pattern_of(tx: HubTransaction, told: Told, at: At) -> Pattern:
    """The story, told at that bank, as a pattern."""
    marks = marks_of(tx, told.person, at, numbers_of(told.rows))
    return Pattern(told.rows, marks, at.reasons, tx.keyring)


def plan(stories: Sequence[Told], many: int) -> Iterator[tuple[int, str]]:
    """(which story, bank code) of each copy, those first that were sent first."""
    wanted = _wanted(stories, many)
    order = sorted(range(len(stories)), key=lambda each: stories[each].rows.one("application")["submitted_at"])
    for which in order:
        for code, count in wanted[which].items():
            yield from [(which, code)] * count


def _wanted(stories: Sequence[Told], many: int) -> dict[int, dict[str, int]]:
    found: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    is_open = [which for which, each in enumerate(stories) if each.plot.weight is None]
    ended = [which for which, each in enumerate(stories) if each.plot.weight is not None]
    others = [code for code in BANKS if code not in {MEASURED, GROWING}]
    opened = 0
    for codes, count in (
        ([MEASURED], min(MEASURED_OPEN, many // 3)),
        ([GROWING], int(many * _GROWING_SHARE)),
        (others, int(many * _OTHERS_SHARE)),
    ):
        opened += count
        for which, code in islice(zip(cycle(is_open), cycle(codes)), count):
            found[which][code] += 1
    weights = {which: (stories[which].plot.weight or 0) / len(stories[which].plot.days_ago) for which in ended}
    left, banks = many - opened, cycle(BANKS)
    for place, which in enumerate(ended):
        rest = sum(weights[each] for each in ended[place:])
        count = round(left * weights[which] / rest)
        left -= count
        for code in islice(banks, count):
            found[which][code] += 1
    return found


class Writer:
    """One process's connection, and the lots that it has still to write."""

    def __init__(self, tx: HubTransaction, address: str, stories: Sequence[Told], leaves: Path) -> None:
        self._tx, self._leaves = tx, leaves
        self._at = {code: At.of(tx, code) for code in BANKS}
        self._patterns = [pattern_of(tx, each, self._at[BANKS[0]]) for each in stories]
        self._numbers = [numbers_of(each.rows) for each in stories]
        self._connection = psycopg.connect(address)
        # Rows come whole and from one hand: what refers to what was checked when the stories were told.
        self._connection.execute("SET session_replication_role = replica")
        self._connection.commit()

    def write(self, first: int, lot: Sequence[tuple[int, str]]) -> None:
        """The copies stand in the database, numbered from `first` on; their leaves lie in a file of that number."""
        rows: dict[str, list[str]] = defaultdict(list)
        halves: list[bytes] = []
        ends: list[bytes] = []
        for number, (which, code) in enumerate(lot, start=first):
            pattern, values = self._patterns[which], self._values(which, code, number)
            for deed in pattern.deeds:
                values.append(deed(values))
            for table, form in pattern.tables.items():
                rows[table].append(form.of(values))
            for leaves, (length, digest) in zip((halves, ends), pattern.leaves, strict=True):
                leaves.append(LEAF.pack(values[pattern.chain].encode(), length, digest.of(values).encode()))
        with self._connection.transaction():
            for table, lines in rows.items():
                columns = ", ".join(Record.metadata.tables[table].columns.keys())
                with self._connection.cursor().copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                    copy.write("".join(lines))
        (self._leaves / f"{first:08d}").write_bytes(b"".join([*sorted(halves), *sorted(ends)]))

    def _values(self, which: int, code: str, number: int) -> list[str]:
        person, end = somebody(FIRST_COPY + number), f"{number % 10**6:06d}"
        numbers = [each and each[:-6] + end for each in self._numbers[which]]
        at = self._at[code]
        own = f"8{number:07x}"
        ids = [f"{head}{own}{tail}" for head, tail in self._patterns[which].ids_apart]
        return [*ids, *marks_of(self._tx, person, at, numbers).values(), *at.reasons]

    def close(self) -> None:
        """The connection is closed."""
        self._connection.close()
