"""Mails at the operator's pages."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from hub.domain.actor import HUB
from hub.services.notifications import outgoing_mail
from hub.web.pages import formats
from hub.web.pages.ops import mails as mails_page
from hub.wiring import Hub
from storage import mails
from storage.records import MailRecord
from tests.applications import ICBC
from tests.conftest import Submit
from tests.web.pages.operator import Operator
from tests.web.pages.ops.stuck import reference_of, refuse_a_mail


def test_a_refused_mail_is_seen_without_its_address_and_sent_again(
    operator: Operator, hub: Hub, submitted: Submit, work_off: Callable[[], int]
) -> None:
    there = submitted(ICBC)
    work_off()
    mail_id = refuse_a_mail(hub)
    page = operator.read("/ops/mails")
    assert reference_of(hub, there) in page
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


def test_a_mail_that_a_restore_holds_is_not_said_to_have_been_refused(
    operator: Operator, hub: Hub, submitted: Submit, work_off: Callable[[], int]
) -> None:
    submitted(ICBC)
    work_off()
    with hub.writing(HUB) as tx:
        assert mails.hold_due(tx) > 0
    page = operator.read("/ops/mails")
    assert "恢复之后扣住：可能已经发过。" in page
    assert "对方没有接收" not in page


def rows_of(page: str) -> int:
    return page.partition("<tbody>")[2].partition("</tbody>")[0].count("<tr>")


def test_what_waits_and_what_was_sent_is_counted_and_listed_without_an_address(
    operator: Operator, hub: Hub, submitted: Submit, work_off: Callable[[], int]
) -> None:
    there = submitted(ICBC)
    work_off()
    with hub.writing(HUB) as tx:
        first, *others = tx.session.scalars(sa.select(MailRecord).order_by(MailRecord.id))
        many = len(others)
        mails.settle(tx, first, mails.MailStatus.SENT, "")
        first.channel = "sms"
    page = operator.read("/ops/mails?show=waiting")
    assert (f"等待发出 {many}" in page, "已发出 1" in page, rows_of(page)) == (True, True, many)
    assert "再发一次" not in page
    page = operator.read("/ops/mails?show=sent")
    assert (rows_of(page), "（短信）" in page, reference_of(hub, there) in page) == (1, True, True)
    assert rows_of(operator.read("/ops/mails?show=sent&by=mail")) == 0
    page = operator.read("/ops/mails?show=sent&by=sms")
    assert (rows_of(page), "等待发出 0" in page) == (1, True)
    for each in ("王小明", "@", "13900000000"):
        assert each not in page.partition("<main")[2].partition("</main>")[0]


@pytest.mark.parametrize("query", ["show=nothing", "show=not_needed&by=pigeon", "after=x"])
def test_an_address_that_asks_for_nothing_there_is_shows_what_failed(operator: Operator, query: str) -> None:
    assert "没有发送失败的邮件。" in operator.read(f"/ops/mails?{query}")


def test_mails_come_page_by_page(
    operator: Operator, hub: Hub, submitted: Submit, work_off: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mails_page, "_PAGE_LENGTH", 1)
    monkeypatch.setattr(formats, "MOST_COUNTED", 1)
    submitted(ICBC)
    submitted(ICBC)
    work_off()
    with hub.reading(HUB) as tx:
        waiting = [each.id for each in tx.session.scalars(sa.select(MailRecord).order_by(MailRecord.id.desc()))]
    page = operator.read("/ops/mails?show=waiting")
    assert "等待发出 1+" in page
    assert f'href="/ops/mails?show=waiting&after={waiting[0]}"' in page
    page = operator.read(f"/ops/mails?show=waiting&after={waiting[0]}")
    assert rows_of(page) == 1
    assert 'href="/ops/mails?show=waiting"' in page
