"""What waits is found by itself, without reading all that is over."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from hub.domain.actor import HUB
from hub.wiring import Hub
from storage import clock_counts, clocks, due_mails, operations, service_requests
from storage.mails import MailStatus
from storage.records import MailRecord
from tests.applications import ICBC
from tests.conftest import Submit
from tests.storage.statements import plans_of, sent_by


@pytest.fixture
def database(sqlite_database: str) -> str:
    """SQLite keeps no figures of its tables, so it goes by the indexes alone."""
    return sqlite_database


def test_messages_that_fail_are_found_among_those_that_wait(hub: Hub) -> None:
    with hub.reading(HUB) as tx, sent_by(tx.session.connection()) as sent:
        operations.failing_since(tx)
        assert "ix_delivery_waiting" in " ".join(plans_of(tx.session.connection(), list(sent)))


def test_mails_that_go_together_are_found_among_those_that_wait(hub: Hub, submitted: Submit) -> None:
    submitted(ICBC)
    with hub.writing(HUB) as tx, sent_by(tx.session.connection()) as sent:
        mail = tx.session.scalars(sa.select(MailRecord)).first()
        assert mail is not None
        sent.clear()
        due_mails.take_due_like(tx, mail, [mail.kind], real_now=tx.now, held_until=tx.now + timedelta(minutes=1))
        assert "ix_mail_waiting_of_bank" in " ".join(plans_of(tx.session.connection(), list(sent)))


def test_clocks_of_another_calendar_are_found_among_those_that_run(hub: Hub) -> None:
    with hub.reading(HUB) as tx:
        calendar = tx.calendar()
        with sent_by(tx.session.connection()) as sent:
            clocks.list_behind(tx, calendar)
            service_requests.list_behind(tx, calendar.version)
            plans = " ".join(plans_of(tx.session.connection(), list(sent)))
    assert ("ix_clock_" in plans, "ix_service_request_calendar" in plans) == (True, True), plans


def test_clocks_are_counted_by_indexes_of_those_that_run(hub: Hub) -> None:
    with hub.reading(HUB) as tx, sent_by(tx.session.connection()) as sent:
        clock_counts.count_clocks(tx, tx.now)
        clock_counts.count_clocks_of(tx, tx.now, ICBC)
        plans = plans_of(tx.session.connection(), list(sent))
    read = [plan for plan in plans if " clock" in plan or " service_request" in plan]
    of_running = ("unanswered", "paused", "provisional", "running")
    assert len(read) == 11
    assert [plan for plan in read if not any(f"_{each}" in plan for each in of_running)] == []


@pytest.mark.parametrize(
    ("status", "is_text_message", "index"),
    [
        (MailStatus.FAILED, None, "ix_mail_failed"),
        (MailStatus.WAITING, None, "ix_mail_waiting"),
        (MailStatus.SENT, True, "ix_mail_sent_sms"),
    ],
)
def test_few_mails_of_a_kind_are_counted_among_their_like(
    hub: Hub, status: MailStatus, is_text_message: bool | None, index: str
) -> None:
    with hub.reading(HUB) as tx, sent_by(tx.session.connection()) as sent:
        operations.count_mails(tx, status, is_text_message=is_text_message, most=3)
        assert index in " ".join(plans_of(tx.session.connection(), list(sent)))
