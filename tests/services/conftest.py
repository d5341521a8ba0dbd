"""A hub that knows a simulated bank beside the portal, and negotiations in whatever state a test needs."""

from collections.abc import Callable
from typing import Any, Protocol

import pytest

from hub.domain.actor import HUB
from hub.domain.bank import Bank
from hub.domain.client import Client
from hub.domain.clock import FixedClock
from hub.wiring import Hub
from storage import agreements
from storage import banks as bank_rows
from tests import applications
from tests.banks.fixtures import banks, hub, simulated
from tests.conftest import SentMessages, Submit, Submitted, is_as_made
from tests.services.case import Case
from tests.services.made_ready import MadeReady
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
            # As the service does: what counts as paid is told otherwise.
            agreements.follow_anew(tx, bank_code)

    return change


class OpenCase(Protocol):
    """Has a negotiation in the hub, screened and with its bank unless `worked_off` is False."""

    def __call__(self, bank_code: str = applications.ICBC, *, worked_off: bool = True, **changes: Any) -> Case: ...


@pytest.fixture(scope="session")
def made_ready(tmp_path_factory: pytest.TempPathFactory) -> MadeReady:
    """What was submitted and screened before, by any test of this process."""
    return MadeReady(tmp_path_factory.mktemp("made_ready"))


@pytest.fixture
def open_case(
    request: pytest.FixtureRequest,
    hub: Hub,
    clock: FixedClock,
    sms: SentMessages,
    submitted: Submit,
    submitting_clients: list[Client],
    work_off: Callable[[], int],
    made_ready: MadeReady,
) -> OpenCase:
    """A way to have a negotiation, by default with ICBC and so in its queue: `awaiting_bank`."""
    # A test that changes how the hub works must see it work.
    is_plain = not request.node.get_closest_marker("slow") and "monkeypatch" not in request.fixturenames

    def submit(bank_code: str, *, is_screened: bool) -> Submitted:
        def make() -> Submitted:
            sent = submitted(bank_code)
            if is_screened:
                work_off()
            assert not sms.sent
            return sent

        if not (is_plain and hub.database.on_sqlite and hub.clock is clock and is_as_made(hub.settings)):
            return make()
        sent = made_ready.copied_or_made(hub.settings.home, make, bank_code, is_screened, clock.at)
        submitting_clients[:] = [sent.client]
        return sent

    def make(bank_code: str = applications.ICBC, *, worked_off: bool = True, **changes: Any) -> Case:
        is_first = not submitting_clients and not changes
        # A bank with a system of its own hears of it in this test.
        is_screened = worked_off and bank_code != applications.CMB
        sent = submit(bank_code, is_screened=is_screened) if is_first else submitted(bank_code, **changes)
        case = Case(hub=hub, clock=clock, work_off=work_off, sent=sent, bank_code=bank_code)
        if worked_off and not (is_first and is_screened):
            work_off()
        return case

    return make


@pytest.fixture
def agreed(open_case: OpenCase) -> Case:
    """An agreement in force with ICBC, and with nobody else; payments are due on the 20th from 2026-12-20 on."""
    case = open_case()
    case.accept(case.offer())
    case.work_off()
    return case
