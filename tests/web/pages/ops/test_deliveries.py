"""Messages to banks at the operator's pages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from hub.domain.clock import FixedClock
from hub.domain.errors import RefusedForGood, TryAgain
from hub.wiring import Hub
from hub.work.jobs import jobs_of
from tests.applications import CMB, pdf
from tests.banks.simulated import SimulatedBank
from tests.conftest import Submit
from tests.jobs.draining import run_waiting
from tests.web.pages.operator import Operator
from tests.web.pages.ops.stuck import fails, reference_of, status_of


def test_a_message_that_was_given_up_is_sent_again_once_for_two_posts(
    operator: Operator, hub: Hub, simulated: SimulatedBank, submitted: Submit, work_off: Callable[[], int]
) -> None:
    simulated.answers.append(RefusedForGood("no account of 13800138000 for xm@example.com"))
    there = submitted(CMB)
    work_off()
    assert status_of(hub, there) == "undeliverable"
    page = operator.read("/ops/deliveries")
    assert reference_of(hub, there) in page
    assert "对方没有接收" in page
    assert "no account of … for …" in operator.read("/ops/deliveries?lang=en")
    assert "13800138000" not in operator.read("/ops/deliveries?lang=zh")
    assert "1 条消息没有送达银行" in operator.read("/ops/")
    form = operator.form("/ops/deliveries", "/ops/deliveries/send-again")
    answers = [operator.send("/ops/deliveries/send-again", form) for _ in range(2)]
    assert {(each.status_code, each.location) for each in answers} == {(303, "/ops/deliveries?done=sent-again")}
    work_off()
    assert status_of(hub, there) == "awaiting_bank"
    assert len(set(simulated.attempts)) == 1
    assert "没有已放弃的消息。" in operator.read("/ops/deliveries?done=sent-again")


def test_a_way_that_the_page_does_not_offer_is_refused(
    operator: Operator, hub: Hub, simulated: SimulatedBank, submitted: Submit, work_off: Callable[[], int]
) -> None:
    simulated.answers.append(RefusedForGood("no account"))
    there = submitted(CMB)
    work_off()
    form = operator.form("/ops/deliveries", "/ops/deliveries/send-again")
    answer = operator.send("/ops/deliveries/send-again", {**form, "through": "<script>"})
    assert (answer.status_code, status_of(hub, there)) == (400, "undeliverable")


def test_a_message_that_waits_is_tried_now(
    operator: Operator, hub: Hub, simulated: SimulatedBank, submitted: Submit, work_off: Callable[[], int]
) -> None:
    simulated.answers.append(TryAgain("busy"))
    there = submitted(CMB)
    work_off()
    assert "对方没有接收" in operator.read("/ops/deliveries")
    form = operator.form("/ops/deliveries", "/ops/deliveries/try-now")
    assert operator.send("/ops/deliveries/try-now", form).location == "/ops/deliveries?done=sent-again"
    work_off()
    assert status_of(hub, there) == "awaiting_bank"
    form["once"] += "-later"
    assert operator.send("/ops/deliveries/try-now", form).location == "/ops/deliveries?done=gone"


def test_a_message_that_nobody_takes_up_is_shown(
    operator: Operator, hub: Hub, clock: FixedClock, submitted: Submit
) -> None:
    there = submitted(CMB, files=0, evidence=[])
    jobs = {**jobs_of(hub, printer=lambda _html: pdf()), "deliver": fails}
    with pytest.raises(RuntimeError):
        run_waiting(hub.database.engine, jobs)
    # The job that would have taken it is a dead letter, under the same reference.
    reference = reference_of(hub, there)
    assert reference in operator.read("/ops/jobs")
    assert reference not in operator.read("/ops/deliveries")
    clock.at += timedelta(minutes=3)
    assert reference in operator.read("/ops/deliveries")
