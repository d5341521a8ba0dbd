"""The operator's tasks and the events that were refused: seen, said to be done, and gone from the list."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from hub.domain.actor import HUB
from hub.domain.errors import RefusedForGood
from hub.domain.operator_task import TaskKind
from hub.services.delivery import bank_events
from hub.services.operating import done_tasks, operator_tasks
from hub.web.task_sentences import SENTENCES
from hub.wiring import Hub
from storage import tasks
from storage.records import NegotiationRecord
from tests.applications import CMB
from tests.banks.simulated import SimulatedBank
from tests.conftest import Submit
from tests.web.pages.operator import Operator

GONE = "可能有人先处理了"


def test_every_kind_of_task_says_what_to_do() -> None:
    assert set(SENTENCES) == set(TaskKind)


def test_a_message_that_was_given_up_is_a_task_until_somebody_says_it_is_done(
    operator: Operator, simulated: SimulatedBank, submitted: Submit, work_off: Callable[[], int]
) -> None:
    simulated.answers.append(RefusedForGood("no"))
    submitted(CMB)
    work_off()
    assert "1 项待处理" in operator.read("/ops/")
    assert "试了 1 次仍没有送达" in operator.read("/ops/tasks")
    assert "given up; attempts: 1." in operator.read("/ops/tasks?lang=en")
    operator.read("/ops/tasks?lang=zh")
    form = operator.form("/ops/tasks", "/ops/tasks/done")
    assert operator.send("/ops/tasks/done", form).location == "/ops/tasks?done=done"
    assert "没有待办的事。" in operator.read("/ops/tasks")


def test_the_times_of_a_task_are_written_as_on_every_page(operator: Operator, hub: Hub) -> None:
    with hub.writing(HUB) as tx:
        operator_tasks.held_up(tx, CMB, messages=2, since="2026-11-21 09:30")
    assert "从 2026 年 11 月 21 日（周六）09:30 起一直没有送达" in operator.read("/ops/tasks")
    assert "Sat 21 Nov 2026 09:30" in operator.read("/ops/tasks?lang=en")


def test_a_task_of_an_appointment_leads_to_it_and_each_press_says_what_it_ends(operator: Operator, hub: Hub) -> None:
    operator.read("/ops/")
    references = [f"BL-20261121-00000{number}" for number in (1, 2)]
    with hub.writing(HUB) as tx:
        for each in references:
            tasks.raise_task(tx, key=each, kind=TaskKind.VISIT_MISSED, bank_code=CMB, params={"reference": each})
        operator_tasks.held_up(tx, CMB, messages=2, since="2026-11-21 09:30")
    page = operator.read("/ops/tasks")
    assert [f'<a href="/ops/negotiations/{each}">{each}</a>' in page for each in references] == [True, True]
    labels = re.findall(r'处理好了<span class="visually-hidden">([^<]*)</span>', page)
    assert sorted(label.split()[0] for label in labels) == [*references, "有"]
    assert [label for label in labels if "2 条消息从" in label or "银行没有到" in label] == labels


def test_a_task_that_another_finished_first_says_so(
    operator: Operator, hub: Hub, simulated: SimulatedBank, submitted: Submit, work_off: Callable[[], int]
) -> None:
    simulated.answers.append(RefusedForGood("no"))
    submitted(CMB)
    work_off()
    form = operator.form("/ops/tasks", "/ops/tasks/done")
    with hub.writing(HUB) as tx:
        [task] = operator_tasks.open_tasks(tx)
        assert done_tasks.finish(tx, task.id)
    answer = operator.send("/ops/tasks/done", form)
    assert GONE in operator.read(str(answer.location))


def test_an_offer_whose_codes_were_guessed_is_freed_by_the_operator(
    operator: Operator, hub: Hub, submitted: Submit
) -> None:
    negotiation = submitted(CMB).negotiation
    with hub.writing(HUB) as tx:
        row = tx.session.get_one(NegotiationRecord, negotiation)
        operator_tasks.codes_guessed(tx, row, offer_id="an-offer", first_code="a-code", tries=10)
    assert "已有 10 次输错" in operator.read("/ops/tasks")
    form = operator.form("/ops/tasks", "/ops/tasks/free-codes")
    assert operator.send("/ops/tasks/free-codes", form).location == "/ops/tasks?done=done"
    assert "没有待办的事。" in operator.read("/ops/tasks")


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("signature_wrong", "签名不对"),
        ("stamp_old", "核对系统时钟"),
        ("event_id_reused", "先后用于不同的内容"),
        ("not_found", "不是这家银行的"),
        ("invalid_input", "内容不符合约定"),
        ("json_syntax", "无法读取"),
    ],
)
def test_a_refused_event_shows_why_until_it_was_seen(operator: Operator, hub: Hub, code: str, words: str) -> None:
    operator.read("/ops/")
    with hub.writing(bank_events.actor_of(CMB)) as tx:
        bank_events.keep_refusal(tx, bank_code=CMB, code=code, digest="d" * 64, negotiation="f" * 32)
    page = operator.read("/ops/tasks")
    assert words in page
    assert "f" * 32 in page
    operator.send("/ops/tasks/seen", operator.form("/ops/tasks", "/ops/tasks/seen"))
    assert "没有这样的回传。" in operator.read("/ops/tasks")


def test_what_was_given_up_can_go_to_the_banks_queue_on_the_hub(
    operator: Operator, hub: Hub, simulated: SimulatedBank, submitted: Submit, work_off: Callable[[], int]
) -> None:
    simulated.answers.append(RefusedForGood("no"))
    there = submitted(CMB)
    work_off()
    page = operator.read("/ops/deliveries")
    assert "改送到本平台的银行工作台" in page
    form = {**operator.form("/ops/deliveries", "/ops/deliveries/send-again"), "through": "portal"}
    operator.send("/ops/deliveries/send-again", form)
    with hub.reading(HUB) as tx:
        status = tx.session.get_one(NegotiationRecord, there.negotiation).status
    assert (status, len(simulated.attempts)) == ("awaiting_bank", 1)
