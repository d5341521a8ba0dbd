"""A table that a bank takes out of the hub: what it holds, who may have it, and the one table of what leads where.

`storage.exports.apply_event` is the only writer of its status.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any, Final

from hub.domain.errors import Fault
from hub.domain.export_fields import FIELDS, fields_of
from hub.domain.people import says_nothing
from hub.domain.staff import Role
from hub.domain.transitions import step

KEPT: Final = timedelta(days=7)
"""So long a file can be taken; then it is gone from the store."""
WAITS_FOR_APPROVAL: Final = timedelta(days=7)
MOST_ROWS: Final = 100_000
MOST_PEOPLE_IN_FULL: Final = 2_000
"""So many rows at most name people in full: each of them sees that it was taken."""
REASON_LIMIT: Final = 60
MOST_UNDER_WAY: Final = 5
"""So many of one person at most wait for a second person or are being made: the bank's others wait behind them."""
MOST_CHOSEN: Final = 200
"""So many cases at most are chosen one by one."""


class ExportKind(StrEnum):
    """What a table holds, a row each."""

    QUEUE = "queue"
    AGREEMENTS = "agreements"
    ANSWERS = "answers"
    AUDIT = "audit"


class ExportFormat(StrEnum):
    """How a table is written."""

    CSV = "csv"
    XLSX = "xlsx"


class ExportStatus(StrEnum):
    """Where an export stands."""

    AWAITING_APPROVAL = "awaiting_approval"
    WAITING = "waiting"  # for the worker, or being made
    READY = "ready"
    RETURNED = "returned"  # a second person said no
    FAILED = "failed"
    EXPIRED = "expired"


class ExportEvent(StrEnum):
    """What can happen to an export."""

    APPROVED = "approved"
    RETURNED = "returned"
    MADE = "made"
    FAILED = "failed"
    EXPIRED = "expired"


TRANSITIONS: Final[Mapping[ExportStatus, Mapping[ExportEvent, ExportStatus]]] = {
    ExportStatus.AWAITING_APPROVAL: {
        ExportEvent.APPROVED: ExportStatus.WAITING,
        ExportEvent.RETURNED: ExportStatus.RETURNED,
        ExportEvent.EXPIRED: ExportStatus.EXPIRED,
    },
    ExportStatus.WAITING: {ExportEvent.MADE: ExportStatus.READY, ExportEvent.FAILED: ExportStatus.FAILED},
    ExportStatus.READY: {ExportEvent.EXPIRED: ExportStatus.EXPIRED},
    ExportStatus.RETURNED: {},
    ExportStatus.FAILED: {},
    ExportStatus.EXPIRED: {},
}

MAY_ASK: Final[Mapping[ExportKind, frozenset[Role]]] = {
    **dict.fromkeys(
        (ExportKind.QUEUE, ExportKind.AGREEMENTS, ExportKind.ANSWERS),
        frozenset({Role.REVIEWER, Role.SUPERVISOR, Role.AUDITOR, Role.BANK_ADMIN}),
    ),
    ExportKind.AUDIT: frozenset({Role.SUPERVISOR, Role.AUDITOR, Role.BANK_ADMIN}),
}
MAY_ASK_IN_FULL: Final = frozenset({Role.SUPERVISOR, Role.BANK_ADMIN})
MAY_APPROVE: Final = frozenset({Role.SUPERVISOR})


def next_status(status: ExportStatus, event: ExportEvent) -> ExportStatus:
    """The status that `event` leads to from `status`; raises `StatusConflict` where the table has no such step."""
    return step(TRANSITIONS, status, event)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportOrder:
    """What somebody asks for. `which` narrows the rows, in the words of its kind; with `ids` it is these cases alone.

    `in_full`: names and numbers are not masked, for `reason`.
    """

    kind: ExportKind
    format: ExportFormat
    fields: tuple[str, ...]
    which: Mapping[str, Any]
    ids: tuple[str, ...] = ()
    in_full: bool = False
    reason: str = ""


def order_faults(order: ExportOrder, role: Role) -> list[Fault]:
    """What is wrong with the order of somebody of that role."""
    known = {each.name for each in FIELDS[order.kind]}
    faults = [] if order.fields and known.issuperset(order.fields) else [Fault("/fields", "required")]
    if role not in MAY_ASK[order.kind]:
        faults.append(Fault("/kind", "not_of_your_role"))
    if len(order.ids) > MOST_CHOSEN:
        faults.append(Fault("/ids", "too_many", {"most": MOST_CHOSEN}))
    if not order.reason.isprintable():
        faults.append(Fault("/reason", "text_characters"))
    if len(order.reason) > REASON_LIMIT:
        faults.append(Fault("/reason", "text_too_long", {"limit": REASON_LIMIT}))
    if order.in_full:
        if role not in MAY_ASK_IN_FULL or not any(each.is_personal for each in fields_of(order.kind, order.fields)):
            faults.append(Fault("/in_full", "not_of_your_role"))
        if says_nothing(order.reason):
            faults.append(Fault("/reason", "required"))
    return faults
