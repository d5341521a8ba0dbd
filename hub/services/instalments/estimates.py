"""The hub's own estimate of a deal that ends early, and how each bank reckons."""

from collections.abc import Mapping

from hub.domain.instalment_estimate import Estimate, PayFigures, Reckoning
from hub.domain.plain import Plain, to_plain
from hub.services.transaction import HubTransaction
from storage import banks


def reckonings(tx: HubTransaction) -> Mapping[str, Reckoning]:
    """How each bank reckons, by its code."""
    return {bank.code: bank.rules.reckoning for bank in banks.list_banks(tx)}


def view(estimate: Estimate) -> Plain:
    """The estimate as the API shows it."""
    plain: Plain = to_plain(estimate)
    return {**plain, "figures": figures_view(estimate.figures)}


def figures_view(figures: PayFigures) -> Plain:
    """The parts of what is to be paid, with their sum."""
    return {**to_plain(figures), "pay_fen": figures.pay_fen}
