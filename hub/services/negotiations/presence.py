"""Who of a bank is at a case just now: noted when a page of it is opened, and while something is written there.

Times are of the real clock, as sessions are.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from hub.domain.presence import PRESENT_FOR, Doing
from hub.services.accounts.staff import Staff
from hub.services.transaction import HubTransaction
from storage import desk, negotiations

_KEPT_FOR = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Present:
    """A colleague at the case: what they are called, what they do, and when they last gave a sign."""

    name: str
    doing: Doing
    at: datetime


def touch(tx: HubTransaction, negotiation_id: str, person: Staff, *, doing: Doing | None, at: datetime) -> None:
    """The person is at their bank's case, and does that; None for more of the same. Raises `NotFound`."""
    negotiations.get_of_bank(tx, negotiation_id, bank_code=person.bank)
    desk.touch(tx, negotiation_id, person.id, bank_code=person.bank, doing=doing, at=at)


def others(
    tx: HubTransaction, negotiation_id: str, person: Staff, names: Mapping[str, str], *, at: datetime
) -> list[Present]:
    """The colleagues who are at the case beside the person, the last one first."""
    found = desk.list_present(tx, negotiation_id, bank_code=person.bank, since=at - PRESENT_FOR)
    return [
        Present(name=names.get(f"bank:staff/{each.staff_id}", ""), doing=Doing(each.doing), at=each.at)
        for each in found
        if each.staff_id != person.id
    ]


def forget_old(tx: HubTransaction, *, real_now: datetime) -> None:
    """Signs of people of the day before are gone."""
    desk.forget_presence(tx, before=real_now - _KEPT_FOR)
