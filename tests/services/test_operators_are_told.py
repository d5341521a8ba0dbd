"""What operators are told of, and when: tasks that come and go by themselves, one mail for all that is new."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from hub import health
from hub.domain.actor import HUB
from hub.domain.errors import RefusedForGood, TryAgain
from hub.findings import Part, State
from hub.services.delivery import queueing, reconciliation
from hub.services.operating import operator_tasks, task_causes
from hub.services.operating.resending import try_all_now
from hub.services.operating.task_causes import HELD_UP_AFTER
from hub.services.reading.operator.figures import figures
from hub.wiring import Hub
from tests.applications import CMB
from tests.banks.simulated import SimulatedBank
from tests.services.case import Case
from tests.services.conftest import OpenCase


def kinds(hub: Hub) -> list[str]:
    with hub.reading(HUB) as tx:
        return [task.kind for task in operator_tasks.open_tasks(tx)]


def doctor(hub: Hub, part: Part) -> tuple[State, str]:
    found = health.look(hub, part)
    return found.state, found.detail


def go_on(case: Case, by: timedelta) -> None:
    end = case.clock.at + by
    while case.clock.at < end:
        case.clock.at += timedelta(minutes=5)
        case.sweep()


def test_a_delivery_that_fails_is_a_log_line_and_a_line_of_doctor_at_once(
    open_case: OpenCase, simulated: SimulatedBank, caplog: pytest.LogCaptureFixture
) -> None:
    simulated.answers.append(TryAgain("503 from 13800138000"))
    with caplog.at_level(logging.WARNING, logger="hub.services.delivery"):
        case = open_case(CMB)
    [line] = [each for each in caplog.records if each.message == "delivery failed"]
    said = vars(line)
    assert (said["bank"], said["attempts"], said["detail"]) == (CMB, 1, "503 from …")
    assert said["reference"].startswith("XS-")
    state, detail = doctor(case.hub, Part.DELIVERIES)
    assert state == State.WARNING
    assert f"1 to {CMB}" in detail
    case.clock.at += timedelta(minutes=1)
    case.sweep()
    assert doctor(case.hub, Part.DELIVERIES)[0] == State.FINE


def test_what_is_given_up_is_an_error_in_the_log(
    open_case: OpenCase, simulated: SimulatedBank, caplog: pytest.LogCaptureFixture
) -> None:
    simulated.answers.append(RefusedForGood("410"))
    with caplog.at_level(logging.WARNING, logger="hub.services.delivery"):
        open_case(CMB)
    assert [(each.levelname, each.message) for each in caplog.records] == [("ERROR", "delivery given up")]


def test_after_an_hour_of_failing_it_is_one_task_that_ends_when_the_bank_answers(
    open_case: OpenCase, simulated: SimulatedBank
) -> None:
    simulated.answers.extend([TryAgain("down")] * 200)
    case = open_case(CMB)
    task_causes.look(case.hub)
    assert kinds(case.hub) == []
    go_on(case, HELD_UP_AFTER + timedelta(minutes=10))
    for _ in range(2):
        task_causes.look(case.hub)
        assert kinds(case.hub).count("held_up") == 1
    simulated.answers.clear()
    with case.hub.writing(HUB) as tx:
        assert try_all_now(tx, case.id) == 1
    case.sweep()
    assert case.status == "awaiting_bank"
    task_causes.look(case.hub)
    assert kinds(case.hub) == []


def test_a_task_that_ended_by_itself_is_back_with_its_cause(open_case: OpenCase, simulated: SimulatedBank) -> None:
    simulated.answers.extend([TryAgain("down")] * 20)
    case = open_case(CMB)
    go_on(case, timedelta(hours=2))
    task_causes.look(case.hub)
    assert "held_up" in kinds(case.hub)
    simulated.answers.clear()
    go_on(case, timedelta(hours=3))
    task_causes.look(case.hub)
    assert kinds(case.hub) == []
    simulated.answers.extend([TryAgain("down")] * 200)
    case.write("还在吗")
    go_on(case, timedelta(hours=2))
    task_causes.look(case.hub)
    assert "held_up" in kinds(case.hub)


def test_what_was_given_up_and_sent_again_is_no_task_any_more(open_case: OpenCase, simulated: SimulatedBank) -> None:
    simulated.answers.append(RefusedForGood("410"))
    case = open_case(CMB)
    assert kinds(case.hub) == ["undeliverable"]
    task_causes.look(case.hub)
    assert kinds(case.hub) == ["undeliverable"]
    with case.hub.writing(HUB) as tx:
        queueing.send_again(tx, case.id, HUB)
    task_causes.look(case.hub)
    assert kinds(case.hub) == []


def test_a_bank_that_was_silent_and_speaks_is_no_task_any_more(open_case: OpenCase) -> None:
    case = open_case(CMB)
    case.at("2026-11-25 09:00")
    reconciliation.reconcile(case.hub, CMB)
    assert kinds(case.hub) == ["silent"]
    task_causes.look(case.hub)
    assert kinds(case.hub) == ["silent"]
    case.acknowledge()
    task_causes.look(case.hub)
    assert kinds(case.hub) == []


def test_figures_are_counted_in_the_database(
    open_case: OpenCase, simulated: SimulatedBank, submitted: object, work_off: Callable[[], int]
) -> None:
    simulated.answers.extend([TryAgain("down"), TryAgain("down")])
    case = open_case(CMB)

    def value(name: str, *labels: str) -> float:
        with case.hub.reading(HUB) as tx:
            [figure] = [each for each in figures(tx, real_now=case.hub.real_clock.now()) if each.name == name]
        return dict(figure.values)[labels]

    assert value("hub_deliveries", CMB, "waiting") == 1
    assert value("hub_delivery_attempts_failed", CMB) == 1
    assert value("hub_bank_line_failures", CMB) == 1
    assert value("hub_bank_line_closed", CMB) == 0
    go_on(case, timedelta(minutes=10))
    assert value("hub_deliveries", CMB, "delivered") == 1
    assert value("hub_delivery_attempts_failed", CMB) == 2
    assert value("hub_bank_line_failures", CMB) == 0
    assert (value("hub_clocks_running", CMB), value("hub_clocks_breached", CMB)) == (1, 0)
    case.at("2026-12-02 09:00")
    assert value("hub_clocks_breached", CMB) == 1
    assert value("hub_mails", "mail", "failed") == 0


@pytest.mark.parametrize(
    ("env", "proxies", "state"),
    [("production", 0, State.WARNING), ("production", 1, State.FINE), ("embedded", 0, State.FINE)],
)
def test_the_doctor_minds_that_no_proxy_is_trusted_in_production(
    hub: Hub, env: str, proxies: int, state: State
) -> None:
    hub.settings = replace(hub.settings, env=env, trusted_proxies=proxies)
    found, detail = doctor(hub, Part.PROXIES)
    assert found == state
    assert ("HUB_TRUSTED_PROXIES" in detail) is (state == State.WARNING)
