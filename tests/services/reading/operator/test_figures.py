"""The figures that are asked for every few seconds: what each says, and that none reads what is merely kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa

from hub.domain.actor import HUB
from hub.domain.backup_note import BackupState
from hub.domain.bank import Bank
from hub.domain.clock import FixedClock
from hub.domain.errors import RefusedForGood, TryAgain
from hub.domain.operator_task import TaskKind
from hub.services.operating import audit, operator_tasks
from hub.services.operating.audit import AuditKind
from hub.services.operating.heartbeats import FORGOTTEN_AFTER, Heartbeat
from hub.services.operating.sweeps import forget_old
from hub.services.reading.operator.figures import figures
from hub.wiring import Hub
from tests.applications import CMB, ICBC
from tests.banks.simulated import SimulatedBank
from tests.conftest import Submit
from tests.services.conftest import OpenCase
from tests.storage.statements import plans_of, sent_by


def values(hub: Hub, name: str) -> dict[tuple[str, ...], float]:
    with hub.reading(HUB) as tx:
        [figure] = [each for each in figures(tx, real_now=hub.real_clock.now()) if each.name == name]
    return dict(figure.values)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_each_question_follows_an_index_whatever_is_kept(hub: Hub, banks: dict[str, Bank]) -> None:
    few = {"backup_note", "bank", "bank_line", "sealing_key", "worker_beat"}
    with hub.reading(HUB) as tx:
        connection = tx.session.connection()
        with sent_by(connection) as sent:
            figures(tx, real_now=hub.real_clock.now())
        plans = plans_of(connection, sent)
    looked_at = [plan for plan in plans if "SCAN " in plan or "SEARCH " in plan]
    assert len(looked_at) >= 14
    tables = set(sa.inspect(hub.database.engine).get_table_names()) - few
    without = [plan for plan in looked_at if any(f" {each}" in plan for each in tables) and " INDEX " not in plan]
    assert without == []
    # Of the whole of a table no index but a partial one is read.
    partial = ("waiting", "failed", "queue", "reached", "owed", "open", "age", "owner")
    whole = [plan for plan in plans if "'SCAN " in plan and not any(each in plan for each in (*few, "anon_1"))]
    assert whole
    assert [plan for plan in whole if not any(f"_{each}'" in plan for each in partial)] == []


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_queue_of_jobs_is_counted_along_the_indexes_of_what_waits_and_what_failed(hub: Hub) -> None:
    assert hub.jobs.count_dead() == 0
    engine = hub.jobs._engine
    with sent_by(engine) as sent:
        assert (hub.jobs.count_waiting(), hub.jobs.oldest_waiting_s(), hub.jobs.count_dead()) == ({}, 0.0, 0)
    with engine.connect() as connection:
        plans = [plan for plan in plans_of(connection, sent) if "workflow_status" in plan]
    assert len(plans) == 3
    assert all("idx_workflow_status_in_flight" in plan or "idx_workflow_status_failed" in plan for plan in plans)


def test_every_bank_kind_and_channel_has_its_value_before_anything_happens(hub: Hub, banks: dict[str, Bank]) -> None:
    with hub.reading(HUB) as tx:
        found = {each.name: dict(each.values) for each in figures(tx, real_now=hub.real_clock.now())}
    assert found.pop("hub_worker_heartbeat_age_seconds") == {}
    [apart] = found.pop("hub_database_clock_ahead_seconds").values()
    assert abs(apart) < 5.0
    assert set(found.pop("hub_backup_age_seconds")) == {("whole", state) for state in BackupState}
    assert all(found.values())
    assert {value for each in found.values() for value in each.values()} == {0.0}
    assert set(found["hub_deliveries_waiting"]) == {(code,) for code in banks}
    assert set(found["hub_tasks_open"]) == {(kind,) for kind in TaskKind}


def test_a_message_that_fails_waits_longer_and_longer_and_one_that_is_given_up_is_counted(
    open_case: OpenCase, simulated: SimulatedBank
) -> None:
    simulated.answers.extend([TryAgain("down")] * 3)
    case = open_case(CMB)
    assert values(case.hub, "hub_deliveries_waiting")[CMB,] == 1
    case.clock.at += timedelta(minutes=30)
    assert values(case.hub, "hub_deliveries_failing_seconds")[CMB,] == 1800
    assert values(case.hub, "hub_deliveries_due_seconds")[CMB,] > 1700
    assert values(case.hub, "hub_deliveries_failing_seconds")[ICBC,] == 0
    simulated.answers.clear()
    simulated.answers.append(RefusedForGood("410"))
    case.sweep()
    assert values(case.hub, "hub_deliveries_waiting")[CMB,] == 0
    assert values(case.hub, "hub_deliveries_given_up")[CMB,] == 1
    assert values(case.hub, "hub_deliveries")[CMB, "undeliverable"] == 1


def test_messages_of_before_the_last_hour_are_not_counted_any_more(open_case: OpenCase) -> None:
    case = open_case(CMB)
    assert values(case.hub, "hub_deliveries")[CMB, "delivered"] == 1
    with case.hub.reading(HUB) as tx:
        later = figures(tx, real_now=case.hub.real_clock.now() + timedelta(hours=1, seconds=5))
    [figure] = [each for each in later if each.name == "hub_deliveries"]
    assert dict(figure.values)[CMB, "delivered"] == 0


def test_an_answer_is_running_then_due_soon_then_late(open_case: OpenCase, clock: FixedClock) -> None:
    case = open_case()
    seen = []
    for _ in range(12):
        seen.append(
            tuple(values(case.hub, f"hub_clocks_{each}")[ICBC,] for each in ("running", "due_soon", "breached"))
        )
        clock.at += timedelta(days=1)
    assert sorted(set(seen), key=seen.index) == [(1, 0, 0), (1, 1, 0), (1, 0, 1)]
    case.acknowledge()
    case.reject()
    assert values(case.hub, "hub_clocks_running")[ICBC,] == 0


def test_files_of_the_last_hour_are_counted_by_their_verdict(
    hub: Hub, submitted: Submit, work_off: Callable[[], int]
) -> None:
    submitted(ICBC, files=2)
    assert values(hub, "hub_verdicts")["checking", ""] == 2
    work_off()
    found = values(hub, "hub_verdicts")
    assert (found["checking", ""], found["clean", ""], found["rejected", "infected"]) == (0, 2, 0)


def test_tries_in_vain_count_for_a_quarter_of_an_hour(hub: Hub, clock: FixedClock) -> None:
    with hub.writing(HUB) as tx:
        for kind in (AuditKind.SIGN_IN_FAILED, AuditKind.SIGN_IN_FAILED, AuditKind.TOKEN_REFUSED, AuditKind.SIGNED_IN):
            audit.note(tx, kind)
    found = values(hub, "hub_sign_in_failures")
    assert found == {
        ("mobile_not_proved",): 0,
        ("second_step_failed",): 0,
        ("sign_in_failed",): 2,
        ("token_refused",): 1,
    }
    clock.at += timedelta(minutes=15, seconds=1)
    assert set(values(hub, "hub_sign_in_failures").values()) == {0}


def test_the_oldest_task_says_how_long_it_waits(hub: Hub, clock: FixedClock) -> None:
    with hub.writing(HUB) as tx:
        operator_tasks.not_judged(tx, files=3)
    clock.at += timedelta(hours=2)
    assert values(hub, "hub_tasks_open")["not_judged",] == 1
    assert values(hub, "hub_tasks_oldest_seconds")[()] == 7200


def test_a_worker_is_as_old_as_its_last_beat_and_gone_once_it_ended(hub: Hub) -> None:
    real = FixedClock(hub.real_clock.now())
    hub.real_clock = real
    first = Heartbeat(hub, real, lambda: "slot-1")
    Heartbeat(hub, real, lambda: None).beat()
    assert first.beat() is False
    real.at += timedelta(seconds=40)
    Heartbeat(hub, real, lambda: "slot-2").beat()
    assert values(hub, "hub_worker_heartbeat_age_seconds") == {("slot-1",): 40, ("slot-2",): 0}
    first.beat()
    assert values(hub, "hub_worker_heartbeat_age_seconds")["slot-1",] == 0
    # One that was killed, and whose slot another took, takes nothing away when it comes to itself.
    successor = Heartbeat(hub, real, lambda: "slot-1")
    successor.beat()
    first.end()
    assert ("slot-1",) in values(hub, "hub_worker_heartbeat_age_seconds")
    successor.end()
    assert set(values(hub, "hub_worker_heartbeat_age_seconds")) == {("slot-2",)}
    real.at += FORGOTTEN_AFTER + timedelta(seconds=1)
    forget_old(hub, real_now=real.at)
    assert values(hub, "hub_worker_heartbeat_age_seconds") == {}
