"""Requests beside negotiations: steps, log, clock, and their way to one bank or several."""

import json
from datetime import timedelta

import pytest

from hub.domain import answer_time
from hub.domain.actor import HUB
from hub.domain.delivery import MessageKind
from hub.domain.errors import NotFound, RefusedForGood, StatusConflict, TryAgain
from hub.domain.log_chain import verify
from hub.services.accounts import subjects
from hub.services.delivery import queueing
from hub.services.negotiations import answer_clocks
from hub.services.operating import operator_tasks, task_causes
from hub.services.requests import sending
from storage import communications, deliveries, request_clocks, service_requests
from storage.records.negotiations import NO_CLOCK
from tests.banks.simulated import SimulatedBank
from tests.services.case import china
from tests.services.negotiations.test_answer_clocks import NEW_YEAR_2027
from tests.services.requests.asking import CLIENT, CMB, ICBC, SUBJECT, Asking, Happens, Stands, open_one


def test_a_request_in_the_hubs_own_portal_has_arrived_with_its_opening(asking: Asking) -> None:
    row = asking.opened(ICBC).row()
    assert (row.status, row.reached_bank_at, row.closed_at) == (Stands.WITH_BANK, asking.clock.at, None)
    assert row.reference.startswith("BL-")
    assert asking.kinds() == ["message", "delivered", "clock_opened"]


def test_the_clock_runs_on_working_days_and_stops_with_the_answer(asking: Asking) -> None:
    asking.clock.at = china("2026-11-27 10:00")
    assert asking.opened(ICBC).row().due_at == china("2026-12-02 18:00")
    asking.move(Happens.ANSWERED)
    row = asking.row()
    assert (row.status, row.due_at, row.answered_at) == (Stands.DONE, NO_CLOCK, asking.clock.at)
    assert row.closed_at == asking.clock.at


def test_what_its_table_does_not_have_changes_nothing(asking: Asking) -> None:
    asking.opened(ICBC).move(Happens.ANSWERED)
    before = asking.lines()
    with pytest.raises(StatusConflict):
        asking.move(Happens.ANSWERED)
    assert (asking.row().status, asking.lines()) == (Stands.DONE, before)


def test_the_log_is_a_chain_whose_end_is_signed(asking: Asking) -> None:
    asking.opened(ICBC).move(Happens.ANSWERED)
    assert verify(asking.lines()) is None
    row = asking.row()
    with asking.hub.reading(HUB) as tx:
        assert communications.is_end_signed(tx, communications.end_of(row), row.log_mac or "")
    changes = [(line["from"], line["to"]) for line in asking.lines() if line["to"]]
    assert changes == [(None, "sent"), ("sent", "with_bank"), ("with_bank", "done")]


def test_a_breach_is_written_once(asking: Asking) -> None:
    asking.clock.at = china("2026-11-27 10:00")
    asking.opened(ICBC)
    for time in ("2026-12-02 18:00", "2026-12-02 18:01", "2026-12-03 09:00"):
        asking.at(time)
    assert asking.kinds() == ["message", "delivered", "clock_opened", "breached"]


def test_every_attempt_has_the_same_id_and_the_same_bytes(asking: Asking, simulated: SimulatedBank) -> None:
    simulated.answers.extend([TryAgain("busy"), TryAgain("busy")])
    asking.opened(CMB)
    assert asking.row().status == Stands.SENT
    for _ in range(3):
        asking.clock.at += timedelta(minutes=2)
        asking.sweep()
    assert (asking.row().status, len(simulated.attempts), len(set(simulated.attempts))) == (Stands.WITH_BANK, 3, 1)
    assert asking.kinds()[1:] == ["delivery_failed", "delivery_failed", "delivered", "clock_opened"]


def test_several_banks_of_one_matter_are_told_the_same_bytes_and_see_their_own_part(
    asking: Asking, simulated: SimulatedBank
) -> None:
    first = asking.opened(CMB).row()
    with asking.hub.writing(HUB) as tx:
        second = open_one(tx, ICBC, matter_id=first.matter_id, reference=first.reference)
        (told,) = deliveries.list_of_request(tx, second.id)
        (taken,) = simulated.taken.values()
        assert deliveries.body_of(tx, told)["data"] == json.loads(taken.body)
        assert taken.request == first.matter_id == json.loads(taken.body)["request"]
        for bank, own in ((CMB, first.id), (ICBC, second.id)):
            assert service_requests.find_of_bank(tx, first.matter_id, bank_code=bank).id == own
        subject = subjects.of_client(tx, CLIENT, SUBJECT)
        mine = service_requests.lock_of_person(tx, first.matter_id, subject.indexes, client_id=CLIENT)
        assert {each.id for each in mine} == {first.id, second.id}
        with pytest.raises(StatusConflict):
            open_one(tx, ICBC, matter_id=first.matter_id)


def test_nobody_else_finds_it(asking: Asking) -> None:
    asking.opened(ICBC)
    with asking.hub.writing(HUB) as tx:
        other = subjects.of_client(tx, CLIENT, "somebody else")
        for client, indexes in ((CLIENT, other.indexes), ("another-app", subjects.of_client(tx, "x", SUBJECT).indexes)):
            with pytest.raises(NotFound):
                service_requests.lock_of_person(tx, asking.matter_id, indexes, client_id=client)
        with pytest.raises(NotFound):
            service_requests.find_of_bank(tx, asking.matter_id, bank_code=CMB)


def test_a_bank_does_not_see_what_has_not_reached_it(asking: Asking, simulated: SimulatedBank) -> None:
    simulated.answers.append(TryAgain("busy"))
    asking.opened(CMB)
    with asking.hub.reading(HUB) as tx, pytest.raises(NotFound):
        service_requests.find_of_bank(tx, asking.matter_id, bank_code=CMB)


def test_what_the_bank_never_takes_is_an_operators_and_ends_by_itself(asking: Asking, simulated: SimulatedBank) -> None:
    simulated.answers.append(RefusedForGood("no such customer"))
    asking.opened(CMB)
    with asking.hub.reading(HUB) as tx:
        (task,) = operator_tasks.open_tasks(tx)
        assert (task.kind, task.params["request"]) == ("undeliverable", asking.row().reference)
    assert asking.kinds()[-1] == "undeliverable"
    with asking.hub.writing(HUB) as tx:
        queueing.send_again(tx, asking.row().reference, HUB)
    asking.work_off()
    task_causes.look(asking.hub)
    with asking.hub.reading(HUB) as tx:
        assert operator_tasks.open_tasks(tx) == []
    assert (asking.row().status, len(set(simulated.attempts))) == (Stands.WITH_BANK, 1)
    assert asking.kinds()[-3:] == ["sent_again", "delivered", "clock_opened"]


def test_a_later_message_opens_no_clock_of_its_own(asking: Asking) -> None:
    asking.opened(ICBC)
    due = asking.row().due_at
    asking.clock.at += timedelta(days=1)
    with asking.hub.writing(HUB) as tx:
        record = service_requests.lock(tx, asking.id)
        sending.queue(tx, record, MessageKind.REQUEST_MESSAGE, {"text": "补充说明"})
    assert asking.row().due_at == due


def test_a_notice_of_holidays_moves_the_due_time_and_the_log_says_why(asking: Asking) -> None:
    asking.clock.at = china("2026-12-30 10:00")
    before = asking.opened(ICBC).row().due_at
    answer_clocks.import_notice(asking.hub, NEW_YEAR_2027, actor=HUB)
    row = asking.row()
    assert (row.due_at > before, row.provisional, asking.kinds()[-1]) == (True, False, "clock_moved")
    with asking.hub.reading(HUB) as tx:
        turn = request_clocks.answer_time_of(row)
        assert turn is not None
        assert row.due_at == answer_time.due_at(turn, tx.calendar())
    assert row.remind_at is not None
