"""A bank's quote for an instalment deal that ends early, beside the hub's own estimate of the same day."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from hub.domain.errors import Fault
from hub.domain.instalment_deal import InstalmentDeal
from hub.domain.instalment_estimate import Estimate, PayFigures, Reckoning, Wish, estimate
from hub.domain.people import says_nothing

LEAST_VALID_DAYS: Final = 3
MOST_VALID_DAYS: Final = 10
UNEXPLAINED_FEN: Final = 100
"""By how much a quote may differ from the hub's estimate without words from the bank."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteContents:
    """What a bank quotes: for which day, until when it can be accepted and is to be paid, both to the end of the day.

    `basis` is the bank's words on how it reckoned. `pay_fen` is what it says the parts come to.
    """

    as_of: date
    valid_until: date
    pay_by: date
    figures: PayFigures
    pay_fen: int
    basis: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """A quote that a person can accept; `own_estimate` is the hub's for the same day, frozen with it."""

    id: str
    contents: QuoteContents
    own_estimate: Estimate

    @property
    def difference_fen(self) -> int:
        """How much more the bank asks than the hub reckons; below 0 where it asks less."""
        return self.contents.pay_fen - self.own_estimate.pay_fen

    def is_valid(self, today: date) -> bool:
        """Whether it can still be accepted."""
        return today <= self.contents.valid_until


def next_day_of(deal: InstalmentDeal, today: date) -> date:
    """The next day on which an unpaid instalment falls due, today included; the last one where all have passed."""
    return next((day for day in deal.days[deal.paid_terms :] if day >= today), deal.days[-1])


def own_estimate(deal: InstalmentDeal, wish: Wish, reckoning: Reckoning, *, as_of: date) -> Estimate:
    """The hub's own figures for the day of a quote."""
    return estimate(deal, replace(wish, wanted_on=as_of), reckoning)


def quote_faults(
    deal: InstalmentDeal, wish: Wish, reckoning: Reckoning, quoted: QuoteContents, *, today: date
) -> list[Fault]:
    """What keeps a quote from being shown: days out of bounds, parts that do not add up, a difference without words."""
    faults = [*_day_faults(deal, quoted, today)]
    if quoted.pay_fen != quoted.figures.pay_fen:
        faults.append(Fault("/pay_fen", "quote_sum", {"sum_fen": quoted.figures.pay_fen}))
    if faults:
        return faults
    own_fen = own_estimate(deal, wish, reckoning, as_of=quoted.as_of).pay_fen
    if abs(quoted.pay_fen - own_fen) > UNEXPLAINED_FEN and says_nothing(quoted.basis):
        faults.append(Fault("/basis", "quote_basis", {"own_fen": own_fen}))
    return faults


def _day_faults(deal: InstalmentDeal, quoted: QuoteContents, today: date) -> Iterator[Fault]:
    next_on = next_day_of(deal, today)
    latest = min(today + timedelta(days=MOST_VALID_DAYS), next_on)
    earliest = min(today + timedelta(days=LEAST_VALID_DAYS), latest)
    yield from _range("/as_of", quoted.as_of, today, next_on)
    yield from _range("/valid_until", quoted.valid_until, earliest, latest)
    yield from _range("/pay_by", quoted.pay_by, max(quoted.valid_until, today), next_on)


def _range(pointer: str, day: date, earliest: date, latest: date) -> Iterator[Fault]:
    if not earliest <= day <= latest:
        yield Fault(pointer, "day_range", {"earliest": earliest.isoformat(), "latest": latest.isoformat()})
