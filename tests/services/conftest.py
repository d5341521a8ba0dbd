"""A hub that knows a simulated bank beside the portal, and negotiations in whatever state a test needs."""

from collections.abc import Callable
from typing import Any, Protocol

import pytest

from hub.domain.actor import HUB
from hub.domain.bank import Bank
from hub.domain.clock import FixedClock
from hub.wiring import Hub
from storage import banks as bank_rows
from tests import applications
from tests.banks.fixtures import banks, hub, simulated
from tests.conftest import Submit
from tests.services.case import Case
from tests.storage.kept_database import postgresql_database

__all__ = ["banks", "hub", "postgresql_database", "simulated"]


class SetRules(Protocol):
    """Sets rules of a bank."""

    def __call__(self, bank_code: str = applications.ICBC, **settings: str) -> None: ...


@pytest.fixture
def set_rules(hub: Hub, banks: dict[str, Bank]) -> SetRules:
    """A way to set rules of a bank."""

    def change(bank_code: str = applications.ICBC, **settings: str) -> None:
        with hub.writing(HUB) as tx:
            bank_rows.set_settings(tx, bank_code, settings)

    return change


class OpenCase(Protocol):
    """Has a negotiation in the hub, screened and with its bank unless `worked_off` is False."""

    def __call__(self, bank_code: str = applications.ICBC, *, worked_off: bool = True, **changes: Any) -> Case: ...


@pytest.fixture
def open_case(hub: Hub, clock: FixedClock, submitted: Submit, work_off: Callable[[], int]) -> OpenCase:
    """A way to have a negotiation, by default with ICBC and so in its queue: `awaiting_bank`."""

    def make(bank_code: str = applications.ICBC, *, worked_off: bool = True, **changes: Any) -> Case:
        case = Case(hub=hub, clock=clock, work_off=work_off, sent=submitted(bank_code, **changes), bank_code=bank_code)
        if worked_off:
            work_off()
        return case

    return make
