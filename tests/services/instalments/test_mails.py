"""What a person is told of their request by mail: each thing once, and neither shop nor sum nor card."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from hub.domain.actor import HUB
from hub.domain.bank import Bank
from hub.domain.clock import FixedClock
from hub.domain.instalment_estimate import PayFigures
from hub.domain.instalment_quote import QuoteContents
from hub.domain.instalment_request import Refusal, RefusalReason
from hub.mail.kinds import MailKind
from hub.services.accounts import subjects
from hub.services.instalments import answering, matters, quoting
from hub.services.notifications import letters
from hub.services.operating import sweeps
from hub.wiring import Hub
from storage.records import MailRecord
from tests.applications import ICBC
from tests.conftest import SentMessages
from tests.services.case import china
from tests.services.instalments import CLIENT, EMAIL, SUBJECT, asked_about_instalments
from tests.services.posting import Posting, without_drawn

TODAY = date(2026, 11, 21)
QUOTED = QuoteContents(
    as_of=TODAY,
    valid_until=TODAY + timedelta(days=4),
    pay_by=TODAY + timedelta(days=8),
    figures=PayFigures(remaining_principal_fen=1_100_000, interest_to_date_fen=4_320),
    pay_fen=1_104_320,
    basis="按合同计算。",
)


@pytest.fixture
def asked(hub: Hub, banks: dict[str, Bank]) -> str:
    return asked_about_instalments(hub)


def told(hub: Hub) -> list[str]:
    with hub.reading(HUB) as tx:
        query = sa.select(MailRecord).where(MailRecord.kind.in_([MailKind.REQUEST_NEWS, MailKind.INSTALMENTS_QUOTED]))
        mails = tx.session.scalars(query.order_by(MailRecord.not_before, MailRecord.id)).all()
        for each in mails:
            composed = letters.compose(tx, [each], "hub@example.com")
            if composed.message is None:
                # Of a quote that can be accepted no more.
                assert each.kind == MailKind.INSTALMENTS_QUOTED
                continue
            # Not the borders between its parts, which are numbers by chance.
            parts = [part.get_content() for part in composed.message.walk() if part.get_content_maintype() == "text"]
            words = "".join([str(composed.message["Subject"]), *parts])
            # Nor its number and its address, whose digits are drawn.
            words = without_drawn(words)
            for hidden in ("0007", "12,000", "11,04", "ICBC", "工商", "FQ-1"):
                assert hidden not in words
            assert ("11 月 25 日" in words or "11 月 26 日" in words) == (each.kind == MailKind.INSTALMENTS_QUOTED)
        return [each.key.split(":")[2] for each in mails]


def test_a_quote_is_told_and_that_it_ends_tomorrow_each_once(hub: Hub, clock: FixedClock, asked: str) -> None:
    with hub.writing(HUB) as tx:
        quoting.quote(tx, asked, QUOTED, bank_code=ICBC)
    assert told(hub) == ["received", "quoted"]
    for _ in range(2):
        clock.at += timedelta(days=4) if clock.at.day < 25 else timedelta()
        sweeps.run_due(hub)
    assert told(hub) == ["received", "quoted", "ending"]
    clock.at += timedelta(days=1)
    sweeps.run_due(hub)
    assert told(hub) == ["received", "quoted", "ending", "lapsed"]


def test_a_refusal_is_told(hub: Hub, asked: str) -> None:
    with hub.writing(HUB) as tx:
        quoting.refuse(tx, asked, Refusal(reason_code=RefusalReason.OVERDUE), bank_code=ICBC)
    assert told(hub) == ["received", "refused"]


def test_a_second_quote_is_told_anew(hub: Hub, asked: str) -> None:
    for later in (QUOTED, replace(QUOTED, valid_until=TODAY + timedelta(days=5))):
        with hub.writing(HUB) as tx:
            quoting.quote(tx, asked, later, bank_code=ICBC)
    assert told(hub) == ["received", "quoted", "quoted"]


def sent_at(posting: Posting, text: str) -> list[str]:
    """What the person is mailed then."""
    return [subject for to, subject in posting.at(text) if to == EMAIL]


@pytest.mark.parametrize("is_answered", [True, False])
def test_that_a_quote_ends_today_is_told_unless_it_was_answered_in_the_night(
    hub: Hub, clock: FixedClock, asked: str, sms: SentMessages, is_answered: bool
) -> None:
    posting = Posting(hub=hub, clock=clock)
    with hub.writing(HUB) as tx:
        record = quoting.quote(tx, asked, QUOTED, bank_code=ICBC)
        [quote] = matters.matter_of(tx, record).quotes
    sent_at(posting, "2026-11-24 12:00")
    assert sent_at(posting, "2026-11-25 00:05") == []
    posting.clock.at = china("2026-11-25 06:30")
    if is_answered:
        with hub.writing(HUB) as tx:
            person = subjects.of_client(tx, CLIENT, SUBJECT)
            code = answering.send_code(tx, person, asked, quote.id).code
            assert answering.accept(tx, person, asked, quote.id, code) is None
    assert len(sent_at(posting, "2026-11-25 09:30")) == (0 if is_answered else 1)


def test_of_a_quote_that_was_replaced_in_the_night_nobody_is_told_that_it_ends(
    hub: Hub, clock: FixedClock, asked: str
) -> None:
    posting = Posting(hub=hub, clock=clock)
    with hub.writing(HUB) as tx:
        quoting.quote(tx, asked, QUOTED, bank_code=ICBC)
    sent_at(posting, "2026-11-24 12:00")
    sent_at(posting, "2026-11-25 00:05")
    later = replace(
        QUOTED, as_of=date(2026, 11, 25), valid_until=date(2026, 11, 29), pay_by=date(2026, 12, 2), basis="按合同计算。"
    )
    with hub.writing(HUB) as tx:
        quoting.quote(tx, asked, later, bank_code=ICBC)
    clock.at = china("2026-11-25 09:30")
    with hub.reading(HUB) as tx:
        waiting = tx.session.query(MailRecord).filter_by(kind="instalments_quoted", status="waiting").all()
        goes = {each.key.split(":")[2]: letters.hindrance(tx, each) is None for each in waiting}
    assert goes == {"ending": False, "quoted": True}
