"""Mails at the operator's pages."""

from __future__ import annotations

from collections.abc import Callable

from hub.domain.actor import HUB
from hub.services.notifications import outgoing_mail
from hub.wiring import Hub
from storage import mails
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
