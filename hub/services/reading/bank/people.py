"""Who did something, as colleagues of the bank read it: a name, or the side of somebody who is none of them."""

from collections.abc import Mapping
from dataclasses import dataclass

from hub.domain.actor import Party
from hub.services.transaction import HubTransaction
from storage import staff


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """Who did something. `name` is None for whoever is none of the bank's people."""

    party: Party
    name: str | None


def names_of(tx: HubTransaction, bank_code: str) -> dict[str, str]:
    """What the bank's people are called, those who left too, by the actor under which they act.

    Who has no name yet is called by the address, which only colleagues see.
    """
    return {staff.actor_of(each): each.name or each.email for each in staff.list_of_bank(tx, bank_code)}


def author_of(actor: str, names: Mapping[str, str]) -> Author:
    """Who that actor is to a colleague."""
    return Author(party=Party(actor.partition(":")[0]), name=names.get(actor))
