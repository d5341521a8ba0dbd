"""A short counter-offer: what a person can pay, or wishes to be waived, and the terms that come of it."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from hub.domain.debt_components import KEEPS_INSTALMENTS
from hub.domain.terms import MAX_INSTALMENTS, Kind, Method, Waived


def worked_out(
    wish: Mapping[str, Any], *, owed_fen: int, rate_of_bank: Decimal | None, instalments_fen: int = 0
) -> dict[str, Any]:
    """The fields of terms that `wish` leaves open and that can be worked out.

    `owed_fen` is all that is owed, `instalments_fen` what of it is in instalments already, `rate_of_bank` the rate of
    the bank's newest offer. The amount is what the monthly payments come to, and never more than what is owed and not
    waived; terms that leave instalments as they are hold none of them. Without a rate the wish is to pay none; for a
    lowered minimum, whose rate is the card's own, it is the bank's.
    """
    kind = wish.get("kind")
    waived = wish.get("waived")
    given_up = Waived(**(waived or {}))
    left_fen = owed_fen - given_up.total_fen
    if kind in KEEPS_INSTALMENTS:
        left_fen -= max(0, instalments_fen - given_up.principal_fen)
    monthly_fen, instalments = wish.get("monthly_payment_fen"), wish.get("instalments")
    open_fields: dict[str, Any] = {}
    if kind is not None and kind.is_in_parts:
        if monthly_fen and instalments is None:
            instalments = max(1, min(MAX_INSTALMENTS, -(-left_fen // monthly_fen)))
            open_fields["instalments"] = instalments
        open_fields |= _rate_and_method(wish.get("annual_rate_percent"), wish.get("method"), rate_of_bank)
    elif kind is Kind.DEFERRAL:
        open_fields["annual_rate_percent"] = Decimal("0.00")
    elif kind is Kind.LOWER_MINIMUM and rate_of_bank is not None:
        open_fields["annual_rate_percent"] = rate_of_bank
    paid_fen = monthly_fen * instalments + (wish.get("down_payment_fen") or 0) if monthly_fen and instalments else None
    open_fields["principal_fen"] = left_fen if paid_fen is None else min(left_fen, paid_fen)
    return {name: value for name, value in open_fields.items() if wish.get(name) is None}


def _rate_and_method(rate: Decimal | None, method: Method | None, rate_of_bank: Decimal | None) -> dict[str, Any]:
    if rate is None:
        free = method in (None, Method.INTEREST_FREE)
        rate = Decimal("0.00") if free else rate_of_bank
    return {
        "annual_rate_percent": rate,
        "method": Method.INTEREST_FREE if not rate else Method.EQUAL_INSTALMENT,
    }
