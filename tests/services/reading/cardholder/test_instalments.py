"""A person's requests about instalments as the pages list them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hub.domain.actor import HUB
from hub.domain.bank import Bank
from hub.domain.china import china_day
from hub.domain.clock import FixedClock
from hub.services.accounts import subjects
from hub.services.accounts.cardholders import Cardholder
from hub.services.instalments import asking
from hub.services.reading.cardholder import instalments
from hub.wiring import Hub
from storage import banks as bank_rows
from tests.applications import ICBC
from tests.services.instalments import CONTACT, MATTER
from tests.storage.statements import sent_by


def test_a_longer_list_asks_the_database_no_more_often(hub: Hub, banks: dict[str, Bank], clock: FixedClock) -> None:
    today = china_day(clock.at)
    person = Cardholder(key="k", mobile="", mobile_indexes=(), client_id="some-app", subject="person-1")
    with hub.writing(HUB) as tx:
        bank_rows.set_settings(tx, ICBC, {"services": "instalments"})
    sent = []
    for number in (1, 2, 3, 4):
        with hub.writing(HUB) as tx:
            wish = replace(MATTER.wish, wanted_on=today + timedelta(days=1))
            asking.ask(
                tx, subjects.of_cardholder(tx, person), replace(MATTER, deal_no=f"N{number}", wish=wish), CONTACT
            )
        with hub.reading(HUB) as tx, sent_by(tx.session.connection()) as statements:
            assert len(instalments.list_own(tx, person, language="zh")) == number
        sent.append(len(statements))
    assert len(set(sent)) == 1, sent
