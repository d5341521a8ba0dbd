"""One step in a table of what leads where."""

from collections.abc import Mapping
from typing import TypeVar

from hub.domain.errors import StatusConflict

Status = TypeVar("Status", bound=str)
Event = TypeVar("Event", bound=str)


def step(table: Mapping[Status, Mapping[Event, Status]], status: Status, event: Event) -> Status:
    """The status that `event` leads to from `status`; raises `StatusConflict` where the table has no such step."""
    after = table.get(status, {}).get(event)
    if after is None:
        raise StatusConflict(status, event)
    return after
