"""A request of the small kind in a hub."""

from collections.abc import Callable

import pytest

from hub.domain.bank import Bank
from hub.domain.clock import FixedClock
from hub.wiring import Hub
from tests.services.requests.asking import Asking, tiny_kind

__all__ = ["tiny_kind"]


@pytest.fixture
def asking(hub: Hub, clock: FixedClock, banks: dict[str, Bank], tiny_kind: None, work_off: Callable[[], int]) -> Asking:
    """A way to ask something of a bank."""
    return Asking(hub, clock, work_off)
