"""A hub that knows a simulated bank beside the portal: fixtures for the folders whose tests need one."""

from collections.abc import Iterator

import pytest

from hub.banks.adapters.portal import Portal
from hub.domain.actor import HUB
from hub.domain.bank import Bank
from hub.domain.clock import FixedClock
from hub.settings import Settings
from hub.wiring import Hub
from storage import banks as bank_rows
from tests import applications
from tests.banks.simulated import SimulatedBank
from tests.conftest import SentMessages, print_blank_pages


@pytest.fixture
def simulated() -> SimulatedBank:
    """The system of the bank CMB."""
    return SimulatedBank()


@pytest.fixture
def hub(
    request: pytest.FixtureRequest,
    settings: Settings,
    clock: FixedClock,
    sms: SentMessages,
    simulated: SimulatedBank,
) -> Iterator[Hub]:
    """An empty hub whose clock stands, and which knows the simulated bank too."""
    made = Hub(settings, clock=clock, adapters=[Portal(), simulated], sms=sms)
    print_blank_pages(request, made)
    yield made
    made.close()


@pytest.fixture
def banks(hub: Hub) -> dict[str, Bank]:
    """Three banks by code: CMB has a system of its own, the others work in the portal."""
    with hub.writing(HUB) as tx:
        return {
            code: bank_rows.add_bank(
                tx,
                code=code,
                name_zh=zh,
                name_en=en,
                adapter="simulated" if code == applications.CMB else "portal",
                settings={},
            )
            for code, (zh, en) in applications.BANK_NAMES.items()
        }
