"""The terms that give a person what they asked for, so that a bank can agree in one press.

A wish says how much a month and for how long, seldom at which rate. Nothing is agreed on that costs more than it says:
no payment above the one that was named, no rate above the one with which the pages reckoned.
"""

from dataclasses import replace
from decimal import Decimal

from hub.domain.amounts import Amounts
from hub.domain.errors import InvalidValue
from hub.domain.proposal import Proposal, waiver_wished
from hub.domain.ready_plans import ASSUMED_RATE
from hub.domain.repayment import level_instalment_fen
from hub.domain.terms import Kind, Method, Terms, given

_NO_INTEREST = Decimal("0.00")
_STEP = Decimal("0.01")


def terms_as_asked(
    proposal: Proposal, owed: Amounts, *, kept_fen: int = 0, rate_of_bank: Decimal | None = None
) -> Terms:
    """What `proposal` comes to over all that is owed, but for `kept_fen` of principal that its kind cannot hold.

    `rate_of_bank` is that of the bank's newest offer: a lowered minimum keeps the card's own rate, which no wish names.
    Raises InvalidValue where the wish leaves something open that the bank has to decide: `wish_pays_too_little`, with
    what stays over, and `wish_without_rate`. Whether the terms are lawful is not judged here.
    """
    waived = waiver_wished(proposal, owed)
    planned_fen = owed.total_fen - waived.total_fen - max(0, kept_fen - waived.principal_fen)
    terms = Terms(kind=proposal.kind, principal_fen=planned_fen, first_due_on=proposal.first_due_on, waived=waived)
    match proposal.kind:
        case Kind.SETTLEMENT:
            return terms
        case Kind.DEFERRAL:
            return replace(terms, months=proposal.months, annual_rate_percent=ASSUMED_RATE)
        case Kind.LOWER_MINIMUM:
            if rate_of_bank is None:
                raise InvalidValue("wish_without_rate")
            return replace(
                terms,
                months=proposal.months,
                minimum_percent=proposal.minimum_percent,
                annual_rate_percent=rate_of_bank,
            )
        case Kind.INSTALMENTS | Kind.REDUCTION:
            return _in_parts(terms, proposal)


def _in_parts(terms: Terms, proposal: Proposal) -> Terms:
    count, monthly_fen = given(proposal.instalments), given(proposal.monthly_payment_fen)
    debt_fen = terms.principal_fen - proposal.down_payment_fen
    short_fen = debt_fen - monthly_fen * count
    if short_fen > 0:
        raise InvalidValue("wish_pays_too_little", short_fen=short_fen)
    rate = _highest_rate(debt_fen, monthly_fen, count)
    return replace(
        terms,
        instalments=count,
        down_payment_fen=proposal.down_payment_fen,
        annual_rate_percent=rate,
        method=Method.EQUAL_INSTALMENT if rate else Method.INTEREST_FREE,
    )


def _highest_rate(debt_fen: int, monthly_fen: int, count: int) -> Decimal:
    """The highest rate, at most the assumed one, at which no payment but the last is above `monthly_fen`."""
    low, high = 0, int(ASSUMED_RATE / _STEP)
    while low < high:
        middle = (low + high + 1) // 2
        if level_instalment_fen(debt_fen, middle * _STEP, count=count) <= monthly_fen:
            low = middle
        else:
            high = middle - 1
    return low * _STEP if low else _NO_INTEREST
