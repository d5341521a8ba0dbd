"""What banks say of requests through the hub's real door, whatever the kind: applied once, or refused and kept."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa

from hub.domain.actor import HUB
from hub.domain.bank_event import EventType
from hub.domain.china import china_day
from hub.domain.service_request import RequestKind
from hub.services.accounts import subjects
from hub.services.instalments import answering, matters
from hub.services.operating import banks as bank_services
from hub.services.operating.invariants import breaches
from hub.wiring import Hub
from storage import service_requests
from storage.records import BankEventRecord, DeliveryRecord, RequestEntryRecord, ServiceRequestRecord
from tests.applications import ICBC
from tests.banks.joined import FarBank, all_but_refusals, refused
from tests.services.appointments.meeting import booked
from tests.services.case import Case
from tests.services.instalments import CLIENT, SUBJECT, asked_about_instalments
from tests.services.mandates.revoked import MANDATE, Revoked, switch_on

pytestmark = pytest.mark.slow

NOT_OURS = {"reason_code": "not_ours", "text": ""}
OVERDUE = {"reason_code": "overdue", "text": ""}


@pytest.fixture
def revocation(case: Case) -> str:
    """A revocation that the bank's system has taken."""
    switch_on(case.hub, ICBC)
    contents = replace(MANDATE, payee_code=ICBC, account_bank=ICBC, valid_from=china_day(case.clock.at), next_on=None)
    revoked = Revoked(case.hub, case.work_off).record(contents)
    assert revoked.revoke() is None
    case.work_off()
    return revoked.revocation_id


def row(hub: Hub, matter_id: str) -> ServiceRequestRecord:
    with hub.reading(HUB) as tx:
        [found] = service_requests.list_of_matter(tx, matter_id)
        return found


def applied(hub: Hub, matter_id: str) -> list[str]:
    with hub.reading(HUB) as tx:
        query = sa.select(BankEventRecord.type).where(BankEventRecord.request_id == row(hub, matter_id).id)
        return list(tx.session.scalars(query))


def said(hub: Hub, matter_id: str, kind: str) -> int:
    with hub.reading(HUB) as tx:
        mine = sa.select(RequestEntryRecord).where(RequestEntryRecord.request_id == row(hub, matter_id).id)
        return sum(each.kind == kind for each in tx.session.scalars(mine))


@pytest.mark.parametrize(
    ("type_", "data", "status"),
    [(EventType.MANDATE_CONFIRMED, {}, "confirmed"), (EventType.MANDATE_REFUSED, NOT_OURS, "refused")],
)
def test_an_answer_has_its_effect_once_however_often_it_comes(
    case: Case,
    far: FarBank,
    hear: Callable[[], None],
    revocation: str,
    type_: EventType,
    data: dict[str, Any],
    status: str,
) -> None:
    assert row(case.hub, revocation).status == "with_bank"
    for _ in range(3):
        assert far.say(type_, revocation, data).taken
        hear()
    assert (row(case.hub, revocation).status, applied(case.hub, revocation)) == (status, [type_])
    assert said(case.hub, revocation, f"revocation_{status}") == 1
    assert refused(case.hub) == []
    with case.hub.reading(HUB) as tx:
        assert list(breaches(tx, case.hub.store)) == []


@pytest.mark.parametrize(
    ("type_", "named", "data", "code"),
    [
        (EventType.MANDATE_CONFIRMED, "f" * 32, {}, "not_found"),
        (EventType.DEDUCTION_ANSWERED, None, {"text": "已核对"}, "not_found"),
        (EventType.MANDATE_REFUSED, None, {}, "invalid_input"),
        (EventType.MANDATE_REFUSED, None, {"reason_code": "required_by_contract", "text": ""}, "invalid_input"),
        (EventType.MANDATE_CONFIRMED, None, {"status": "revoked"}, "invalid_input"),
    ],
    ids=["unknown", "of another kind", "without a reason", "a clause without words", "a field that is not there"],
)
def test_what_cannot_be_is_refused_and_kept_and_moves_nothing(
    case: Case,
    far: FarBank,
    hear: Callable[[], None],
    revocation: str,
    type_: EventType,
    named: str | None,
    data: dict[str, Any],
    code: str,
) -> None:
    before = all_but_refusals(case.hub)
    far.say(type_, named or revocation, data)
    hear()
    assert all_but_refusals(case.hub) == before
    [kept] = refused(case.hub)
    assert (kept.code, kept.negotiation_id) == (code, named or revocation)
    assert kept.reference == (None if named else row(case.hub, revocation).reference)


def test_an_answer_never_moves_a_request_backwards(
    case: Case, far: FarBank, hear: Callable[[], None], revocation: str
) -> None:
    far.say(EventType.MANDATE_CONFIRMED, revocation, {}, event_id="a" * 32)
    far.say(EventType.MANDATE_REFUSED, revocation, NOT_OURS, event_id="b" * 32)
    far.say(EventType.MANDATE_REFUSED, revocation, NOT_OURS, event_id="a" * 32)
    hear()
    assert (row(case.hub, revocation).status, applied(case.hub, revocation)) == ("confirmed", ["mandate.confirmed"])
    assert sorted(kept.code for kept in refused(case.hub)) == ["event_id_reused", "status_conflict"]


def test_another_banks_request_answers_as_an_unknown_one_does(
    case: Case, other: FarBank, hear: Callable[[], None], revocation: str
) -> None:
    before = all_but_refusals(case.hub)
    told = [other.say(EventType.MANDATE_CONFIRMED, named, {}, event_id=named) for named in (revocation, "f" * 32)]
    hear()
    assert all_but_refusals(case.hub) == before
    assert {(heard.taken, heard.again) for heard in told} == {(told[0].taken, told[0].again)}
    assert {kept.code for kept in refused(case.hub)} == {"not_found"}


def test_a_bank_that_speaks_of_a_request_has_it_whatever_our_notes_say(
    case: Case, far: FarBank, hear: Callable[[], None]
) -> None:
    with case.hub.writing(HUB) as tx:
        bank_services.change(tx, ICBC, {"services": "instalments"})
    far.behave("silent", "fail")
    asked = asked_about_instalments(case.hub)
    case.work_off()
    with case.hub.writing(HUB) as tx:
        [waiting] = tx.session.scalars(sa.select(DeliveryRecord).where(DeliveryRecord.request_id.is_not(None)))
        assert waiting.delivered_at is None
    assert row(case.hub, asked).status == "submitted"
    far.say(EventType.INSTALMENT_REFUSED, asked, OVERDUE)
    hear()
    assert (row(case.hub, asked).status, row(case.hub, asked).kind) == ("refused", RequestKind.INSTALMENTS)
    assert said(case.hub, asked, "delivered") == 1
    assert refused(case.hub) == []


def test_the_simulated_bank_answers_what_asks_for_no_figures(
    case: Case, far: FarBank, hear: Callable[[], None]
) -> None:
    far.behave("accept")
    switch_on(case.hub, ICBC)
    contents = replace(MANDATE, payee_code=ICBC, account_bank=ICBC, valid_from=china_day(case.clock.at), next_on=None)
    revoked = Revoked(case.hub, case.work_off).record(contents)
    assert revoked.revoke() is None
    case.work_off()
    far.desk.events.join()
    hear()
    assert (revoked.row.status, refused(case.hub)) == ("revoked", [])


def test_the_simulated_bank_quotes_a_deal_and_posts_it_once_it_is_accepted(
    case: Case, far: FarBank, hear: Callable[[], None]
) -> None:
    far.behave("accept")
    asked = asked_about_instalments(case.hub, today=china_day(case.clock.at))

    def answered() -> str:
        case.work_off()
        far.desk.events.join()
        hear()
        return row(case.hub, asked).status

    assert answered() == "quoted"
    with case.hub.writing(HUB) as tx:
        person = subjects.of_client(tx, CLIENT, SUBJECT)
        quote = matters.matter_of(tx, matters.lock_own(tx, person, asked)).quote
        assert quote is not None
        code = answering.send_code(tx, person, asked, quote.id).code
        assert answering.accept(tx, person, asked, quote.id, code) is None
    assert answered() == "done"
    assert refused(case.hub) == []
    with case.hub.reading(HUB) as tx:
        assert list(breaches(tx, case.hub.store)) == []


def test_the_simulated_bank_sends_two_of_its_visitors(case: Case, far: FarBank, hear: Callable[[], None]) -> None:
    far.behave("accept")
    with case.hub.reading(HUB) as tx:
        person = subjects.of_client(tx, CLIENT, SUBJECT)
    visit = booked(case.hub, person, ICBC)
    case.work_off()
    far.desk.events.join()
    hear()
    assert (row(case.hub, visit).status, refused(case.hub)) == ("confirmed", [])
