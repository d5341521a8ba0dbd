"""What an agreement over a loan may be at most: how far it is put off, what it costs, and that no card's law is in it.

Both limits are the creditor's own to set: what the authorities ask of lenders differs by kind and place, and changes.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from dateutil.relativedelta import relativedelta

from hub.domain.errors import Fault
from hub.domain.loan_wording import CARD_LAW_ZH
from hub.domain.repayment import schedule_of
from hub.domain.terms import MAX_INSTALMENTS, Terms, last_due_on


@dataclass(frozen=True, slots=True, kw_only=True)
class LoanLimits:
    """Months after the signing in which all is paid (展期), and the most it costs a year in percent, if that is set."""

    extension_months: int = MAX_INSTALMENTS
    max_annual_percent: Decimal | None = None


NO_LIMITS: Final = LoanLimits()


def loan_faults(terms: Terms, limits: LoanLimits, *, today: date) -> list[Fault]:
    """What is wrong with terms over a loan, which have no other faults: pointers are relative to the terms."""
    return list(_faults(terms, limits, today))


def _faults(terms: Terms, limits: LoanLimits, today: date) -> Iterator[Fault]:
    latest = today + relativedelta(months=limits.extension_months)
    if last_due_on(terms) > latest:
        params: dict[str, str | int] = {"months": limits.extension_months, "latest": latest.isoformat()}
        yield Fault("/first_due_on", "beyond_extension", params)
    most = limits.max_annual_percent
    if most is not None and _annual_percent(terms, today) > most:
        yield Fault("/annual_rate_percent", "rate_above_limit", {"most": f"{most:f}"})
    if any(words in terms.note for words in CARD_LAW_ZH):
        yield Fault("/note", "words_of_cards")


def _annual_percent(terms: Terms, today: date) -> Decimal:
    """What the terms cost a year, fees included: the rate alone where nothing else is known."""
    cost = schedule_of(terms, signed_on=today).annual_cost
    rate = terms.annual_rate_percent or Decimal(0)
    return rate if cost is None else max(rate, cost.nominal_percent)
