"""What a Chinese document shares with the English one: headings, samples, tables and the words of the code."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import zip_longest

from hub.domain.lifecycle import Status

_CODE = re.compile(r"`([^`]+)`")
_FENCE = re.compile(r"\s*```")
_BAR = re.compile(r"(?<!\\)\|")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table: how it begins, and the words of the code in each of its cells."""

    begins: str
    cells: tuple[Counter[str], ...]

    @property
    def key(self) -> tuple[tuple[str, ...], ...]:
        """What tells it from other lines, in either language."""
        return tuple(tuple(sorted(cell.elements())) for cell in self.cells)


@dataclass(slots=True)
class Section:
    """What stands under one heading, up to the next. `words` are those in backticks outside of tables."""

    heading: str
    blocks: list[str] = field(default_factory=list)
    tables: list[list[Row]] = field(default_factory=list)
    words: set[str] = field(default_factory=set)

    @property
    def level(self) -> int:
        """0 for what stands before the first heading."""
        return len(self.heading) - len(self.heading.lstrip("#"))


def sections_of(text: str) -> list[Section]:
    """The document by its headings; what stands before the first is a section without one."""
    found = [Section("")]
    prose: list[str] = []
    lines = iter(text.splitlines())
    in_table = False

    def close() -> None:
        words = _CODE.findall(" ".join(prose))
        found[-1].words |= {" ".join(each.split()) for each in words}
        prose.clear()

    for line in lines:
        if _FENCE.match(line):
            found[-1].blocks.append(_block(line, lines))
        elif line.startswith("#"):
            close()
            found.append(Section(line))
        elif line.startswith("|"):
            cells = _BAR.split(line.strip().strip("|"))
            row = Row(cells[0].strip(), tuple(Counter(_CODE.findall(cell)) for cell in cells))
            if not in_table:
                found[-1].tables.append([])
            found[-1].tables[-1].append(row)
        else:
            prose.append(line)
        in_table = line.startswith("|")
    close()
    return found


def _block(fence: str, lines: Iterator[str]) -> str:
    """The block whose fence was read, without what it is indented by."""
    indent = len(fence) - len(fence.lstrip())
    taken = [fence[indent:]]
    for line in lines:
        taken.append(line[indent:])
        if _FENCE.match(line):
            break
    return "\n".join(taken)


def out_of_step(english: str, chinese: str) -> list[str]:
    """A sentence for each thing of the English document that the Chinese one lacks, or has otherwise."""
    theirs, ours = sections_of(english), sections_of(chinese)
    if [each.level for each in theirs] != [each.level for each in ours]:
        return list(_headings(theirs, ours))
    return [
        f"under “{(mine.heading or 'its beginning').strip('# ')}” {fault}"
        for his, mine in zip(theirs, ours, strict=True)
        for fault in (*_blocks(his, mine), *_tables(his, mine), *_words(his, mine))
    ]


def _headings(theirs: list[Section], ours: list[Section]) -> Iterator[str]:
    """Which heading has no counterpart: sections are told apart by the words of the code in them."""
    before, after = (
        [(str(each.level), *sorted(each.words), *each.blocks) for each in document] for document in (theirs, ours)
    )
    for _, begin, end, from_, to in SequenceMatcher(a=before, b=after, autojunk=False).get_opcodes():
        for his, mine in zip_longest(theirs[begin:end], ours[from_:to]):
            if mine is None:
                yield f"there is no heading for “{his.heading}”"
            elif his is None:
                yield f"the heading “{mine.heading}” is of nothing in the English document"
            elif his.level != mine.level:
                yield f"“{mine.heading}” is not of the level of “{his.heading}”"


def _blocks(his: Section, mine: Section) -> Iterator[str]:
    for theirs, ours in zip_longest(his.blocks, mine.blocks, fillvalue=""):
        if _as_compared(theirs) == _as_compared(ours):
            continue
        first = next(
            (a for a, b in zip_longest(theirs.splitlines()[1:], ours.splitlines()[1:], fillvalue="") if a != b), ""
        )
        yield f"a sample is missing or other than in English, from the line “{first}” on"


def _as_compared(block: str) -> object:
    """A sample is compared byte for byte; of a drawing, which has words for people, the statuses in their order."""
    if "──" not in block:
        return block
    return [each for each in re.findall(r"[a-z_]+", block) if each in set(Status)]


def _tables(his: Section, mine: Section) -> Iterator[str]:
    nothing: list[Row] = []
    for theirs, ours in zip_longest(his.tables, mine.tables, fillvalue=nothing):
        if len(theirs) == len(ours):
            for row, own in zip(theirs, ours, strict=True):
                yield from _rows(row, own)
            continue
        keys = [row.key for row in theirs], [row.key for row in ours]
        for _, begin, end, from_, to in SequenceMatcher(a=keys[0], b=keys[1], autojunk=False).get_opcodes():
            for lacking in theirs[begin + (to - from_) : end]:
                yield f"a table has no line for “{lacking.begins}”"
            for added in ours[from_ + (end - begin) : to]:
                yield f"a table has a line “{added.begins}” that the English one has not"


def _rows(row: Row, own: Row) -> Iterator[str]:
    if len(row.cells) != len(own.cells):
        yield f"the line “{own.begins}” has {len(own.cells)} columns and in English {len(row.cells)}"
    for cell, own_cell in zip(row.cells, own.cells, strict=False):
        if cell != own_cell:
            yield f"the line “{own.begins}” has not the same words of the code: {_differ(cell, own_cell)}"


def _differ(cell: Counter[str], own: Counter[str]) -> str:
    missing, added = sorted((cell - own).elements()), sorted((own - cell).elements())
    return "; ".join([*(f"“{each}” is missing" for each in missing), *(f"“{each}” is too much" for each in added)])


def _words(his: Section, mine: Section) -> Iterator[str]:
    yield from (f"the word “{each}” is missing" for each in sorted(his.words - mine.words))
    yield from (f"the word “{each}” stands in the Chinese alone" for each in sorted(mine.words - his.words))
