"""Each payment is told of three days before its day: once, as the rows stand then, and never its sum."""

from __future__ import annotations

import re

import pytest

from hub.domain.actor import HUB
from hub.domain.agreement_end import EndReason
from hub.domain.clock import FixedClock
from hub.services.notifications import outgoing_sms
from hub.wiring import Hub
from storage.records import AgreementRecord
from tests.conftest import SentMessages
from tests.mail.server import text_of
from tests.services.agreements.amending import Amending
from tests.services.case import Case
from tests.services.posting import PERSON, Posting


@pytest.fixture
def posting(hub: Hub, clock: FixedClock, agreed: Case) -> Posting:
    """An agreement with 36 rows, due on the 20th from 2026-12-20 on; what was told so far is read."""
    posting = Posting(hub=hub, clock=clock)
    posting.send()
    return posting


def told(posting: Posting, at: str) -> list[str]:
    return [subject.partition("是您约定的日子")[0] for to, subject in posting.at(at) if "约定的日子" in subject]


def test_each_row_is_told_once_at_the_first_hour_three_days_before(posting: Posting) -> None:
    assert told(posting, "2026-12-17 08:29") == []
    assert told(posting, "2026-12-17 08:30") == ["12 月 20 日（周日）"]
    mail = posting.kept.sent[-1]
    assert mail["To"] == PERSON
    words = text_of(mail)
    assert not re.search(r"\d+\.\d\d|元|期数", mail["Subject"] + words)
    assert "/agreement" in words
    assert told(posting, "2026-12-19 09:00") == []
    # The first was paid by nobody's word and its day is over; the next comes all the same.
    assert told(posting, "2027-01-17 08:30") == ["1 月 20 日（周三）"]
    assert told(posting, "2027-01-18 08:30") == []


def test_what_is_paid_is_not_told(posting: Posting, agreed: Case) -> None:
    first = agreed.view()["agreement"]["payments"][0]
    posting.at("2026-12-10 10:00")
    agreed.pay(1, first["total_fen"])
    assert told(posting, "2026-12-17 09:00") == []
    assert told(posting, "2027-01-17 09:00") == ["1 月 20 日（周三）"]


def test_what_is_paid_between_the_plan_and_the_hour_is_not_told(posting: Posting, agreed: Case, hub: Hub) -> None:
    posting.clock.at = posting.clock.at.replace(year=2026, month=12, day=17, hour=0, minute=30)
    agreed.sweep()
    [row] = [row for row in posting.rows(agreed.id).values() if row.kind == "payment_due"]
    assert row.status == "waiting"
    agreed.pay(1, agreed.view()["agreement"]["payments"][0]["total_fen"])
    assert told(posting, "2026-12-17 09:00") == []
    [row] = [row for row in posting.rows(agreed.id).values() if row.kind == "payment_due"]
    assert (row.status, row.detail) == ("not_needed", "overtaken")


def test_a_row_that_was_moved_is_told_by_its_new_day(posting: Posting, agreed: Case) -> None:
    amending = Amending(case=agreed)
    amending.agree(amending.ask_day(28))
    assert told(posting, "2026-12-17 09:00") == []
    assert told(posting, "2026-12-25 09:00") == ["12 月 28 日（周一）"]


def test_a_row_that_was_told_and_then_moved_is_told_again(posting: Posting, agreed: Case) -> None:
    assert told(posting, "2026-12-17 09:00") == ["12 月 20 日（周日）"]
    amending = Amending(case=agreed)
    amending.agree(amending.ask_day(28))
    assert told(posting, "2026-12-25 09:00") == ["12 月 28 日（周一）"]


def test_an_agreement_that_ended_is_told_of_no_more(posting: Posting, agreed: Case, hub: Hub) -> None:
    agreed.end(EndReason.SETTLED, waive_rest=True)
    assert told(posting, "2026-12-17 09:00") == []
    with hub.reading(HUB) as tx:
        assert tx.session.query(AgreementRecord.remind_at).all() == [(None,)]


def test_a_worker_that_was_away_tells_what_is_still_ahead_and_nothing_that_is_over(posting: Posting) -> None:
    # Over are the days of December and January; that of February is tomorrow.
    assert told(posting, "2027-02-19 10:00") == ["2 月 20 日（周六）"]


def test_who_has_no_address_is_told_on_the_phone(
    posting: Posting, agreed: Case, hub: Hub, sms: SentMessages, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hub.domain.preferences.Preferences.channels", lambda *_, **__: frozenset({"sms"}))
    sms.sent.clear()
    assert told(posting, "2026-12-17 08:30") == []
    assert outgoing_sms.send_due(hub, sms, posting.machine) == 1
    assert "约定的日子三天内就到" in sms.sent[-1][1]
