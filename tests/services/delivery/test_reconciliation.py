"""The daily comparison with a bank: what fits is silent, what differs is a task, once."""

from __future__ import annotations

from hub.domain.actor import HUB
from hub.domain.bank import Bank
from hub.domain.errors import TryAgain
from hub.services.delivery import bank_events, reconciliation
from hub.services.delivery.reconciliation import Comparison
from hub.services.operating import operator_tasks
from tests.applications import CMB, ICBC
from tests.banks.simulated import SimulatedBank
from tests.services.case import Case
from tests.services.conftest import OpenCase
from tests.services.events import event_of


class AskedBank(SimulatedBank):
    """A simulated bank that can be asked for a message; `lost` are those it never heard of."""

    def __init__(self) -> None:
        super().__init__()
        self.lost: set[str] = set()
        self.unreachable = False

    def ask(self, message_id: str, bank: Bank) -> bool | None:
        if self.unreachable:
            raise TryAgain("busy")
        return message_id not in self.lost


def kinds(case: Case) -> list[str]:
    with case.hub.reading(HUB) as tx:
        return [task.kind for task in operator_tasks.open_tasks(tx)]


def compared(case: Case) -> Comparison:
    return reconciliation.reconcile(case.hub, CMB)


def test_a_bank_that_answers_in_time_gives_no_task(open_case: OpenCase) -> None:
    case = open_case(CMB)
    case.offer()
    found = compared(case)
    assert (found.sent, found.arrived, found.turns, found.answered) == (1, 1, 1, 1)
    assert (found.differences, kinds(case)) == ((), [])


def test_silence_is_a_task_after_two_working_days_and_only_one(open_case: OpenCase) -> None:
    case = open_case(CMB)
    assert compared(case).differences == ()
    case.at("2026-11-25 09:00")
    assert [each.kind for each in compared(case).differences] == ["silent"]
    compared(case)
    assert kinds(case) == ["silent"]


def test_a_bank_that_spoke_is_not_silent(open_case: OpenCase) -> None:
    case = open_case(CMB)
    with case.hub.writing(bank_events.actor_of(CMB)) as tx:
        bank_events.apply_event(tx, event_of(case, "acknowledged"))
    case.at("2026-11-25 09:00")
    found = compared(case)
    assert (found.differences, found.events) == ((), 1)


def test_an_answer_in_danger_is_told_before_it_is_late(open_case: OpenCase) -> None:
    case = open_case(CMB)
    case.acknowledge()
    case.at("2026-11-30 09:00")
    assert [each.kind for each in compared(case).differences] == ["answer_in_danger"]


def test_a_message_that_the_bank_does_not_know_is_a_task(open_case: OpenCase, simulated: SimulatedBank) -> None:
    case = open_case(CMB)
    asked = AskedBank()
    asked.taken = simulated.taken
    case.hub.adapters._made[asked.kind] = asked
    [message_id] = simulated.taken
    assert compared(case).differences == ()
    asked.lost = {message_id}
    assert [each.kind for each in compared(case).differences] == ["not_known_to_bank"]


def test_a_bank_that_cannot_be_asked_now_is_no_difference(open_case: OpenCase) -> None:
    case = open_case(CMB)
    asked = AskedBank()
    asked.unreachable = True
    case.hub.adapters._made[asked.kind] = asked
    assert compared(case).differences == ()


def test_banks_that_work_in_the_hub_itself_need_no_comparison(open_case: OpenCase) -> None:
    case = open_case(CMB)
    with case.hub.reading(HUB) as tx:
        jobs = reconciliation.jobs_of_today(tx)
    assert ([job.argument for job in jobs], ICBC in {job.argument for job in jobs}) == ([CMB], False)
