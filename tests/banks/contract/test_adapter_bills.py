"""Bills that banks tell through the hub's real door, whatever the kind: taken once, or refused and kept."""

from collections.abc import Callable
from typing import Any

import pytest

from hub.domain.actor import HUB
from hub.domain.bank_event import EventType
from hub.domain.bill import Bill
from hub.domain.china import CHINA
from hub.services.accounts import subjects
from hub.services.bills import consents
from hub.services.operating import banks as bank_services
from hub.wiring import Hub
from storage import bill_consents
from storage import bills as rows
from tests.applications import ICBC
from tests.banks.joined import FarBank, refused
from tests.services.case import Case

pytestmark = pytest.mark.slow


@pytest.fixture
def token(case: Case) -> str:
    """By what the bank names a person who lets it tell their bills."""
    with case.hub.writing(HUB) as tx:
        bank_services.change(tx, ICBC, {"services": "reminders"})
        person = subjects.of_client(tx, "some-app", "person-1")
        record = consents.give(tx, person, ICBC, card_last4="0007", mobile="13900001234")
        return bill_consents.contact_of(tx, record).token


def told(hub: Hub) -> list[Bill]:
    with hub.reading(HUB) as tx:
        person = subjects.of_client(tx, "some-app", "person-1")
        [consent] = bill_consents.list_of(tx, person.indexes, client_id=person.client_id)
        found = rows.list_of(tx, person.indexes, client_id=person.client_id)
        assert {each.consent_id for each in found} <= {consent.id}
        return [rows.value_of(tx, each) for each in found]


def bill(case: Case, named: str, **changes: Any) -> dict[str, Any]:
    with case.hub.reading(HUB) as tx:
        now = tx.now.astimezone(CHINA)
    return {
        "token": named,
        "card_last4": "0007",
        "statement_on": now.date().isoformat(),
        "due_on": now.date().isoformat(),
        "statement_fen": 120_000,
        "minimum_fen": 12_000,
        "as_of": now.isoformat(),
        **changes,
    }


def test_a_bill_is_taken_once_however_often_it_comes(
    case: Case, far: FarBank, hear: Callable[[], None], token: str
) -> None:
    for _ in range(3):
        assert far.say(EventType.BILL_TOLD, "", bill(case, token)).taken
        hear()
    [found] = told(case.hub)
    assert (found.contents.bank_code, found.contents.minimum_fen) == (ICBC, 12_000)
    assert refused(case.hub) == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"token": "somebody-else"}, "bill_not_yours"),
        ({"card_last4": "7391"}, "invalid_input"),
        ({"minimum_fen": 120_001}, "invalid_input"),
        ({"due_on": "1999-01-01"}, "invalid_input"),
        ({"cvn": "123"}, "invalid_input"),
    ],
)
def test_what_is_not_taken_is_refused_and_kept(
    case: Case, far: FarBank, hear: Callable[[], None], token: str, changes: dict[str, Any], code: str
) -> None:
    far.say(EventType.BILL_TOLD, "", bill(case, token, **changes))
    hear()
    assert told(case.hub) == []
    assert [each.code for each in refused(case.hub)] == [code]


def test_a_bank_without_the_service_tells_nothing(
    case: Case, far: FarBank, hear: Callable[[], None], token: str
) -> None:
    with case.hub.writing(HUB) as tx:
        bank_services.change(tx, ICBC, {"services": ""})
    far.say(EventType.BILL_TOLD, "", bill(case, token))
    hear()
    assert told(case.hub) == []
    assert [each.code for each in refused(case.hub)] == ["service_not_offered"]
