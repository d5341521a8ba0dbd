"""What people ask of a bank beside a negotiation, as far as all kinds of it are alike.

One request is one person's matter with one bank: it stands somewhere, its bank has a time to answer, its log is a
chain. What a kind is besides, its own module says; `request_kinds` lists them. A bank turns on what it offers: nothing
is on by itself.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from hub.domain.errors import InvalidValue, StatusConflict


class RequestKind(StrEnum):
    """What is asked of the bank."""

    REVOCATION = "revocation"  # an authorisation to deduct ends
    DEDUCTION = "deduction"  # something was deducted that the person does not agree with
    INSTALMENTS = "instalments"  # an instalment deal is cancelled or settled early
    APPOINTMENT = "appointment"  # a visit of a branch, at home, or by video


CLOSED: Final = "closed"
"""Where every open request stands, of whatever kind, once its person's data were erased: nobody is left to answer."""
PERSON_ERASED: Final = "person_erased"
"""The event that leads there."""


class Service(StrEnum):
    """A service beside the negotiation."""

    REMINDERS = "reminders"  # bills that the bank tells with its customer's consent
    MANDATES = "mandates"
    INSTALMENTS = "instalments"
    APPOINTMENTS = "appointments"


def read_services(text: str) -> tuple[Service, ...]:
    """The services that a list names, each once and in their own order; raises `InvalidValue` `services`."""
    names = {name for name in re.split(r"[\s,，、]+", text) if name}
    if not names <= set(Service):
        raise InvalidValue("services", known=", ".join(Service))
    return tuple(each for each in Service if each in names)


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestRules:
    """What is true of every request of one kind: where it begins, and the one table of what leads where.

    In `banks_turn` its clock may run, and leaving them stops it; in `over` nothing happens any more. `arrived` is the
    event of the first message's arrival in the bank's system, None where that changes no status. `response_days` are
    working days. Raises ValueError for a table that leads nowhere or out of itself.
    """

    kind: RequestKind
    first: str
    steps: Mapping[Any, Mapping[Any, str]]
    banks_turn: frozenset[Any]
    over: frozenset[Any]
    arrived: str | None = None
    response_days: int = 3

    def __post_init__(self) -> None:
        named = {self.first, *self.banks_turn, *self.over}
        named.update(after for leads in self.steps.values() for after in leads.values())
        ends = {status for status, leads in self.steps.items() if not leads}
        if not named <= set(self.steps) or ends != self.over or self.banks_turn & self.over:
            raise ValueError(f"the steps of {self.kind} do not hold together")

    def next_status(self, status: str, event: str) -> str:
        """The status that `event` leads to from `status`; raises `StatusConflict` where the table has no such step."""
        after = self.leads_to(status, event)
        if after is None:
            raise StatusConflict(status, event)
        return after

    def leads_to(self, status: str, event: str) -> str | None:
        """The same, None where the table has no such step."""
        if event == PERSON_ERASED:
            return None if self.is_over(status) else CLOSED
        return self.steps.get(status, {}).get(event)

    def allows(self, status: str, event: str) -> bool:
        """Whether `event` may happen in `status` at all."""
        return self.leads_to(status, event) is not None

    def is_banks_turn(self, status: str) -> bool:
        """Whether the bank is the one to act."""
        return status in self.banks_turn

    def is_over(self, status: str) -> bool:
        """Whether nothing happens any more."""
        return status in self.over or status == CLOSED
