"""Patterns: a story as a short program that says all its rows anew for another person at another bank.

What differs from copy to copy are marks: ids, numbers, names, each as long in every copy. A text is a form with places
for marks and for what follows from them, digests first; what is sealed is a form that is sealed for its own place.
"""

import hashlib
import json
import os
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from operator import itemgetter
from typing import Final

from hub.domain.case_search import keys_of
from hub.domain.log_chain import Attachment, header_bytes
from hub.domain.log_chain import Entry as Header
from hub.domain.plain import from_plain
from hub.domain.submission import Submission
from storage.records import Record
from storage.sealing import Keyring
from tests.bench.million.reading import Row, Rows, Sealed, copied

Deed = Callable[[list[str]], str]
"""Makes the next value out of those before it."""
_DIGEST: Final = "[0-9a-f]{64}"
_HIDDEN: Final = "\\\\x"
# What is alike in no two people's cases, and found by nobody here.
_DRAWN: Final = frozenset({("application_trace", "digest"), ("evidence_trace", "digest")})
# What stands for no time at all is later.
_NO_TIME: Final = datetime(2100, 1, 1, tzinfo=UTC)
_Source = tuple[bytes, str]


class Form:
    """A text with places, to be filled with the values there."""

    def __init__(self, pieces: Sequence[str | int]) -> None:
        self.places = tuple(each for each in pieces if isinstance(each, int))
        if self.places:
            self._said = "".join("%s" if isinstance(each, int) else each.replace("%", "%%") for each in pieces)
            self._values = itemgetter(*self.places)
        else:
            self._said = "".join(map(str, pieces))

    def of(self, values: list[str]) -> str:
        """The text with these values."""
        return self._said % self._values(values) if self.places else self._said


class Pattern:
    """One story's program: `tables` are forms of what `COPY` takes, once `deeds` have been done behind the marks."""

    def __init__(self, rows: Rows, marks: Mapping[str, str], reasons: Sequence[str], keyring: Keyring) -> None:
        """`marks` are those beside ids, by what they are; `reasons` the marks of reasons at the story's bank."""
        self._keyring, self._rows = keyring, rows
        self.ids = sorted(rows.ids)
        self.ids_apart = _apart(rows, self.ids)
        spelt = [*self.ids, *marks.values(), *reasons]
        self._place_of = {text: place for place, text in reversed(list(enumerate(spelt)))}
        self._named = {name: len(self.ids) + place for place, name in enumerate(marks)}
        words = sorted((text for text in spelt if text), key=len, reverse=True)
        alone = "|".join(map(re.escape, words))
        self._words = re.compile(rf"(?<![0-9A-Za-z])({alone}|{_DIGEST})(?![0-9A-Za-z])")
        self._count = len(spelt)
        self.deeds: list[Deed] = []
        self._sources, self._ends = _sources(rows)
        self._digests: dict[str, int | None] = {}
        self.tables = {table: self._table(table, found) for table, found in rows.tables.items()}
        self.leaves = [(length, self._places(digest)) for length, digest in self._ends]
        self.chain = self._place_of[rows.one("negotiation")["id"]]

    def _do(self, deed: Deed) -> int:
        self.deeds.append(deed)
        return self._count + len(self.deeds) - 1

    def _places(self, text: str) -> Form:
        return Form(self._pieces(text))

    def _pieces(self, text: str) -> Sequence[str | int]:
        found: list[str | int] = []
        for place, part in enumerate(self._words.split(text)):
            named = self._place_of_word(part) if place % 2 else None
            found.append(part if named is None else named)
        return found

    def _place_of_word(self, word: str) -> int | None:
        place = self._place_of.get(word)
        return self._digest(word) if place is None else place

    def _digest(self, word: str) -> int | None:
        if word not in self._sources:
            return None
        if word not in self._digests:
            before, text = self._sources[word]
            form = self._places(text)
            self._digests[word] = self._do(_hashed(before, form)) if form.places else None
        return self._digests[word]

    def _table(self, name: str, rows: Iterable[Row]) -> Form:
        pieces: list[str | int] = []
        columns = Record.metadata.tables[name].columns.keys()
        for row in rows:
            for place, column in enumerate(columns):
                pieces += ["\t" if place else "", *self._cell(name, column, row)]
            pieces.append("\n")
        return Form(pieces)

    def _cell(self, table: str, column: str, row: Row) -> Sequence[str | int]:
        value = row[column]
        if isinstance(value, Sealed):
            return [_HIDDEN, self._do(self._sealed(table, value))]
        if table == "negotiation" and column in {"log_mac", "log_covered"}:
            return [self._do(self._mac(row)) if column == "log_mac" else str(row["log_length"])]
        if (table, column) == ("search_key", "key"):
            return [_HIDDEN, self._do(self._search_key(value, row["bank_code"]))]
        if (table, column) in _DRAWN:
            return [_HIDDEN, self._do(lambda _values: os.urandom(len(value)).hex())]
        return [_HIDDEN, *self._pieces(value.hex())] if isinstance(value, bytes) else self._pieces(copied(value))

    def _mac(self, row: Row) -> Deed:
        # Heads are signed over all copies.
        end = self._places(f"{row['id']}/{row['log_length']}/{row['log_head']}")
        return lambda values: self._keyring.sign(end.of(values).encode(), purpose="log_end")

    def _sealed(self, table: str, value: Sealed) -> Deed:
        row, column, seal = self._places(value.row), value.column, self._keyring.seal
        try:
            form = self._places(value.clear.decode())
        except UnicodeDecodeError:
            return lambda values: seal(value.clear, table=table, column=column, row=row.of(values)).hex()
        return lambda values: seal(form.of(values), table=table, column=column, row=row.of(values)).hex()

    def _search_key(self, key: bytes, bank_code: str) -> Deed:
        submission = max(self._rows.tables["submission"], key=lambda each: each["version"])["body_sealed"]
        reference = self._rows.one("negotiation")["reference"]
        for each in keys_of(reference, from_plain(Submission, json.loads(submission.clear))):
            if self._keyring.index(f"{bank_code}/{each}", purpose="search")[: len(key)] == key:
                break
        else:
            raise ValueError("a search key that nothing is found by")
        kind, _, sought = each.partition("/")
        place, code, end = self._named["card_end" if kind == "card" else kind], self._named["bank_code"], len(sought)

        def deed(values: list[str]) -> str:
            text = f"{values[code]}/{kind}/{values[place][-end:]}"
            return self._keyring.index(text, purpose="search")[: len(key)].hex()

        return deed


def _apart(rows: Rows, ids: Sequence[str]) -> list[tuple[str, str]]:
    """What stands before and behind a copy's number in each id, of the time at which the story had it made.

    The stories were told in minutes, and their ids are of these; what is asked by ids asks for times.
    """
    born: dict[str, datetime] = {}
    for row in (row for of_table in rows.tables.values() for row in of_table if "id" in row):
        times = [each for each in row.values() if isinstance(each, datetime) and each < _NO_TIME]
        if times:
            born[row["id"]] = min(times)
    ranks: dict[datetime, int] = defaultdict(int)
    found = []
    for each in ids:
        at = born.get(each)
        if at is None:
            found.append((each[:16], each[24:]))
            continue
        # Of one moment many were made, one after the other.
        ranks[at] += 1
        found.append((f"{int(at.timestamp() * 1000):012x}7{ranks[at]:03x}", each[24:]))
    return found


def _hashed(before: bytes, form: Form) -> Deed:
    return lambda values: hashlib.sha256(before + form.of(values).encode()).hexdigest()


def _sources(rows: Rows) -> tuple[dict[str, _Source], list[tuple[int, str]]]:
    """What each digest is of: bytes that are the same in every copy, and the text behind them.

    And (length, digest) of the chain half way and at its end.
    """
    found: dict[str, _Source] = {}

    def note(before: bytes, clear: bytes) -> None:
        found[hashlib.sha256(before + clear).hexdigest()] = before, clear.decode()

    salts = [each["salt_sealed"].clear for each in rows.tables["content_salt"]]
    for name, of_table in rows.tables.items():
        for value in (each for row in of_table for each in row.values() if isinstance(each, Sealed)):
            if name in {"content_salt", "log_content"} or not _is_text(value.clear):
                continue
            for salt in (b"", *salts):
                note(salt, value.clear)
    for row in rows.tables["log_content"]:
        note(row["salt_sealed"].clear, row["text_sealed"].clear)
    entries = sorted(rows.tables["log_entry"], key=lambda each: each["sequence"])
    for row in entries:
        note(b"\x00", header_bytes(_header(row).header))
    ends = [(each["sequence"], each["digest"]) for each in (entries[len(entries) // 2], entries[-1])]
    return found, ends


def _is_text(clear: bytes) -> bool:
    try:
        clear.decode()
    except UnicodeDecodeError:
        return False
    return True


def _header(row: Row) -> Header:
    return Header(
        negotiation=row["negotiation_id"],
        sequence=row["sequence"],
        at=row["at"],
        channel=row["channel"],
        party=row["party"],
        kind=row["kind"],
        event=row["event"],
        from_status=row["from_status"],
        to_status=row["to_status"],
        attachments=from_plain(tuple[Attachment, ...], row["attachments"]),
        content=row["content"],
        previous=row["previous"],
    )
