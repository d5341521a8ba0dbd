"""What the pages ask of a person beyond what an application must hold.

A host app may send an application without it: the contract takes it, and the bank answers it. A person at a page is
asked for it first, because a bank can do little with less. So it is no rule, and the API never refuses by it.
"""

from collections.abc import Iterable
from decimal import Decimal

from hub.domain.application import places_listed_twice
from hub.domain.errors import Fault
from hub.domain.terms import MAX_DEFERRAL_MONTHS, Kind, range_faults


def proposal_guidance(
    kind: Kind, *, months: int | None, minimum_percent: Decimal | str | None, down_payment_fen: int, principal_fen: int
) -> list[Fault]:
    """What a proposal of this kind leaves open so that a bank could not act on it; pointers below `/proposal`.

    `principal_fen` is that of all cards together.
    """
    faults = []
    if kind is Kind.LOWER_MINIMUM and minimum_percent is None:
        faults.append(Fault("/proposal/minimum_percent", "required"))
    if kind in {Kind.DEFERRAL, Kind.LOWER_MINIMUM} and months is None:
        faults.append(Fault("/proposal/months", "required"))
    if kind is Kind.DEFERRAL and months is not None:
        faults += range_faults("/proposal/months", months, 1, MAX_DEFERRAL_MONTHS)
    # A card can owe interest and fees alone; nothing is paid down on it then.
    if down_payment_fen and down_payment_fen >= principal_fen:
        faults.append(Fault("/proposal/down_payment_fen", "down_payment_not_below_principal"))
    return faults


def card_guidance(cards: Iterable[tuple[str, str]]) -> list[Fault]:
    """A fault at each card that stands there before. `cards`: (bank code, card number) each, "" where it is missing.

    Screening would return the application for it; at a page it is put right at once.
    """
    return [Fault(f"/accounts/{place}/card_number", "card_listed_twice") for place in places_listed_twice(cards)]
