"""What waits is found by itself, without reading all that is over."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from hub.domain.actor import HUB
from hub.wiring import Hub
from storage import clocks, due_mails, operations, service_requests
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
