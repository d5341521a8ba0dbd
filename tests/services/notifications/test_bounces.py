"""Mails that came back: a message to a bank waits for an operator, a mail of the hub's own is on record as failed."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from hub.domain.actor import HUB
from hub.domain.operator_task import TaskKind
from hub.mail.bounces import Fate, Report
from hub.services.delivery import queueing
from hub.services.notifications import bounces
from hub.services.notifications.bounces import Bounced
from hub.services.operating import invariants, operator_tasks
from storage import inventory, mails
from storage.records import DeliveryRecord, MailRecord, NegotiationRecord
from tests.applications import CMB, ICBC
from tests.services.case import Case, everything_stored
from tests.services.conftest import OpenCase


def deliveries_of(case: Case) -> list[DeliveryRecord]:
    with case.row() as (tx, _):
        return sorted(inventory.deliveries_of(tx, case.id), key=lambda each: each.queued_at)


def come_back(case: Case, row_id: str, *, fate: Fate = Fate.FAILED, domain: str = "localhost") -> Bounced:
    report = Report(message_id=f"<{row_id}@{domain}>", fate=fate, status="5.1.1")
    with case.hub.writing(HUB) as tx:
        return bounces.record(tx, report)


def open_tasks(case: Case) -> list[tuple[str, str | None]]:
    with case.row() as (tx, _):
        return [(task.kind, task.reference) for task in operator_tasks.open_tasks(tx)]


def assert_sound(case: Case) -> None:
    with case.row() as (tx, _):
        assert list(invariants.breaches(tx, case.hub.store)) == []


def test_a_message_that_came_back_waits_for_an_operator_and_the_clock_runs_on(open_case: OpenCase) -> None:
    case = open_case(CMB)
    due = case.due
    [sent] = deliveries_of(case)
    assert come_back(case, sent.id) == Bounced.DELIVERY
    [sent] = deliveries_of(case)
    assert (sent.status, sent.detail) == ("undeliverable", "the mail came back: 5.1.1")
    assert (case.status, case.due) == ("awaiting_bank", due)
    assert case.kinds()[-1] == "bounced"
    with case.row() as (_, row):
        assert open_tasks(case) == [(TaskKind.BOUNCED, row.reference)]
    assert_sound(case)


def test_the_same_report_again_changes_nothing(open_case: OpenCase) -> None:
    case = open_case(CMB)
    [sent] = deliveries_of(case)
    come_back(case, sent.id)
    before = everything_stored(case.hub)
    assert come_back(case, sent.id) == Bounced.NOTHING
    assert everything_stored(case.hub) == before


def test_it_is_sent_again_under_its_id_and_keeps_its_clock(open_case: OpenCase) -> None:
    case = open_case(CMB)
    due = case.due
    [sent] = deliveries_of(case)
    come_back(case, sent.id)
    case.at("2026-11-24 10:00")
    with case.hub.writing(HUB) as tx:
        queueing.send_again(tx, tx.session.get_one(NegotiationRecord, case.id).reference, HUB)
    case.work_off()
    [again] = deliveries_of(case)
    assert (again.id, again.status, again.attempts) == (sent.id, "delivered", 2)
    assert (case.status, case.due, len(case.view()["clocks"])) == ("awaiting_bank", due, 1)
    # It comes back once more: that is a task of its own.
    assert come_back(case, sent.id) == Bounced.DELIVERY
    assert len(open_tasks(case)) == 2
    assert_sound(case)


@pytest.mark.parametrize("fate", [Fate.DELAYED, Fate.ARRIVED])
def test_a_report_of_a_delay_or_an_arrival_changes_nothing(open_case: OpenCase, fate: Fate) -> None:
    case = open_case(CMB)
    [sent] = deliveries_of(case)
    before = everything_stored(case.hub)
    assert come_back(case, sent.id, fate=fate) == Bounced.NOTHING
    assert everything_stored(case.hub) == before


def test_what_the_bank_has_found_in_the_portal_is_no_loss(open_case: OpenCase) -> None:
    case = open_case(CMB)
    [sent] = deliveries_of(case)
    case.acknowledge()
    assert come_back(case, sent.id) == Bounced.NOTHING
    assert open_tasks(case) == []


def test_a_message_in_a_running_review_and_the_end_of_it_are_of_use(open_case: OpenCase) -> None:
    case = open_case(CMB)
    case.acknowledge()
    case.write("请看一下")
    case.work_off()
    assert come_back(case, deliveries_of(case)[1].id) == Bounced.DELIVERY
    case.withdraw()
    case.work_off()
    told = deliveries_of(case)[-1]
    assert (told.kind, told.status) == ("negotiation.withdrawn", "delivered")
    assert come_back(case, told.id) == Bounced.DELIVERY
    assert case.status == "withdrawn"
    assert_sound(case)


def test_a_mail_of_the_hubs_own_is_on_record_as_failed(open_case: OpenCase) -> None:
    case = open_case(ICBC)
    with case.hub.writing(HUB) as tx:
        mail = tx.session.scalars(sa.select(MailRecord).where(MailRecord.reader == "desk")).one()
        mail_id, message_id = mail.id, mail.message_id
    # Not sent yet, so it cannot have come back.
    domain = message_id.strip("<>").partition("@")[2]
    assert come_back(case, mail_id, domain=domain) == Bounced.NOTHING
    with case.hub.writing(HUB) as tx:
        mails.settle(tx, mails.get_mail(tx, mail_id), mails.MailStatus.SENT)
    assert come_back(case, mail_id, domain="elsewhere.example") == Bounced.UNKNOWN
    assert come_back(case, mail_id, domain=domain) == Bounced.MAIL
    with case.hub.reading(HUB) as tx:
        [failed] = mails.list_failed(tx)
    assert (failed.id, failed.detail, failed.attempts) == (mail_id, "the mail came back: 5.1.1", 1)
    assert come_back(case, mail_id, domain=domain) == Bounced.NOTHING


def test_a_mail_that_nobody_sent_is_unknown(open_case: OpenCase) -> None:
    case = open_case(CMB)
    before = everything_stored(case.hub)
    assert come_back(case, "f" * 32) == Bounced.UNKNOWN
    assert everything_stored(case.hub) == before
