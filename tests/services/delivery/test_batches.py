"""Messages that travel together: what a batch holds never changes under its name, and nobody is held up for long."""

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from hub import steps
from hub.banks.adapters.portal import Portal
from hub.banks.port import Batch
from hub.domain.actor import HUB
from hub.domain.clock import FixedClock
from hub.domain.delivery import Outcome
from hub.domain.errors import RefusedForGood, TryAgain, Unusable
from hub.services.delivery import batches, queueing, sending
from hub.services.delivery.sending import IN_HAND
from hub.services.operating import invariants
from hub.services.operating.breach import Breach
from hub.settings import Settings
from hub.wiring import Hub
from hub.work.jobs import jobs_of
from storage import bank_lines
from storage.records import DeliveryRecord, NegotiationRecord
from tests.applications import CMB, ICBC
from tests.conftest import SentMessages
from tests.jobs.draining import run_waiting
from tests.services.batching import BatchingBank
from tests.services.case import Case
from tests.services.conftest import OpenCase, SetRules


@pytest.fixture
def simulated() -> BatchingBank:
    """The system of the bank CMB, which takes batches."""
    return BatchingBank()


@pytest.fixture
def hub(settings: Settings, clock: FixedClock, sms: SentMessages, simulated: BatchingBank) -> Iterator[Hub]:
    made = Hub(settings, clock=clock, adapters=[Portal(), simulated], sms=sms)
    yield made
    made.close()


OpenCases = Callable[[int], list[Case]]


@pytest.fixture
def open_cases(open_case: OpenCase, work_off: Callable[[], int]) -> OpenCases:
    """A way to have negotiations with CMB; the first attempt to deliver them was made together."""

    def make(count: int) -> list[Case]:
        cases = [open_case(CMB, worked_off=False) for _ in range(count)]
        work_off()
        return cases

    return make


def _delivery(case: Case) -> DeliveryRecord:
    with case.hub.reading(HUB) as tx:
        [found] = tx.session.query(DeliveryRecord).filter_by(negotiation_id=case.id, kind="negotiation.submitted").all()
        return found


def _later(case: Case, by: timedelta) -> None:
    case.clock.at += by
    case.sweep()


def _sent_again(case: Case) -> None:
    with case.hub.writing(HUB) as tx:
        queueing.send_again(tx, tx.session.get_one(NegotiationRecord, case.id).reference, HUB)


def _breaches(hub: Hub) -> list[Breach]:
    with hub.reading(HUB) as tx:
        return list(invariants.breaches(tx, hub.store))


def test_what_is_due_travels_together_and_the_next_on_that_day_under_the_next_number(
    open_cases: OpenCases, simulated: BatchingBank
) -> None:
    first, second = open_cases(2)
    assert (first.status, second.status) == ("awaiting_bank", "awaiting_bank")
    [third] = open_cases(1)
    assert list(simulated.batches) == ["20261121_1", "20261121_2"]
    assert simulated.batches["20261121_1"] == (_delivery(first).id, _delivery(second).id)
    third.at("2026-11-23 09:00")
    [fourth] = open_cases(1)
    assert simulated.batches["20261123_1"] == (_delivery(fourth).id,)
    assert _breaches(first.hub) == []


def test_a_message_whose_file_is_being_judged_travels_in_a_later_batch(
    open_cases: OpenCases, simulated: BatchingBank
) -> None:
    [first] = open_cases(1)
    file = first.upload()
    first.write("补充一份流水", file)
    run_waiting(first.hub.database.engine, jobs_of(first.hub))
    assert list(simulated.batches) == ["20261121_1"]
    first.judge(file.id)
    _later(first, timedelta(seconds=5))
    [message_id] = simulated.batches["20261121_2"]
    assert [each.id for each in simulated.taken[message_id].enclosures] == [file.id]


def test_a_batch_goes_again_with_the_same_messages_and_what_came_meanwhile_in_another(
    open_cases: OpenCases, simulated: BatchingBank
) -> None:
    simulated.answers.append(TryAgain("busy"))
    first = open_cases(2)
    assert [case.status for case in first] == ["delivering"] * 2
    [late] = open_cases(1)
    assert (late.status, first[0].status) == ("awaiting_bank", "delivering")
    _later(late, timedelta(seconds=10))
    assert simulated.names_tried() == ["20261121_1", "20261121_2", "20261121_1"]
    assert simulated.tried[0] == simulated.tried[2]
    assert {case.status for case in first} == {"awaiting_bank"}


def test_a_worker_that_died_behind_the_sending_leaves_the_batch_to_the_next_under_the_same_name(
    open_cases: OpenCases, simulated: BatchingBank, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Died(BaseException):
        pass

    def die(name: str) -> None:
        if name == "delivery.after_send":
            raise Died

    monkeypatch.setattr(steps, "on_step", die)
    with pytest.raises(Died):
        open_cases(2)
    monkeypatch.undo()
    batches.deliver_batch(hub, hub.store, CMB)
    assert len(simulated.tried) == 1  # somebody may still have it in hand
    hub.clock.at += IN_HAND  # type: ignore[attr-defined]
    batches.deliver_batch(hub, hub.store, CMB)
    assert (simulated.tried[0], len(simulated.tried), len(simulated.batches)) == (simulated.tried[1], 2, 1)
    assert _breaches(hub) == []


def test_a_message_that_a_withdrawal_overtakes_is_not_sent_again_and_the_others_travel_without_it(
    open_cases: OpenCases, simulated: BatchingBank
) -> None:
    simulated.answers.append(TryAgain("busy"))
    stays, leaves = open_cases(2)
    leaves.withdraw()
    _later(stays, timedelta(seconds=10))
    assert simulated.batches == {"20261121_2": (_delivery(stays).id,)}
    assert len(simulated.tried) == 2
    assert (stays.status, leaves.status) == ("awaiting_bank", "withdrawn")


def test_a_bank_that_had_the_batch_all_along_hears_of_the_withdrawal(
    open_cases: OpenCases, simulated: BatchingBank
) -> None:
    simulated.takes_unheard = True
    simulated.answers.append(TryAgain("the answer was lost"))
    stays, leaves = open_cases(2)
    leaves.withdraw()
    _later(stays, timedelta(seconds=10))
    assert (stays.status, leaves.status) == ("awaiting_bank", "withdrawn")
    assert simulated.kinds_taken() == ["negotiation.submitted"] * 2 + ["negotiation.withdrawn"]
    assert simulated.names_tried() == ["20261121_1", "20261121_2"]


def test_a_message_withdrawn_while_its_batch_is_under_way_arrives_and_is_followed_by_the_withdrawal(
    open_cases: OpenCases, open_case: OpenCase, simulated: BatchingBank, work_off: Callable[[], int]
) -> None:
    case = open_case(CMB, worked_off=False)

    def withdraw() -> None:
        simulated.meanwhile = lambda: None
        case.withdraw()

    simulated.meanwhile = withdraw
    work_off()
    assert (case.status, simulated.kinds_taken()) == (
        "withdrawn",
        ["negotiation.submitted", "negotiation.withdrawn"],
    )


def test_a_damaged_message_is_left_out_and_tried_alone_later(open_cases: OpenCases, simulated: BatchingBank) -> None:
    simulated.answers.append(TryAgain("busy"))
    sound, damaged = open_cases(2)
    simulated.unfit.add(_delivery(damaged).id)
    _later(sound, timedelta(seconds=10))
    assert (sound.status, damaged.status) == ("awaiting_bank", "delivering")
    assert list(simulated.batches.values()) == [(_delivery(sound).id,)]
    assert (_delivery(damaged).detail, _delivery(damaged).attempts) == ("damaged", 2)
    simulated.unfit.clear()
    _later(sound, timedelta(minutes=2))
    assert damaged.status == "awaiting_bank"


def test_a_damaged_message_is_given_up_in_its_time(
    open_cases: OpenCases, set_rules: SetRules, simulated: BatchingBank
) -> None:
    set_rules(CMB, give_up_after="1m")
    simulated.answers.append(TryAgain("busy"))
    [damaged] = open_cases(1)
    simulated.unfit.add(_delivery(damaged).id)
    for _ in range(20):
        _later(damaged, timedelta(seconds=5))
    assert damaged.status == "undeliverable"


def test_a_name_that_other_files_have_is_passed_over(open_cases: OpenCases, simulated: BatchingBank) -> None:
    simulated.names_taken |= {"20261121_1", "20261121_2"}
    [case] = open_cases(1)
    assert (case.status, list(simulated.batches)) == ("awaiting_bank", ["20261121_3"])


def test_a_bank_whose_every_name_is_taken_is_tried_again_after_waits(
    open_cases: OpenCases, simulated: BatchingBank
) -> None:
    simulated.names_taken |= {f"20261121_{number}" for number in range(1, 10_000)}
    [case] = open_cases(1)
    assert (len(simulated.tried), _delivery(case).attempts) == (batches.MOST_NAMES_PASSED + 1, 1)
    assert _delivery(case).next_try_at > case.clock.at  # type: ignore[operator]


@pytest.mark.parametrize("given_up_again", [True, False])
def test_a_batch_that_one_message_left_is_never_used_again(
    open_cases: OpenCases, simulated: BatchingBank, hub: Hub, given_up_again: bool
) -> None:
    simulated.answers.append(TryAgain("busy"))
    stays, given_up = open_cases(2)
    with hub.writing(HUB) as tx:
        outcome = Outcome(detail="no", final=True)
        queueing.settle(tx, _delivery(given_up).id, outcome, give_up_after=timedelta(days=3))
    assert given_up.status == "undeliverable"
    if given_up_again:
        _sent_again(given_up)
    _later(stays, timedelta(seconds=10))
    assert (stays.status, given_up.status) == ("awaiting_bank", "awaiting_bank")
    assert simulated.names_tried()[:2] == ["20261121_1", "20261121_2" if given_up_again else "20261121_1"]
    assert _breaches(hub) == []


def test_two_workers_at_once_send_each_message_once(
    open_case: OpenCase, simulated: BatchingBank, hub: Hub, work_off: Callable[[], int]
) -> None:
    cases = [open_case(CMB, worked_off=False) for _ in range(6)]
    for case in cases:
        case.judge(case.sent.evidence[0])
        case.screen()
    both, failed = threading.Barrier(4), []

    def send() -> None:
        both.wait()
        try:
            batches.deliver_batch(hub, hub.store, CMB)
        except Exception as error:  # noqa: BLE001 - shown below
            failed.append(error)

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    sent = [each for _, ids in simulated.tried for each in ids]
    assert sorted(sent) == sorted(_delivery(case).id for case in cases)
    assert {case.status for case in cases} == {"awaiting_bank"}
    assert _breaches(hub) == []


def test_a_worker_that_reads_files_is_heard_of_and_keeps_the_batch_in_hand(
    open_cases: OpenCases, simulated: BatchingBank, hub: Hub, clock: FixedClock
) -> None:
    simulated.answers.append(TryAgain("busy"))
    [case] = open_cases(1)
    clock.at += timedelta(minutes=1)
    with hub.writing(HUB) as tx:
        batch_id = batches._claim(tx, CMB)
    assert batch_id is not None
    with hub.reading(HUB) as tx:
        claimed = batches._composed(tx, hub, hub.store, CMB, batch_id)
    assert claimed is not None
    clock.at += IN_HAND - timedelta(seconds=1)
    for enclosure in claimed.batch.messages[0].enclosures:
        assert b"".join(enclosure.read())
    clock.at += IN_HAND - timedelta(seconds=1)
    batches.deliver_batch(hub, hub.store, CMB)
    assert len(simulated.tried) == 1
    clock.at += timedelta(seconds=2)
    batches.deliver_batch(hub, hub.store, CMB)
    assert (len(simulated.tried), case.status) == (2, "awaiting_bank")


def test_while_the_line_is_closed_all_messages_wait(open_cases: OpenCases, simulated: BatchingBank, hub: Hub) -> None:
    simulated.answers.append(TryAgain("busy"))
    cases = open_cases(3)
    with hub.writing(HUB) as tx:
        bank_lines.close_until(tx, CMB, tx.now + timedelta(minutes=5))
    _later(cases[0], timedelta(minutes=1))
    assert len(simulated.tried) == 1
    assert len({_delivery(case).next_try_at for case in cases}) == 1
    _later(cases[0], timedelta(minutes=5))
    assert len(simulated.tried) == 2


def test_when_a_closed_line_opens_batches_that_wait_for_long_are_tried_too(
    open_cases: OpenCases, simulated: BatchingBank, hub: Hub
) -> None:
    simulated.answers.extend([TryAgain("down")] * 12)
    [case] = open_cases(1)
    while len(simulated.tried) < 8:
        _later(case, timedelta(hours=1))
    with hub.writing(HUB) as tx:
        for _ in range(sending.FAILURES_TO_CLOSE):
            bank_lines.count_failure(tx, CMB)
        bank_lines.close_until(tx, CMB, tx.now + timedelta(seconds=1))
    simulated.answers.clear()
    case.clock.at += timedelta(seconds=2)
    [fresh] = open_cases(1)
    _later(case, timedelta(seconds=5))
    assert (fresh.status, case.status) == ("awaiting_bank", "awaiting_bank")


def test_no_message_goes_in_batches_to_a_bank_that_is_reached_in_another_way(
    open_cases: OpenCases, open_case: OpenCase, simulated: BatchingBank, hub: Hub
) -> None:
    simulated.answers.append(RefusedForGood("no"))
    [case] = open_cases(1)
    with hub.writing(HUB) as tx:
        tx.session.get_one(NegotiationRecord, case.id).bank_code = ICBC
    with pytest.raises(Unusable, match="simulated"), hub.writing(HUB) as tx:
        queueing.send_again(tx, case.id, HUB, through="simulated")


def test_what_an_operator_sends_through_the_portal_leaves_the_batch(
    open_cases: OpenCases, simulated: BatchingBank, hub: Hub
) -> None:
    simulated.answers.append(RefusedForGood("no"))
    [case] = open_cases(1)
    with hub.writing(HUB) as tx:
        queueing.send_again(tx, case.id, HUB, through="portal")
    assert (case.status, simulated.batches) == ("awaiting_bank", {})


def test_a_message_keeps_its_body_through_every_batch(open_cases: OpenCases, simulated: BatchingBank) -> None:
    simulated.answers.append(TryAgain("busy"))
    [case] = open_cases(1)
    seen: list[bytes] = []
    take = simulated._take

    def take_and_note(name: str, batch: Batch) -> None:
        seen.extend(message.body for message in batch.messages)
        take(name, batch)

    simulated._take = take_and_note  # type: ignore[method-assign]
    _later(case, timedelta(seconds=10))
    assert len(seen) == 1
    assert simulated.taken[_delivery(case).id].body == seen[0]
