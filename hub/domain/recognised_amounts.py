"""Amounts that a machine recognised on a paper: hints for whoever reads it, never what it says.

A machine misreads. Nobody is offered, refused or asked anything because of such an amount: a clerk compares each with
the paper and presses before it is even in a form.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from hub.domain.evidence import EvidenceKind
from hub.domain.evidenced_figures import says_something_of_the_month

MOST_AMOUNTS: Final = 40
"""So many of a file are kept: a payslip has fewer, and a list of more is no help to anybody."""
MOST_LABEL: Final = 20
MOST_FEN: Final = 9_999_999_999
"""99,999,999.99 yuan: what is more is a number of something else."""
_LONGEST_LINE: Final = 400
_WAN: Final = 10_000

_CHINESE: Final = r"[\u3400-\u9fff]"
# The machine puts blanks between characters of one word, and behind the marks within a number.
_WORD_IN_SINGLE_SIGNS: Final = re.compile(rf"(?<!{_CHINESE}){_CHINESE}(?:[ \t]+{_CHINESE}(?!{_CHINESE}))+")
_BLANK_BEFORE_THOUSANDS: Final = re.compile(r"(?<=\d)[ \t]*,[ \t]*(?=\d{3}(?!\d))")
_BLANK_BEFORE_DECIMALS: Final = re.compile(r"(?<=\d)[ \t]*\.[ \t]*(?=\d{2}(?!\d))")
# What is told from other numbers by thousands that are parted, by two decimals, by its sign or by its unit.
_AMOUNT: Final = re.compile(
    r"(?<!\d)(?<!\d[.,:/-])(?P<sign>[¥￥]\s*)?"
    r"(?P<number>\d{1,3}(?:,\d{3})+|\d{1,10})(?P<decimals>\.\d{1,4})?"
    r"(?P<unit>\s*万?元)?(?![\d,:/%年月日号]|\.\d)"
)
# Beside one of these a bare number is an amount too.
_PAY: Final = re.compile(
    r"(?:工资|薪|奖金|津贴|补贴|补助|应发|实发|扣款|合计|小计|总额|金额|保险|公积金|个税|税额|余额|收入|支出)$"
)
_MOST_BARE: Final = 7
_AROUND_A_LABEL: Final = " \t:;,.|'\"“”‘’·、。-_—~=+*/\\<>¥￥[]{}"
_LETTER: Final = re.compile(rf"{_CHINESE}|[A-Za-z]")
# What the machine makes of ¥, and of dots that lead to a number.
_STRAY: Final = re.compile(r"[\s:]+\S$")


@dataclass(frozen=True, slots=True, kw_only=True)
class RecognisedAmount:
    """An amount as it was recognised. `label` is what stands before it, may be empty; `page` counts from 1."""

    label: str
    amount_fen: int
    page: int


def is_read(kind: str) -> bool:
    """Whether files of that kind are looked at for amounts: papers that say something of the month, and no others."""
    return kind in set(EvidenceKind) and says_something_of_the_month(EvidenceKind(kind))


def amounts_in(pages: Sequence[str]) -> tuple[RecognisedAmount, ...]:
    """The amounts in the text of these pages, in their order, each with its label once; at most `MOST_AMOUNTS`."""
    found: dict[RecognisedAmount, None] = {}
    seen: set[tuple[str, int]] = set()
    for page, text in enumerate(pages, 1):
        for label, amount_fen in _in_text(text):
            if (label, amount_fen) in seen:
                continue
            seen.add((label, amount_fen))
            found[RecognisedAmount(label=label, amount_fen=amount_fen, page=page)] = None
            if len(found) == MOST_AMOUNTS:
                return tuple(found)
    return tuple(found)


def _in_text(text: str) -> Iterator[tuple[str, int]]:
    before = ""
    for raw in text.splitlines():
        line = _plain(raw[:_LONGEST_LINE])
        amounts = list(_in_line(line, before))
        yield from amounts
        if line:
            # A form may have its words in one line and the number in the next.
            before = "" if amounts or _has_digit(line) else _label(line)


def _plain(line: str) -> str:
    """With digits and marks of one width, and without the blanks that the machine put in."""
    line = unicodedata.normalize("NFKC", line).replace("−", "-")
    line = _WORD_IN_SINGLE_SIGNS.sub(lambda word: "".join(word[0].split()), line)
    line = _BLANK_BEFORE_THOUSANDS.sub(",", line)
    return _BLANK_BEFORE_DECIMALS.sub(".", line).strip()


def _has_digit(line: str) -> bool:
    return any(each.isdigit() for each in line)


def _in_line(line: str, before: str) -> Iterator[tuple[str, int]]:
    at = 0
    for match in _AMOUNT.finditer(line):
        label = _label(line[at : match.start()])
        at = match.end()
        amount_fen = _fen(match, label or before)
        if amount_fen is not None:
            yield label or before, amount_fen
            before = ""


def _label(text: str) -> str:
    """The word at the end of `text`, of at most `MOST_LABEL` signs; empty where there is none.

    One word alone, so that nothing of what stands before it, such as a name, comes along.
    """
    text = text.rstrip()
    stray = _STRAY.search(text)
    if stray is not None and _LETTER.search(text[: stray.start()]):
        text = text[: stray.start()]
    words = text.strip(_AROUND_A_LABEL).split()
    label = "" if not words else words[-1][-MOST_LABEL:].strip(_AROUND_A_LABEL)
    return label if _LETTER.search(label) else ""


def _fen(match: re.Match[str], label: str) -> int | None:
    """The amount; None for a number that is told by nothing to be one, and for none and too much."""
    whole, decimals, unit = match["number"], match["decimals"] or "", (match["unit"] or "").strip()
    is_wan = unit == "万元"
    if len(decimals) > 3 and not is_wan:
        return None
    is_told = bool(match["sign"] or unit or "," in whole or len(decimals) == 3)
    if not is_told and (decimals or len(whole) > _MOST_BARE or not _PAY.search(label)):
        return None
    fen = Decimal(whole.replace(",", "") + decimals) * 100 * (_WAN if is_wan else 1)
    return int(fen) if 0 < fen <= MOST_FEN else None
