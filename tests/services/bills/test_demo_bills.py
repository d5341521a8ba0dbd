"""The demo's people have bills that banks told: one in force, one superseded, and one of some days ago."""

from hub.demo import bills as demo_bills
from hub.demo.people import CARDHOLDERS
from hub.domain.actor import HUB
from hub.domain.bank import Bank
from hub.domain.bill import BillSource
from hub.services.accounts import subjects
from hub.services.bills import bills
from hub.services.operating import banks as bank_services
from hub.wiring import Hub
from tests.applications import CMB, ICBC
from tests.conftest import AddClient


def test_the_demo_shows_told_bills_in_several_statuses(hub: Hub, banks: dict[str, Bank], add_client: AddClient) -> None:
    client, _ = add_client("demo")
    with hub.writing(HUB) as tx:
        for code in (ICBC, CMB):
            bank_services.change(tx, code, {"services": "reminders"})
        demo_bills.add(tx, client)
        person = subjects.of_client(tx, client.id, CARDHOLDERS["cardholder-1"].subject)
        first, last = tx.now.date().replace(year=2026, month=1), tx.now.date().replace(year=2027, month=12)
        told = [
            each for each in bills.list_for(tx, person, first=first, last=last) if each.source is BillSource.BANK_FEED
        ]
        found = sorted((each.contents.bank_code, str(each.status), each.may_have_changed(tx.now)) for each in told)
    assert found == [(ICBC, "open", False), (ICBC, "superseded", True), (CMB, "open", True)]
