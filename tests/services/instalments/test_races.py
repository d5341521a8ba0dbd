"""Real threads on real databases: a person's word and a bank's about one deal exclude each other."""

from __future__ import annotations

import pytest

from hub.domain.actor import HUB
from hub.domain.china import china_day
from hub.domain.clock import FixedClock
from hub.domain.instalment_request import Refusal, RefusalReason
from hub.services.accounts import subjects
from hub.services.delivery.bank_events import actor_of
from hub.services.instalments import asking, quoting
from hub.wiring import Hub
from storage import communications, service_requests
from storage.log_tables import OF_REQUESTS
from tests.applications import ICBC
from tests.services.instalments import CLIENT, SUBJECT, asked_about_instalments
from tests.services.test_races import at_once, sound


@pytest.mark.parametrize("number", range(2))
@pytest.mark.usefixtures("banks")
def test_a_banks_no_beside_the_persons_withdrawal_has_one_winner(hub: Hub, clock: FixedClock, number: int) -> None:
    asked = asked_about_instalments(hub, today=china_day(clock.at))

    def withdraw() -> None:
        with hub.writing(HUB) as tx:
            asking.withdraw(tx, subjects.of_client(tx, CLIENT, SUBJECT), asked, "先不办了")

    def refuse() -> None:
        with hub.writing(actor_of(ICBC)) as tx:
            quoting.refuse(tx, asked, Refusal(reason_code=RefusalReason.OVERDUE, text=""), bank_code=ICBC)

    found = at_once(withdraw, refuse)
    assert sorted(found) == ["StatusConflict", "done"]
    word = "withdrawn" if found[0] == "done" else "refused"
    with hub.reading(HUB) as tx:
        [record] = service_requests.list_of_matter(tx, asked)
        kinds = [each.header.kind for each in communications.list_entries(tx, record.id, log=OF_REQUESTS)]
    assert record.status == word
    ends = {"instalments_withdrawn", "instalments_refused"}
    assert [kind for kind in kinds if kind in ends] == [f"instalments_{word}"]
    assert sound(hub)
