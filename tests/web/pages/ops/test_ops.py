"""The operator's pages: what is stuck is sent again, notices are imported, and nothing of a person is shown."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from hub.domain.actor import HUB
from hub.domain.bank import Bank
from hub.domain.clock import FixedClock
from hub.domain.errors import RefusedForGood, TryAgain
from hub.services.notifications import outgoing_mail
from hub.services.operating import sweeps
from hub.services.reading.operator.clocks import clock_page
from hub.wiring import Hub
from hub.work.jobs import jobs_of
from storage import mails
from storage.records import MailRecord, NegotiationRecord
from tests.applications import CMB, ICBC, pdf
from tests.banks.simulated import SimulatedBank
from tests.conftest import Submit, Submitted
from tests.jobs.draining import run_waiting
from tests.web.pages.operator import Operator

PAGES = (
    "/ops/",
    "/ops/tasks",
    "/ops/deliveries",
    "/ops/jobs",
    "/ops/mails",
    "/ops/clocks",
    "/ops/calendar",
    "/ops/banks",
    "/ops/audit",
)


def _reference(hub: Hub, there: Submitted) -> str:
    with hub.reading(HUB) as tx:
        return tx.session.get_one(NegotiationRecord, there.negotiation).reference


def _status(hub: Hub, there: Submitted) -> str:
    with hub.reading(HUB) as tx:
        return tx.session.get_one(NegotiationRecord, there.negotiation).status


@pytest.mark.parametrize("path", PAGES)
def test_every_page_opens_in_both_languages(operator: Operator, path: str) -> None:
    assert "运行情况" in operator.read(path)
    english = operator.read(f"{path}?lang=en")
    main = re.sub(r"<[^>]+>", " ", english[english.index("<main") : english.index("</main>")])
    assert not re.search(r"[\u4e00-\u9fff]", re.sub(r"中国工商银行|招商银行|国办发明电〔\d+〕\d+号", "", main)), main


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("person", [None, "cardholder-1", f"reviewer-{ICBC}", f"bank-admin-{ICBC}"])
def test_nobody_else_gets_in(web: FlaskClient, banks: dict[str, Bank], path: str, person: str | None) -> None:
    if person is not None:
        web.post("/demo/sign-in", data={"person": person})
    answer = web.get(path)
    if person is not None and person != "cardholder-1":
        assert answer.status_code == 403
    else:
        assert (answer.status_code, answer.location) == (303, f"/sign-in/staff?next={path}")


def test_a_message_that_was_given_up_is_sent_again_once_for_two_posts(
    operator: Operator, hub: Hub, simulated: SimulatedBank, submitted: Submit, work_off: Callable[[], int]
) -> None:
    simulated.answers.append(RefusedForGood("no account of 13800138000 for xm@example.com"))
    there = submitted(CMB)
    work_off()
    assert _status(hub, there) == "undeliverable"
    page = operator.read("/ops/deliveries")
    assert _reference(hub, there) in page
    assert "对方没有接收" in page
    assert "no account of … for …" in operator.read("/ops/deliveries?lang=en")
    assert "13800138000" not in operator.read("/ops/deliveries?lang=zh")
    assert "1 条消息多次尝试后没有送达银行" in operator.read("/ops/")
    form = operator.form("/ops/deliveries", "/ops/deliveries/send-again")
    answers = [operator.send("/ops/deliveries/send-again", form) for _ in range(2)]
    assert {(each.status_code, each.location) for each in answers} == {(303, "/ops/deliveries?done=sent-again")}
    work_off()
    assert _status(hub, there) == "awaiting_bank"
    assert len(set(simulated.attempts)) == 1
    assert "没有已放弃的消息。" in operator.read("/ops/deliveries?done=sent-again")


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
    assert _status(hub, there) == "awaiting_bank"
    form["once"] += "-later"
    assert operator.send("/ops/deliveries/try-now", form).location == "/ops/deliveries?done=gone"


def test_a_message_that_nobody_takes_up_is_shown(
    operator: Operator, hub: Hub, clock: FixedClock, submitted: Submit
) -> None:
    there = submitted(CMB, files=0, evidence=[])
    jobs = {**jobs_of(hub, printer=lambda _html: pdf()), "deliver": _fails}
    with pytest.raises(RuntimeError):
        run_waiting(hub.database.engine, jobs)
    # The job that would have taken it is a dead letter, under the same reference.
    reference = _reference(hub, there)
    assert reference in operator.read("/ops/jobs")
    assert reference not in operator.read("/ops/deliveries")
    clock.at += timedelta(minutes=3)
    assert reference in operator.read("/ops/deliveries")


def _fails(_argument: str) -> None:
    raise RuntimeError("hub/services/screening.py:7")


def test_a_dead_letter_is_put_in_again(
    operator: Operator, hub: Hub, submitted: Submit, work_off: Callable[[], int]
) -> None:
    there = submitted(ICBC, files=0, evidence=[])
    with pytest.raises(RuntimeError):
        run_waiting(hub.database.engine, {"screen_application": _fails})
    assert "1 项后台任务失败" in operator.read("/ops/")
    assert "hub/services/screening.py:7" in operator.read("/ops/jobs")
    form = operator.form("/ops/jobs", "/ops/jobs/send-again")
    assert operator.send("/ops/jobs/send-again", form).location == "/ops/jobs?done=sent-again"
    assert operator.send("/ops/jobs/send-again", form).location == "/ops/jobs?done=gone"
    assert work_off() > 0
    assert _status(hub, there) == "awaiting_bank"
    assert "没有失败的任务。" in operator.read("/ops/jobs")


def _refuse_a_mail(hub: Hub) -> str:
    with hub.writing(HUB) as tx:
        mail = tx.session.scalars(sa.select(MailRecord).order_by(MailRecord.id)).first()
        assert mail is not None
        mails.settle(tx, mail, mails.MailStatus.FAILED, "550 <xm@example.com>: user unknown")
        return mail.id


def test_a_refused_mail_is_seen_without_its_address_and_sent_again(
    operator: Operator, hub: Hub, submitted: Submit, work_off: Callable[[], int]
) -> None:
    there = submitted(ICBC)
    work_off()
    mail_id = _refuse_a_mail(hub)
    page = operator.read("/ops/mails")
    assert _reference(hub, there) in page
    assert "对方答复 550" in page
    assert "550 <…>: user unknown" in operator.read("/ops/mails?lang=en")
    page = operator.read("/ops/mails?lang=zh")
    form = operator.form("/ops/mails", "/ops/mails/send-again")
    for _ in range(2):
        assert operator.send("/ops/mails/send-again", form).location == "/ops/mails?done=sent-again"
    with hub.reading(HUB) as tx:
        mail = mails.get_mail(tx, mail_id)
        assert (mail.status, mail.attempts) == ("waiting", 0)
    outgoing_mail.send_due(hub, hub.mail, hub.real_clock)
    form["once"] += "-later"
    assert operator.send("/ops/mails/send-again", form).location == "/ops/mails?done=gone"


def test_late_clocks_are_told_from_the_others(
    operator: Operator, hub: Hub, clock: FixedClock, submitted: Submit, work_off: Callable[[], int]
) -> None:
    first = submitted(ICBC)
    work_off()
    clock.at += timedelta(days=20)
    sweeps.run_due(hub)
    second = submitted(ICBC)
    work_off()
    late, everything = operator.read("/ops/clocks?show=late"), operator.read("/ops/clocks")
    assert _reference(hub, first) in late
    assert _reference(hub, second) not in late
    assert _reference(hub, second) in everything
    assert "1 宗协商银行超时未答复" in operator.read("/ops/")


def test_clocks_come_page_by_page(hub: Hub, submitted: Submit, work_off: Callable[[], int], banks: object) -> None:
    there = [submitted(ICBC, files=0, evidence=[]) for _ in range(3)]
    work_off()
    seen, place = [], None
    with hub.reading(HUB) as tx:
        for _ in range(3):
            found = clock_page(tx, late_only=False, after=place, limit=1)
            seen += [each.reference for each in found.items]
            place = found.next_place
    assert place is None
    assert sorted(seen) == sorted(_reference(hub, each) for each in there)


def test_a_cursor_of_somebody_else_shows_the_first_page(operator: Operator) -> None:
    assert "现在没有在走的计时。" in operator.read("/ops/clocks?cursor=W10.forged")


def test_no_page_shows_anything_of_a_person(
    operator: Operator, hub: Hub, simulated: SimulatedBank, submitted: Submit, work_off: Callable[[], int]
) -> None:
    simulated.answers.append(RefusedForGood("no"))
    submitted(CMB)
    submitted(ICBC)
    work_off()
    _refuse_a_mail(hub)
    for path in (*PAGES, f"/ops/banks/{ICBC}"):
        page = operator.read(path)
        assert "王小明" not in page
        assert not re.search(r"(?<![0-9a-f])(1[3-9]\d{9}|\d{15,19}[Xx]?)(?![0-9a-f])", page), path
        assert "xm@" not in page


@pytest.mark.parametrize(
    "action", ["deliveries/send-again", "deliveries/try-now", "jobs/send-again", "mails/send-again"]
)
def test_a_form_without_this_sites_token_is_refused(operator: Operator, action: str) -> None:
    assert operator.send(f"/ops/{action}", {"reference": "x", "id": "x", "key": "x"}).status_code == 400
