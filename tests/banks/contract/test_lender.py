"""A lender that is no bank joins by each adapter as a bank does: same messages, same events, its code says nothing."""

from collections.abc import Callable

import pytest
from flask import Flask

from hub.app import create_app
from hub.banks.port import Collecting
from hub.domain.actor import HUB
from hub.domain.bank import Bank
from hub.domain.creditor import read_standing
from hub.services.delivery import collecting
from hub.services.delivery.bank_calls import BankCalls
from hub.services.operating import banks as bank_deeds
from hub.wiring import Hub
from schemas.bank_events import load_call
from tests import applications
from tests.banks.contract.conftest import StartBank
from tests.banks.joined import FAR, FarBank, events_of, served
from tests.conftest import Submit
from tests.jobs.waiting import wait_until
from tests.lenders import LENDER, LICENCE
from tests.services.case import Case

pytestmark = pytest.mark.slow


@pytest.fixture(params=FAR)
def far(request: pytest.FixtureRequest, start_bank: StartBank) -> FarBank:
    """The system of the lender; once of each kind."""
    return start_bank(request.param, LENDER)


@pytest.fixture
def bank(hub: Hub, calls: object, far: FarBank) -> Bank:
    """The lender as the hub knows it, joined by the very words that the simulated bank prints."""
    with hub.writing(HUB) as tx:
        return bank_deeds.add(
            tx,
            code=LENDER,
            name_zh="晴川消费金融有限公司",
            name_en="Qingchuan Consumer Finance",
            adapter=far.far_side.kind,
            settings=far.settings,
            standing=read_standing(kind="consumer_finance", licence_no=LICENCE),
        )


def test_a_lender_takes_a_loan_and_offers_on_it(
    hub: Hub, bank: Bank, far: FarBank, port: int, submitted: Submit, work_off: Callable[[], int]
) -> None:
    if not far.far_side.speaks:
        pytest.skip("its staff act in the portal")
    app: Flask = create_app(hub)
    far.behave("accept")

    def heard() -> bool:
        if isinstance(hub.adapters.of(bank), Collecting):
            calls = BankCalls(transactions=hub, clock=hub.clock, load=load_call)
            collecting.collect(hub, calls.taken_or_refused, LENDER)
        return case.status == "offered"

    with served(app, port):
        sent = submitted(LENDER, accounts=[], loans=[applications.loan(LENDER)])
        case = Case(hub=hub, clock=hub.clock, work_off=work_off, sent=sent, bank_code=LENDER)  # type: ignore[arg-type]
        work_off()
        wait_until(heard, what=f"an offer, by {far.lines}")
    assert events_of(case) == {"acknowledged": 1, "offered": 1}
    [offer] = case.view()["offers"]
    assert [each["contract_last4"] for each in offer["balances"]] == ["80A6"]
    assert offer["clauses"]["for_loans"] is True
