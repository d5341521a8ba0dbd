"""What a bank offers beside the negotiation, as its settings name it."""

import pytest

from hub.domain.bank import BankRules
from hub.domain.bank_settings import read_rules
from hub.domain.errors import InvalidValue, StatusConflict
from hub.domain.own_settings import changed, text_of
from hub.domain.request_kinds import KINDS
from hub.domain.service_request import CLOSED, PERSON_ERASED, RequestRules, Service, read_services


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", ()),
        ("reminders", (Service.REMINDERS,)),
        ("appointments,reminders", (Service.REMINDERS, Service.APPOINTMENTS)),
        ("reminders, mandates，instalments、appointments reminders", tuple(Service)),
    ],
)
def test_a_list_names_each_service_once_in_their_own_order(text: str, found: tuple[Service, ...]) -> None:
    assert read_services(text) == found


def test_a_service_that_nobody_knows_is_refused() -> None:
    with pytest.raises(InvalidValue) as error:
        read_services("reminders,loans")
    assert error.value.code == "services"


def test_nothing_is_on_by_itself_and_the_same_in_another_order_is_no_change() -> None:
    assert BankRules().services == ()
    rules = read_rules({"services": "mandates,reminders"})
    assert text_of(rules, "services") == "reminders,mandates"
    assert changed(rules, {"services": "reminders,mandates"}) == {}
    assert changed(rules, {"services": ""}) == {"services": ("reminders,mandates", "")}


_STATUSES = [(rules, status) for rules in KINDS.values() for status in rules.steps]


@pytest.mark.parametrize(("rules", "status"), _STATUSES, ids=[f"{each.kind}-{status}" for each, status in _STATUSES])
def test_whatever_is_open_is_closed_with_its_person_and_what_is_over_stays(rules: RequestRules, status: str) -> None:
    if rules.is_over(status):
        with pytest.raises(StatusConflict):
            rules.next_status(status, PERSON_ERASED)
    else:
        assert rules.next_status(status, PERSON_ERASED) == CLOSED


@pytest.mark.parametrize("rules", KINDS.values(), ids=list(KINDS))
def test_nothing_follows_what_was_closed(rules: RequestRules) -> None:
    assert rules.is_over(CLOSED)
    assert not rules.is_banks_turn(CLOSED)
    events = {event for leads in rules.steps.values() for event in leads}
    assert [event for event in [*events, PERSON_ERASED] if rules.allows(CLOSED, event)] == []
