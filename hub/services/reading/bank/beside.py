"""What stands beside every page of a desk: the tally of the bank's queue, and the views that a person has of it."""

from dataclasses import dataclass

from hub.domain.tally import Tally
from hub.services.accounts.staff import Staff
from hub.services.transaction import HubTransaction
from storage import saved_views, tallies


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedView:
    """A way to look at the queue under a name. `query` is of its address; `is_shared`: all of the bank have it.

    `counted` is how many were in it when the queue was counted last; None where that is not counted.
    """

    id: str
    name: str
    query: str
    is_shared: bool
    counted: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What one person sees beside every page. `tally` is None before the bank's queue was first counted.

    `is_lender`: they work at a lender that is no bank.
    """

    tally: Tally | None
    views: tuple[SavedView, ...]
    is_lender: bool


def desk_of(tx: HubTransaction, person: Staff) -> Desk:
    """The desk of somebody at a bank, by a few lookups."""
    return Desk(
        tally=tallies.find(tx, person.bank),
        views=views_of(tx, person),
        is_lender=not tx.bank(person.bank).standing.is_bank,
    )


def views_of(tx: HubTransaction, person: Staff) -> tuple[SavedView, ...]:
    """The person's own views in their order, then those that all of the bank have."""
    return tuple(
        SavedView(
            id=each.id,
            name=saved_views.name_of(tx, each.id, each.name_sealed),
            query=each.query,
            is_shared=each.staff_id is None,
            counted=each.counted,
        )
        for each in saved_views.list_for(tx, person.bank, person.id)
    )
