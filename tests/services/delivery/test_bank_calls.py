"""What a bank said, from the bytes to its effect: a refusal is on record, and weather is none."""

import json
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime

import pytest

from hub.banks.port import BankCall
from hub.domain.actor import HUB, Actor
from hub.domain.bank import Bank
from hub.domain.bank_event import LoadedCall
from hub.domain.clock import FixedClock
from hub.domain.errors import Fault, HubError, Malformed, NotFound, Refused, StatusConflict, TryAgain, Unavailable
from hub.services.delivery.bank_calls import BankCalls, code_of, reason_of
from hub.services.transaction import HubTransaction
from hub.wiring import Hub
from schemas.bank_events import load_call
from storage import bank_events
from tests.applications import ICBC
from tests.services.conftest import OpenCase


def call(**event: object) -> BankCall:
    """A call that says `event`."""
    return BankCall(id="e1", content=json.dumps(event).encode(), digest="d")


def test_what_a_bank_said_has_its_effect(hub: Hub, open_case: OpenCase, banks: dict[str, Bank]) -> None:
    case = open_case()
    calls = BankCalls(transactions=hub, clock=hub.clock, load=load_call)
    calls.take(banks[ICBC], call(type="negotiation.acknowledged", negotiation=case.id))
    assert case.status == "in_review"


@pytest.mark.parametrize(
    ("content", "code", "faults"),
    [
        (b"{", "json_syntax", ""),
        (b'{"type": "bought", "negotiation": "n"}', "invalid_input", "/type: unknown_choice"),
        (b'{"type": "acknowledged", "negotiation": "n"}', "not_found", ""),
    ],
)
def test_a_refusal_is_on_record_and_told(
    hub: Hub, banks: dict[str, Bank], content: bytes, code: str, faults: str
) -> None:
    calls = BankCalls(transactions=hub, clock=hub.clock, load=load_call)
    refusal = calls.taken_or_refused(banks[ICBC], BankCall(id="e1", content=content, digest="d"))
    assert refusal is not None
    with hub.reading(HUB) as tx:
        [kept] = bank_events.list_refused(tx, limit=10)
    assert (refusal.code, kept.code, kept.faults) == (code, code, faults)


def test_what_breaks_a_rule_is_named_by_its_place_in_what_the_bank_sent(
    hub: Hub, open_case: OpenCase, banks: dict[str, Bank]
) -> None:
    case = open_case()
    calls = BankCalls(transactions=hub, clock=hub.clock, load=load_call)
    # Nothing was asked for that could be missing.
    said = {"reason_code": "incomplete", "text": "材料不全。"}
    with pytest.raises(Refused) as refused:
        calls.take(banks[ICBC], call(type="rejected", negotiation=case.id, data=said))
    assert [each.pointer for each in refused.value.faults] == ["/data/reason_code"]
    assert case.status == "awaiting_bank"


@pytest.mark.parametrize(
    ("content", "type_", "fault"),
    [
        ({"negotiation": "n"}, None, "/type: required"),
        ({"negotiation": "n", "type": None}, None, "/type: null"),
        ({"negotiation": "n", "type": "rejected", "data": {"text": "."}}, "message", "/type: unknown_field"),
    ],
)
def test_the_type_of_an_event_stands_in_one_place(
    hub: Hub, banks: dict[str, Bank], content: dict[str, object], type_: str | None, fault: str
) -> None:
    calls = BankCalls(transactions=hub, clock=hub.clock, load=load_call)
    told = BankCall(id="e1", content=json.dumps(content).encode(), digest="d", type=type_)
    refusal = calls.taken_or_refused(banks[ICBC], told)
    assert refusal is not None
    assert fault in refusal.text


def test_a_database_that_is_away_decides_nothing(banks: dict[str, Bank]) -> None:
    class Away:
        """A database that nobody reaches."""

        def writing(self, actor: Actor) -> AbstractContextManager[HubTransaction]:
            raise Unavailable(str(actor))

        reading = writing

    calls = BankCalls(transactions=Away(), clock=FixedClock(datetime(2026, 11, 21, 2, tzinfo=UTC)), load=load_call)
    with pytest.raises(TryAgain):
        calls.taken_or_refused(banks[ICBC], call(type="acknowledged", negotiation="n"))


def test_a_fault_of_the_hubs_own_is_told_to_operator_and_bank_and_holds_up_nothing_else(
    hub: Hub, open_case: OpenCase, banks: dict[str, Bank]
) -> None:
    case = open_case()

    def load(content: bytes, *, today: date, type_: str | None) -> LoadedCall:
        """Fails on the first of the lines."""
        if b"rejected" in content:
            raise ZeroDivisionError
        return load_call(content, today=today, type_=type_)

    calls = BankCalls(transactions=hub, clock=hub.clock, load=load)
    failed = calls.taken_or_refused(banks[ICBC], call(type="rejected", negotiation=case.id))
    assert calls.taken_or_refused(banks[ICBC], call(type="acknowledged", negotiation=case.id)) is None
    with hub.reading(HUB) as tx:
        [kept] = bank_events.list_refused(tx, limit=10)
    assert failed is not None
    assert (failed.code, kept.code, case.status) == ("server_error", "server_error", "in_review")


@pytest.mark.parametrize(
    ("error", "code", "reason"),
    [
        (Refused(Fault("/data/text", "required")), "invalid_input", "invalid_input; /data/text: required"),
        (Malformed("json_form"), "json_form", "json_form"),
        (NotFound(), "not_found", "not_found"),
        (StatusConflict("agreed", "offered"), "status_conflict", "status_conflict; it is agreed"),
    ],
)
def test_an_error_is_told_by_its_code_and_the_places_it_names(error: HubError, code: str, reason: str) -> None:
    assert (code_of(error), reason_of(error)) == (code, reason)
