"""What the pages ask of a person beyond what an application must hold.

A host app may send an application without it: the contract takes it, and the bank answers it. A person at a page is
asked for it first, because a bank can do little with less. So it is no rule, and the API never refuses by it.
"""

from collections.abc import Iterable, Mapping

from hub.domain.application import places_listed_twice
from hub.domain.errors import Fault
from hub.domain.proposal import says_something
from hub.domain.terms import Kind

_ASKED_FOR: Mapping[Kind, tuple[str, ...]] = {
    Kind.DEFERRAL: ("months",),
    Kind.SETTLEMENT: ("settlement_fen",),
    Kind.LOWER_MINIMUM: ("minimum_percent", "months"),
}


def proposal_guidance(
    kind: Kind, given: Mapping[str, object], *, down_payment_fen: int, principal_fen: int
) -> list[Fault]:
    """What a proposal of this kind leaves open so that a bank could not act on it; pointers below `/proposal`.

    `given` are the fields that were filled in, `principal_fen` is that of all cards together.
    """
    faults = [Fault(f"/proposal/{name}", "required") for name in _ASKED_FOR.get(kind, ()) if given.get(name) is None]
    if kind is Kind.REDUCTION and not (says_something(given.get("waived")) or given.get("waive_interest")):
        faults.append(Fault("/proposal/waived", "waiver_required"))
    # A card can owe interest and fees alone; nothing is paid down on it then.
    if down_payment_fen and down_payment_fen >= principal_fen:
        faults.append(Fault("/proposal/down_payment_fen", "down_payment_not_below_principal"))
    return faults


def card_guidance(cards: Iterable[tuple[str, str]]) -> list[Fault]:
    """A fault at each card that stands there before. `cards`: (bank code, card number) each, "" where it is missing.

    Screening would return the application for it; at a page it is put right at once.
    """
    return [Fault(f"/accounts/{place}/card_number", "card_listed_twice") for place in places_listed_twice(cards)]
