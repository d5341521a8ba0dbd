"""Who did something, as colleagues of the bank read it: a name, or the side of somebody who is none of them."""

from collections.abc import Mapping
from dataclasses import dataclass

from hub.domain.actor import Party
from hub.domain.staff import ACTING
from hub.services.transaction import HubTransaction
from storage import staff
from storage.records import NegotiationRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """Who did something. `name` is None for whoever is none of the bank's people."""

    party: Party
    name: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """Whose case a negotiation is, as colleagues call them."""

    id: str
    name: str


def owner_of(tx: HubTransaction, negotiation: NegotiationRecord) -> Owner | None:
    """Whose case it is; None where it is nobody's."""
    found = None if negotiation.owner_id is None else staff.find(tx, negotiation.owner_id)
    return None if found is None else Owner(id=found.id, name=staff.called(tx, found))


@dataclass(frozen=True, slots=True, kw_only=True)
class Colleagues:
    """The bank's people by their ids: what each is called, and who of them may be given cases, by name."""

    names: Mapping[str, str]
    acting: tuple[Owner, ...]


def colleagues(tx: HubTransaction, bank_code: str) -> Colleagues:
    """The bank's people, those who left too among the names."""
    found = staff.list_names(tx, bank_code)
    acting = (Owner(id=each.id, name=staff.called(tx, each)) for each in found if each.active and each.role in ACTING)
    return Colleagues(
        names={each.id: staff.called(tx, each) for each in found},
        acting=tuple(sorted(acting, key=lambda each: each.name)),
    )


def names_of(tx: HubTransaction, bank_code: str) -> dict[str, str]:
    """What the bank's people are called, those who left too, by the actor under which they act.

    Who has no name yet is called by the address, which only colleagues see.
    """
    return {staff.actor_of(each): staff.called(tx, each) for each in staff.list_of_bank(tx, bank_code)}


def author_of(actor: str, names: Mapping[str, str]) -> Author:
    """Who that actor is to a colleague."""
    return Author(party=Party(actor.partition(":")[0]), name=names.get(actor))
