"""A short counter-offer: what a person can pay, or wishes to be waived, and the terms that come of it."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from hub.domain.amounts import AMOUNT_NAMES, Amounts
from hub.domain.debt_components import KEEPS_INSTALMENTS
from hub.domain.proposal import taken_off
from hub.domain.repayment import payable_fen
from hub.domain.terms import MAX_INSTALMENTS, Kind, Method, Terms, Waived


def worked_out(
    wish: Mapping[str, Any], *, owed_fen: int, rate_of_bank: Decimal | None, instalments_fen: int = 0
) -> dict[str, Any]:
    """The fields of terms that `wish` leaves open and that can be worked out.

    `owed_fen` is all that is owed, `instalments_fen` what of it is in instalments already, `rate_of_bank` the rate of
    the bank's newest offer. The amount is what the monthly payments repay, interest apart, and never more than what is
    owed and not waived; terms that leave instalments as they are hold none of them. Without a rate the wish is to pay
    none; for a lowered minimum, whose rate is the card's own, it is the bank's.
    """
    kind = wish.get("kind")
    waived = wish.get("waived")
    given_up = Waived(**(waived or {}))
    left_fen = owed_fen - given_up.total_fen
    if kind in KEEPS_INSTALMENTS:
        left_fen -= max(0, instalments_fen - given_up.principal_fen)
    # Where more is to be waived than there is, something has to be left to judge by.
    left_fen = max(1, left_fen)
    open_fields: dict[str, Any] = {"principal_fen": left_fen}
    if kind is not None and kind.is_in_parts:
        open_fields |= _rate_and_method(wish.get("annual_rate_percent"), wish.get("method"), rate_of_bank)
        if wish.get("monthly_payment_fen"):
            open_fields |= _by_the_month({**open_fields, **_said(wish)}, left_fen)
    elif kind is Kind.DEFERRAL:
        open_fields["annual_rate_percent"] = Decimal("0.00")
    elif kind is Kind.LOWER_MINIMUM and rate_of_bank is not None:
        open_fields["annual_rate_percent"] = rate_of_bank
    return {name: value for name, value in open_fields.items() if wish.get(name) is None}


def _said(wish: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in wish.items() if value is not None}


def _by_the_month(wish: Mapping[str, Any], left_fen: int) -> dict[str, Any]:
    """How many payments it takes, and how much of what is left they repay with what is paid down."""
    down_fen = wish.get("down_payment_fen") or 0
    rate, method = wish["annual_rate_percent"] or Decimal(0), wish["method"]

    def repaid_fen(count: int) -> int:
        return down_fen + payable_fen(wish["monthly_payment_fen"], rate, method, count=count)

    count = wish.get("instalments")
    if count is None:
        counts = range(1, MAX_INSTALMENTS + 1)
        count = next((each for each in counts if repaid_fen(each) >= left_fen), MAX_INSTALMENTS)
    return {"instalments": count, "principal_fen": min(left_fen, max(1, repaid_fen(count)))}


def _rate_and_method(rate: Decimal | None, method: Method | None, rate_of_bank: Decimal | None) -> dict[str, Any]:
    if rate is None:
        free = method in (None, Method.INTEREST_FREE)
        rate = Decimal("0.00") if free else rate_of_bank
    return {
        "annual_rate_percent": rate,
        "method": Method.INTEREST_FREE if not rate else Method.EQUAL_INSTALMENT,
    }


def with_rest_waived(terms: Terms, owed: Amounts, *, instalments_fen: int = 0) -> Terms:
    """`terms` with the wish that everything be waived that is neither in the plan nor waived: penalty first.

    Terms that leave instalments as they are leave `instalments_fen` out all the same.
    """
    kept_fen = max(0, instalments_fen - terms.waived.principal_fen) if terms.kind in KEEPS_INSTALMENTS else 0
    rest_fen = owed.total_fen - terms.principal_fen - terms.waived.total_fen - kept_fen
    parts = {part: max(0, getattr(owed, part) - getattr(terms.waived, part)) for part in AMOUNT_NAMES}
    rest = taken_off(Amounts(**parts), rest_fen)
    return replace(
        terms, waived=Waived(**{part: getattr(terms.waived, part) + getattr(rest, part) for part in AMOUNT_NAMES})
    )
