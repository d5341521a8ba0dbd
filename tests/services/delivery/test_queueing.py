"""Messages on their way to a bank: waits, giving up, one content under one id, and what a withdrawal overtakes."""

import sqlite3
from collections.abc import Callable
from datetime import timedelta

import pytest

from hub.domain.actor import HUB
from hub.domain.errors import NotFound, RefusedForGood, StatusConflict, TryAgain
from hub.services.delivery import queueing, sending
from hub.services.operating import invariants, sweeps
from hub.services.operating.breach import Breach
from hub.wiring import Hub
from hub.work.jobs import jobs_of
from storage.records import NegotiationRecord
from tests.applications import CMB
from tests.banks.simulated import SimulatedBank
from tests.jobs.draining import run_waiting
from tests.services.case import OFFER, Case, china
from tests.services.conftest import OpenCase, SetRules

DAY = timedelta(days=1)


def _wait_until_tried(case: Case, bank: SimulatedBank, number: int) -> timedelta:
    """How far the clock had to go on, looked at every five seconds as the schedule does, until that attempt."""
    began = case.clock.at
    while len(bank.attempts) < number:
        case.clock.at += timedelta(seconds=5)
        case.sweep()
    return case.clock.at - began


def test_the_first_retry_comes_within_ten_seconds_and_the_second_within_a_minute(
    open_case: OpenCase, simulated: SimulatedBank
) -> None:
    simulated.answers.extend([TryAgain("busy"), TryAgain("busy")])
    case = open_case(CMB)
    assert (case.status, len(simulated.attempts)) == ("delivering", 1)
    assert _wait_until_tried(case, simulated, 2) <= timedelta(seconds=10)
    assert _wait_until_tried(case, simulated, 3) <= timedelta(minutes=1)
    assert (case.status, case.due) == ("awaiting_bank", "2026-12-01 18:00")
    assert case.kinds()[-4:] == ["delivery_failed", "delivery_failed", "delivered", "clock_opened"]


def test_every_attempt_has_the_same_id_and_the_same_bytes(open_case: OpenCase, simulated: SimulatedBank) -> None:
    simulated.answers.extend([TryAgain("busy"), TryAgain("busy"), RefusedForGood("no"), TryAgain("busy")])
    case = open_case(CMB)
    for _ in range(4):
        case.clock.at += timedelta(minutes=2)
        case.sweep()
        if case.status == "undeliverable":
            _send_again(case)
    assert (case.status, len(simulated.attempts), len(set(simulated.attempts))) == ("awaiting_bank", 5, 1)


def _send_again(case: Case) -> None:
    with case.hub.writing(HUB) as tx:
        reference = tx.session.get_one(NegotiationRecord, case.id).reference
        queueing.send_again(tx, reference, HUB)
    case.work_off()


@pytest.mark.long
def test_after_three_days_it_is_undeliverable_and_an_operator_can_send_it_again(
    open_case: OpenCase, simulated: SimulatedBank
) -> None:
    simulated.answers.extend([TryAgain("busy")] * 100)
    case = open_case(CMB)
    began = case.clock.at
    while case.status == "delivering":
        case.clock.at += timedelta(hours=1)
        case.sweep()
    assert (case.status, case.clock.at - began) == ("undeliverable", 3 * DAY)

    tried = len(simulated.attempts)
    _send_again(case)
    assert (case.status, len(simulated.attempts)) == ("delivering", tried + 1)
    simulated.answers.clear()
    assert _wait_until_tried(case, simulated, tried + 2) <= timedelta(seconds=10)
    assert case.status == "awaiting_bank"
    assert "sent_again" in case.kinds()


def test_a_bank_sets_when_to_give_up(open_case: OpenCase, set_rules: SetRules, simulated: SimulatedBank) -> None:
    set_rules(CMB, give_up_after="1m")
    simulated.answers.extend([TryAgain("busy")] * 10)
    case = open_case(CMB)
    for _ in range(12):
        case.clock.at += timedelta(seconds=5)
        case.sweep()
    assert case.status == "undeliverable"


def test_what_the_bank_will_never_take_is_given_up_at_once(open_case: OpenCase, simulated: SimulatedBank) -> None:
    simulated.answers.append(RefusedForGood("no such card"))
    case = open_case(CMB)
    assert (case.status, len(simulated.attempts)) == ("undeliverable", 1)
    case.at("2026-11-30 10:00")
    assert len(simulated.attempts) == 1


def test_only_what_was_given_up_is_sent_again(open_case: OpenCase) -> None:
    case = open_case(CMB)
    with pytest.raises(StatusConflict), case.hub.writing(HUB) as tx:
        queueing.send_again(tx, case.id, HUB)
    with pytest.raises(NotFound), case.hub.writing(HUB) as tx:
        queueing.send_again(tx, "XS-20261121-000000", HUB)


def test_a_delivered_message_is_not_sent_a_second_time(open_case: OpenCase, simulated: SimulatedBank) -> None:
    case = open_case(CMB)
    sending.deliver(case.hub, case.hub.store, simulated.attempts[0][0])
    case.at("2026-11-30 10:00")
    assert (len(simulated.attempts), len(case.view()["clocks"])) == (1, 1)


def test_each_turn_of_the_person_reaches_the_bank(open_case: OpenCase, simulated: SimulatedBank) -> None:
    case = open_case(CMB)
    case.write("您好")
    case.decline(case.offer())
    offer = case.offer()
    case.counter()
    case.accept(offer)
    case.work_off()
    assert simulated.kinds_taken() == [
        "negotiation.submitted",
        "negotiation.message",
        "negotiation.message",
        "negotiation.counter_offered",
        "negotiation.accepted",
    ]
    message, accepted = list(simulated.taken.values())[2], list(simulated.taken.values())[-1]
    assert b'"declined_offer"' in message.body
    assert b'"collection_hold":true' in accepted.body


def test_a_message_waits_a_moment_for_the_verdict_over_its_file_and_takes_it_along(
    open_case: OpenCase, simulated: SimulatedBank
) -> None:
    case = open_case(CMB)
    file = case.upload()
    case.write("补充一份流水", file)
    run_waiting(case.hub.database.engine, jobs_of(case.hub))
    assert simulated.kinds_taken() == ["negotiation.submitted"]
    assert "delivery_failed" not in case.kinds()
    case.judge(file.id)
    case.clock.at += timedelta(seconds=5)
    case.sweep()
    message = list(simulated.taken.values())[-1]
    assert [(each.id, each.kind) for each in message.enclosures] == [(file.id, "bank_statement")]


def test_a_message_goes_without_a_file_that_has_no_verdict_for_long(
    open_case: OpenCase, simulated: SimulatedBank
) -> None:
    case = open_case(CMB)
    case.write("补充一份流水", case.upload())
    jobs = jobs_of(case.hub)
    run_waiting(case.hub.database.engine, jobs)
    case.clock.at += sending.VERDICTS_WAITED_FOR + timedelta(seconds=1)
    sweeps.run_due(case.hub)
    run_waiting(case.hub.database.engine, jobs)
    message = list(simulated.taken.values())[-1]
    assert (message.kind, message.enclosures) == ("negotiation.message", ())


def test_a_counter_offer_that_the_bank_cannot_take_starts_no_clock_until_it_arrives(
    open_case: OpenCase, simulated: SimulatedBank
) -> None:
    case = open_case(CMB)
    case.offer()
    simulated.answers.append(RefusedForGood("down"))
    case.counter(OFFER)
    case.work_off()
    assert (case.status, case.due) == ("awaiting_bank", None)
    case.clock.at = china("2026-11-24 10:00")
    _send_again(case)
    assert (case.status, case.due) == ("awaiting_bank", "2026-12-03 18:00")


def test_a_message_whose_turn_is_over_when_it_arrives_starts_no_clock(
    open_case: OpenCase, simulated: SimulatedBank
) -> None:
    case = open_case(CMB)
    offer = case.offer()
    simulated.answers.append(TryAgain("busy"))
    case.counter()
    case.work_off()
    case.accept(offer)
    case.at("2026-11-21 11:00")
    assert set(simulated.kinds_taken()) == {
        "negotiation.submitted",
        "negotiation.counter_offered",
        "negotiation.accepted",
    }
    assert (case.status, case.due, len(case.view()["clocks"])) == ("agreed", None, 1)


@pytest.mark.parametrize("deed", ["acknowledge", "ask"])
def test_a_counter_offer_that_arrives_after_the_bank_took_it_up_starts_its_clock(
    open_case: OpenCase, simulated: SimulatedBank, deed: str
) -> None:
    case = open_case(CMB)
    case.offer()
    case.counter()
    # The bank's system is quicker than our note of its answer.
    simulated.meanwhile = getattr(case, deed)
    case.work_off()
    assert (case.due, len(case.view()["clocks"])) == ("2026-12-01 18:00", 2)


def test_of_two_counter_offers_that_arrive_together_only_the_later_starts_a_clock(
    open_case: OpenCase, simulated: SimulatedBank
) -> None:
    case = open_case(CMB)
    case.offer()
    simulated.answers.append(TryAgain("busy"))
    case.counter()
    case.work_off()
    case.offer()
    case.counter()
    case.at("2026-11-21 11:00")
    assert simulated.kinds_taken().count("negotiation.counter_offered") == 2
    assert (case.status, case.due, len(case.view()["clocks"])) == ("awaiting_bank", "2026-12-01 18:00", 2)


def test_what_a_withdrawal_overtakes_is_never_sent(open_case: OpenCase, simulated: SimulatedBank) -> None:
    simulated.answers.append(TryAgain("busy"))
    case = open_case(CMB)
    case.withdraw()
    case.at("2026-11-30 10:00")
    assert (len(simulated.attempts), simulated.kinds_taken()) == (1, [])


def test_a_bank_that_knows_of_it_hears_of_the_withdrawal(open_case: OpenCase, simulated: SimulatedBank) -> None:
    case = open_case(CMB)
    case.withdraw()
    case.work_off()
    assert simulated.kinds_taken() == ["negotiation.submitted", "negotiation.withdrawn"]


def test_a_packet_that_arrives_during_the_withdrawal_starts_no_clock_and_is_followed_by_it(
    open_case: OpenCase, simulated: SimulatedBank
) -> None:
    case = open_case(CMB, worked_off=False)

    def withdraw_once() -> None:
        simulated.meanwhile = lambda: None
        case.withdraw()

    simulated.meanwhile = withdraw_once
    case.work_off()
    assert (case.status, case.view()["clocks"]) == ("withdrawn", [])
    assert simulated.kinds_taken() == ["negotiation.submitted", "negotiation.withdrawn"]
    assert _breaches(case.hub) == []


def test_a_packet_that_fails_during_the_withdrawal_is_over(open_case: OpenCase, simulated: SimulatedBank) -> None:
    case = open_case(CMB, worked_off=False)
    simulated.answers.append(TryAgain("busy"))
    simulated.meanwhile = case.withdraw
    case.work_off()
    case.at("2026-11-30 10:00")
    assert (case.status, len(simulated.attempts)) == ("withdrawn", 1)


def _breaches(hub: Hub) -> list[Breach]:
    with hub.reading(HUB) as tx:
        return list(invariants.breaches(tx, hub.store))


def test_no_transaction_is_open_while_the_hub_talks_to_a_bank(
    open_case: OpenCase, simulated: SimulatedBank, hub: Hub
) -> None:
    writes: list[str] = []

    def write_elsewhere() -> None:
        """What any other process would do; it fails at once where somebody holds the lock."""
        simulated.meanwhile = lambda: None
        if hub.database.on_sqlite:
            with sqlite3.connect(hub.database.url.removeprefix("sqlite:///"), timeout=0) as connection:
                connection.execute("BEGIN IMMEDIATE")
            connection.close()
        elif case:
            case[0].write("您好")
        writes.append("written")

    case: list[Case] = []
    simulated.meanwhile = write_elsewhere
    case.append(open_case(CMB, worked_off=False))
    case[0].work_off()
    assert "written" in writes
    assert case[0].status == "awaiting_bank"


def test_the_portal_has_a_message_with_the_commit_that_queues_it(
    open_case: OpenCase, work_off: Callable[[], int]
) -> None:
    case = open_case()
    assert case.status == "awaiting_bank"
    case.write("您好")
    assert (case.kinds()[-1], work_off()) == ("delivered", 0)
