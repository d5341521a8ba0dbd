"""Passes over everything stored: some rows at a time, each in a short transaction, so that one can go on where it was.

Nothing that takes hours is one transaction: the database could clean up nothing meanwhile.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import sqlalchemy as sa

from hub.domain.actor import Actor
from hub.services.transaction import HubTransaction, Transactions
from storage import sealing_keys
from storage.spans import WHOLE, Key, Span, next_span

F = TypeVar("F")
Finder = Callable[[], Iterable[F]]
"""Finds out what only can be found once no transaction is open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section(Generic[F]):
    """A part of a pass: `many` rows at a time in the order of `key`, or all at once where there is no key.

    It has a `look`, which gives what it finds of the rows of a span, or a `later`, which gives what will find it when
    the transaction is closed.
    """

    name: str
    key: Sequence[Any] = ()
    which: Sequence[sa.ColumnElement[bool]] = ()
    many: int = 500
    look: Callable[[HubTransaction, Span], Iterable[F]] | None = None
    later: Callable[[HubTransaction, Span], Iterable[Finder[F]]] | None = None

    def span_behind(self, tx: HubTransaction, after: Key | None) -> Span:
        """The next rows to be looked at."""
        return next_span(tx, self.key, after, self.many, *self.which) if self.key else WHOLE

    def finders(self, tx: HubTransaction, span: Span) -> list[Finder[F]]:
        """What has been found of the span, and what is still to be found."""
        found: list[Finder[F]] = []
        if self.look is not None:
            at_once = list(self.look(tx, span))
            found.append(lambda: at_once)
        if self.later is not None:
            found += self.later(tx, span)
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a pass goes on: behind that key of that section, at its beginning without one."""

    section: str
    after: Key | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice(Generic[F]):
    """What was found of some rows, and where the pass goes on; None at its end."""

    found: Sequence[F]
    rows: int
    place: Place | None


def run(
    transactions: Transactions, actor: Actor, sections: Sequence[Section[F]], start: Place | None = None
) -> Iterator[Slice[F]]:
    """The pass from `start` on, a transaction a slice. Raises `KeyError` where there is no such section any more."""
    names = [each.name for each in sections]
    if start is not None and start.section not in names:
        raise KeyError(start.section)
    first = 0 if start is None else names.index(start.section)
    after = None if start is None else start.after
    for section, following in zip(sections[first:], [*names[first + 1 :], None], strict=True):
        is_more = True
        while is_more:
            with transactions.reading(actor) as tx:
                span = section.span_behind(tx, after)
                finders = section.finders(tx, span)
            found = [each for find in finders for each in find()]
            if found and section.later is not None:
                found = _found_again(transactions, actor, section.later, span, found)
            after = span.upto
            is_more = after is not None
            yield Slice(found=found, rows=section.many, place=_place(section.name, after, following))


def _found_again(
    transactions: Transactions,
    actor: Actor,
    later: Callable[[HubTransaction, Span], Iterable[Finder[F]]],
    span: Span,
    found: Sequence[F],
) -> list[F]:
    # What it was found of may have been deleted between its row and the look at it: then no row names it any more.
    with transactions.reading(actor) as tx:
        finders = list(later(tx, span))
    again = [each for find in finders for each in find()]
    return [each for each in found if each in again]


def _place(section: str, after: Key | None, following: str | None) -> Place | None:
    if after is not None:
        return Place(section=section, after=after)
    return None if following is None else Place(section=following)


def name_of_database(transactions: Transactions, actor: Actor) -> str | None:
    """What tells its rows from those of any other: the first key that they were sealed with, and since when."""
    with transactions.reading(actor) as tx:
        noted = sealing_keys.list_noted(tx.session)
    return f"{noted[-1][0]} {noted[-1][1].isoformat()}" if noted else None


def within(tx: HubTransaction, sections: Iterable[Section[F]]) -> Iterator[F]:
    """All that the whole pass finds, in a transaction that is open already."""
    for section in sections:
        after: Key | None = None
        is_more = True
        while is_more:
            span = section.span_behind(tx, after)
            for find in section.finders(tx, span):
                yield from find()
            after = span.upto
            is_more = after is not None
