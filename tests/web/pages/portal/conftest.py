"""What tests of a bank's pages start from."""

from collections.abc import Callable

import pytest

from hub.domain.clock import FixedClock
from hub.wiring import Hub
from tests.applications import ICBC
from tests.conftest import Submit
from tests.services.case import Case


@pytest.fixture
def case(hub: Hub, clock: FixedClock, submitted: Submit, work_off: Callable[[], int]) -> Case:
    """A negotiation in the queue of ICBC."""
    made = Case(hub=hub, clock=clock, work_off=work_off, sent=submitted(ICBC), bank_code=ICBC)
    work_off()
    return made
