"""Where a case stands in the list that one came from: carried in the list's address, so that nothing is counted."""

from dataclasses import dataclass, replace
from typing import Final, Self
from urllib.parse import parse_qsl, urlencode

from hub.web.pages.translation import translate

_FROM: Final = "from"
_AT: Final = "at"
_TOTAL: Final = "total"
SKIP: Final = "skip"
"""In the address of a page of the list: how many cases stand on the pages before it."""
_LONGEST: Final = 7


def number_in(word: str) -> int:
    """A number that stood in an address; 0 for whatever is none."""
    return int(word) if word.isascii() and word.isdigit() and len(word) <= _LONGEST else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPlace:
    """The place from 1, and how many cases the list has: a number, such a number and `+`, or empty where unknown."""

    at: int
    total: str = ""

    @classmethod
    def read(cls, query: str) -> Self | None:
        """The place that stands in the address of a list behind its question mark; None where none does."""
        given = dict(parse_qsl(query))
        at, total = number_in(given.get(_AT, "")), given.get(_TOTAL, "")
        if not at:
            return None
        known = number_in(total.removesuffix("+"))
        return cls(at=at, total=total if known and (total.endswith("+") or known >= at) else "")

    @property
    def words(self) -> str:
        """第 6 件，共 63 件."""
        if not self.total:
            return translate("第 %(at)s 件", at=self.at)
        return translate("第 %(at)s 件，共 %(total)s 件", at=self.at, total=self.total)

    def moved(self, step: int, *, gone: bool = False) -> Self:
        """The place so many cases on, or back; `gone`: the list has one case less now."""
        total = str(int(self.total) - 1) if gone and self.total.isdigit() else self.total
        return replace(self, at=max(1, self.at + step), total=total)


def without_place(query: str) -> str:
    """The address of the list alone."""
    return _written(query, [])


def with_place(query: str, place: ListPlace) -> str:
    """The address of the list with that place in it."""
    return _written(query, [(_TOTAL, place.total), (_AT, str(place.at))])


def row_ends(query: str, total: str) -> str:
    """What the links of a list to its cases end with; the place of each comes behind it where there is a `total`."""
    if total:
        query = "&".join(part for part in (query, urlencode({_TOTAL: total, _AT: ""})) if part)
    return f"?{urlencode({_FROM: query})}" if query else ""


def _written(query: str, more: list[tuple[str, str]]) -> str:
    kept = [(name, word) for name, word in parse_qsl(query) if name not in (_AT, _TOTAL)]
    return urlencode([*kept, *((name, word) for name, word in more if word)])
