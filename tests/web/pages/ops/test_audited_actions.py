"""What an operator sends again, tries again or settles is a line of the audit, by command and by page, and once."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from hub.domain.actor import HUB
from hub.domain.errors import NotFound, RefusedForGood, TryAgain
from hub.domain.staff import Role
from hub.services.accounts import staff
from hub.services.delivery import queueing
from hub.services.operating import audit, done_tasks, operator_tasks
from hub.services.operating.audit import AuditLine
from hub.services.operating.resending import send_job_again, send_mail_again, try_all_now
from hub.wiring import Hub
from storage import mails
from storage.records import MailRecord, NegotiationRecord
from tests.applications import CMB, ICBC
from tests.banks.simulated import SimulatedBank
from tests.conftest import Submit
from tests.jobs.draining import run_waiting
from tests.web.pages.operator import Operator

WorkOff = Callable[[], int]
DONE = {
    "delivery_sent_again",
    "delivery_tried_now",
    "job_sent_again",
    "mail_sent_again",
    "task_done",
    "staff_renamed",
}


def lines(hub: Hub) -> list[AuditLine]:
    """What was done about the hub, oldest first, without sign-ins."""
    with hub.reading(HUB) as tx:
        return [each for each in reversed(audit.newest(tx)) if each.kind in DONE]


def reference(hub: Hub, negotiation_id: str) -> str:
    with hub.reading(HUB) as tx:
        return str(tx.session.get_one(NegotiationRecord, negotiation_id).reference)


def test_a_message_sent_again_is_a_line_with_the_way_it_took(
    operator: Operator, hub: Hub, simulated: SimulatedBank, submitted: Submit, work_off: WorkOff
) -> None:
    simulated.answers.append(RefusedForGood("no"))
    there = submitted(CMB)
    work_off()
    form = {**operator.form("/ops/deliveries", "/ops/deliveries/send-again"), "through": "portal"}
    for _ in range(2):
        operator.send("/ops/deliveries/send-again", form)
    [line] = lines(hub)
    assert (line.kind, line.about) == ("delivery_sent_again", reference(hub, there.negotiation))
    assert (line.details, line.email, line.address) == ({"through": "portal"}, "operator@demo.example", "127.0.0.1")
    page = operator.read("/ops/audit")
    assert "重新发送了给银行的消息" in page
    assert ">portal" not in page


def test_a_message_tried_at_once_is_a_line_and_one_that_does_not_wait_is_none(
    operator: Operator, hub: Hub, simulated: SimulatedBank, submitted: Submit, work_off: WorkOff
) -> None:
    simulated.answers.append(TryAgain("busy"))
    there = submitted(CMB)
    work_off()
    named = reference(hub, there.negotiation)
    with hub.writing(HUB) as tx:
        assert try_all_now(tx, named) == 1
    work_off()
    with hub.writing(HUB) as tx:
        assert try_all_now(tx, named) == 0
    assert [(each.kind, each.about) for each in lines(hub)] == [("delivery_tried_now", named)]


def test_a_job_sent_again_is_a_line_and_one_that_is_not_dead_is_none(
    operator: Operator, hub: Hub, submitted: Submit
) -> None:
    def fails(_argument: str) -> None:
        raise RuntimeError

    submitted(ICBC, files=0, evidence=[])
    with pytest.raises(RuntimeError):
        run_waiting(hub.database.engine, {"screen_application": fails})
    [dead] = hub.jobs.list_dead()
    send_job_again(hub, hub.jobs, dead.key, HUB)
    with pytest.raises(NotFound):
        send_job_again(hub, hub.jobs, dead.key, HUB)
    [line] = lines(hub)
    assert (line.kind, line.details) == ("job_sent_again", {"job": "screen_application"})


def test_a_mail_sent_again_is_a_line(operator: Operator, hub: Hub, submitted: Submit, work_off: WorkOff) -> None:
    there = submitted(ICBC)
    work_off()
    with hub.writing(HUB) as tx:
        mail = tx.session.scalars(sa.select(MailRecord).order_by(MailRecord.id)).first()
        assert mail is not None
        mails.settle(tx, mail, mails.MailStatus.FAILED, "550")
        mail_id, kind = mail.id, mail.kind
    for again in (True, False):
        with hub.writing(HUB) as tx:
            assert send_mail_again(tx, mail_id) is again
    [line] = lines(hub)
    assert (line.kind, line.about, line.details) == (
        "mail_sent_again",
        reference(hub, there.negotiation),
        {"mail": kind},
    )


def test_a_task_that_is_done_is_a_line(
    operator: Operator, hub: Hub, simulated: SimulatedBank, submitted: Submit, work_off: WorkOff
) -> None:
    simulated.answers.append(RefusedForGood("no"))
    there = submitted(CMB)
    work_off()
    with hub.reading(HUB) as tx:
        [task] = operator_tasks.open_tasks(tx)
    for done in (True, False):
        with hub.writing(HUB) as tx:
            assert done_tasks.finish(tx, task.id) is done
    [line] = lines(hub)
    assert (line.kind, line.about) == ("task_done", reference(hub, there.negotiation))
    assert line.details == {"task": "undeliverable"}


def test_another_name_is_a_line_with_the_name_before_and_after(operator: Operator, hub: Hub) -> None:
    with hub.writing(HUB) as tx:
        staff.add(tx, role=Role.REVIEWER, email="clerk@bank.example", bank_code=ICBC, at=hub.real_clock.now())
        staff.rename(tx, "clerk@bank.example", "王晓")
        staff.rename(tx, "clerk@bank.example", "王小")
    first, second = lines(hub)
    assert (first.kind, first.about, first.details) == ("staff_renamed", "clerk@bank.example", {"after": "王晓"})
    assert (second.kind, second.details) == ("staff_renamed", {"before": "王晓", "after": "王小"})


def test_what_was_not_given_up_leaves_no_line(hub: Hub, operator: Operator, submitted: Submit) -> None:
    there = submitted(ICBC)
    with pytest.raises(Exception, match="sent_again"), hub.writing(HUB) as tx:
        queueing.send_again(tx, there.negotiation, HUB)
    assert lines(hub) == []
