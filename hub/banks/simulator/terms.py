"""Terms that a simulated bank offers: what was proposed as far as the rules allow, or something a little dearer."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from cattrs import BaseValidationError
from dateutil.relativedelta import relativedelta

from hub.domain.amounts import Amounts, amounts_in, sum_of
from hub.domain.plain import Plain, from_plain, to_plain
from hub.domain.proposal import Proposal, waiver_wished
from hub.domain.repayment import row_faults
from hub.domain.terms import MAX_INSTALMENTS, Kind, Method, Terms, Waived, faults_of, fields_of

_RATE_OF_THE_CARD = Decimal("18.25")
_RATE = Decimal("3.60")
# The first payment is due after the last day on which the offer can be accepted.
_OFFER_STANDS = timedelta(days=8)
_USUAL_INSTALMENTS = 12
_USUAL_MONTHS = 3
_USUAL_MINIMUM = Decimal("5.00")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a packet says of money, without the person: what is owed, and what was proposed."""

    owed: Amounts
    proposal: Proposal


def read_wish(packet: Mapping[str, Any]) -> Wish:
    """The wish in a packet; raises `KeyError`, `TypeError` or `ValueError` where the packet has another form."""
    # Cards and loans are agreed on apart: of both it speaks of the cards.
    owed = sum_of(amounts_in(each) for each in packet["accounts"] or packet.get("loans", ()))
    try:
        return Wish(owed=owed, proposal=from_plain(Proposal, packet["proposal"]))
    except BaseValidationError as error:
        raise ValueError("proposal") from error


def as_proposed(wish: Wish, *, today: date) -> Plain:
    """Terms on the wire that come as near to the proposal as the rules of the hub allow."""
    return _wire(_valid(_near(wish, today), wish, today))


def otherwise(wish: Wish, *, today: date) -> Plain:
    """Other terms on the wire than were proposed: half as many instalments, at a rate; or the like."""
    near = _near(wish, today)
    match near.kind:
        case Kind.INSTALMENTS | Kind.REDUCTION:
            count = max(1, (near.instalments or _USUAL_INSTALMENTS) // 2)
            other = replace(near, instalments=count, annual_rate_percent=_RATE, method=Method.EQUAL_INSTALMENT)
        case Kind.DEFERRAL | Kind.LOWER_MINIMUM:
            other = replace(near, months=max(1, (near.months or _USUAL_MONTHS) - 1))
        case Kind.SETTLEMENT:
            other = replace(near, principal_fen=near.principal_fen + near.waived.total_fen, waived=Waived())
    return _wire(_valid(other, wish, today))


def _near(wish: Wish, today: date) -> Terms:
    proposal = wish.proposal
    kind = proposal.kind
    first = max(proposal.first_due_on, today + _OFFER_STANDS)
    free = proposal.waive_interest
    waived = waiver_wished(proposal, wish.owed)
    principal = wish.owed.total_fen - waived.total_fen
    common = Terms(kind=kind, principal_fen=principal, waived=waived, first_due_on=first)
    match kind:
        case Kind.INSTALMENTS | Kind.REDUCTION:
            return replace(
                common,
                instalments=min(proposal.instalments or _USUAL_INSTALMENTS, _most_instalments(first, today)),
                annual_rate_percent=Decimal("0.00") if free else _RATE,
                method=Method.INTEREST_FREE if free else Method.EQUAL_INSTALMENT,
                down_payment_fen=min(proposal.down_payment_fen, principal - 1),
            )
        case Kind.DEFERRAL:
            return replace(
                common,
                months=min(proposal.months or _USUAL_MONTHS, 12),
                annual_rate_percent=Decimal("0.00") if free else _RATE,
            )
        case Kind.LOWER_MINIMUM:
            minimum = proposal.minimum_percent
            return replace(
                common,
                months=proposal.months or _USUAL_MONTHS,
                annual_rate_percent=_RATE_OF_THE_CARD,
                minimum_percent=_USUAL_MINIMUM if minimum is None else minimum,
            )
        case Kind.SETTLEMENT:
            return common


def _most_instalments(first: date, today: date) -> int:
    """How many monthly payments from `first` on end within five years of `today`."""
    between = relativedelta(today + relativedelta(years=5), first)
    return max(1, min(MAX_INSTALMENTS, between.years * 12 + between.months + 1))


def _valid(terms: Terms, wish: Wish, today: date) -> Terms:
    """`terms`, or plain ones where a rule forbids them."""
    if not faults_of(terms, today=today) and not row_faults(terms):
        return terms
    return Terms(
        kind=Kind.INSTALMENTS,
        principal_fen=wish.owed.total_fen,
        first_due_on=today + timedelta(days=30),
        instalments=_USUAL_INSTALMENTS,
        annual_rate_percent=_RATE,
        method=Method.EQUAL_INSTALMENT,
    )


def _wire(terms: Terms) -> Plain:
    plain = to_plain(terms)
    return {name: plain[name] for name in fields_of(terms.kind)}
