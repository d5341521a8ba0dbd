"""The link of a text message opens for its reader: signed in, and through the sign-in and back."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urlsplit

from flask import Flask

from hub.domain.bank import Bank
from hub.services.notifications import outgoing_sms
from hub.wiring import Hub
from tests import applications
from tests.applications import ICBC
from tests.conftest import SentMessages, Submit
from tests.web.pages.cardholders import texted
from tests.web.pages.reader import Reader

MOBILE = "13900000123"


def test_the_link_opens_what_waits_and_signs_nobody_in(
    app: Flask, hub: Hub, banks: dict[str, Bank], sms: SentMessages, submitted: Submit, work_off: Callable[[], int]
) -> None:
    submitted(ICBC, applicant=applications.person(email=None, mobile=MOBILE))
    work_off()
    outgoing_sms.send_due(hub, sms, hub.real_clock)
    [(to, text)] = sms.sent
    assert to == MOBILE
    [link] = re.findall(r"https?://\S+", text)
    assert urlsplit(link)._replace(scheme="", netloc="").geturl() == "/my/"
    reference = re.search(r"末尾 (\d{4})", text)
    assert reference is not None
    stranger = Reader(app.test_client()).open("/my/")
    assert stranger.address == "/sign-in/?next=/my/"
    sent = stranger.press("发送验证码", {"mobile": MOBILE})
    there = sent.press("登录", {"code": sms.sent[-1][1][:6]})
    assert (there.status, there.address) == (200, "/my/")
    assert f"{reference[1]}" in there.text
    assert texted(app, sms, MOBILE).open("/my/").status == 200
