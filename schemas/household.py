"""A household's month on the wire, and the rule that lines add up to their totals."""

from typing import Any

from hub.domain.affordability import Finances, IncomeKind, IncomeLine, SpendingKind, SpendingLine
from hub.domain.errors import Fault, Refused
from schemas.base import Found, Schema
from schemas.fields import Choice, Each, Fen, Part, Whole

MAX_PEOPLE = 99
_MAX_LINES = 50


class IncomeLineSchema(Schema):
    """One source of income, a month."""

    kind = Choice(IncomeKind, required=True)
    amount_fen = Fen(required=True)


class SpendingLineSchema(Schema):
    """One kind of essential spending, a month."""

    kind = Choice(SpendingKind, required=True)
    amount_fen = Fen(required=True)


class FinancesSchema(Schema):
    """What comes in and goes out in a month, in fen."""

    monthly_income_fen = Fen(required=True)
    monthly_essential_spending_fen = Fen(required=True)
    other_debt_payments_fen = Fen(required=True)
    dependants = Whole(least=0, most=MAX_PEOPLE, load_default=0)
    household_size = Whole(least=1, most=MAX_PEOPLE, load_default=None, allow_none=True)
    income = Each(Part(IncomeLineSchema), most=_MAX_LINES, load_default=list)
    spending = Each(Part(SpendingLineSchema), most=_MAX_LINES, load_default=list)


def finances_faults(found: Found) -> list[Fault]:
    """What is wrong between the fields of the `finances`, as far as they could be read."""
    finances = found.get("finances") or {}
    income = _whole_lines(finances, "income", "monthly_income_fen")
    spending = _whole_lines(finances, "spending", "monthly_essential_spending_fen")
    try:
        Finances(
            monthly_income_fen=finances.get("monthly_income_fen", 0),
            monthly_essential_spending_fen=finances.get("monthly_essential_spending_fen", 0),
            other_debt_payments_fen=0,
            income=tuple(IncomeLine(**line) for line in income),
            spending=tuple(SpendingLine(**line) for line in spending),
        )
    except Refused as error:
        return [fault.under("/finances") for fault in error.faults]
    return []


def _whole_lines(finances: Found, name: str, total: str) -> list[dict[str, Any]]:
    """The lines, or none where they or their total could not be read whole: then no sum can be judged."""
    lines: list[Any] = finances.get(name) or []
    if total not in finances or any(line is None or len(line) < 2 for line in lines):
        return []
    return lines


def finances_of(found: Found) -> Finances:
    """The finances, which have no fault; `household_size` may also stand beside them."""
    finances = {
        **found["finances"],
        "income": tuple(IncomeLine(**line) for line in found["finances"]["income"]),
        "spending": tuple(SpendingLine(**line) for line in found["finances"]["spending"]),
    }
    if finances["household_size"] is None:
        finances["household_size"] = found.get("household_size")
    return Finances(**finances)
