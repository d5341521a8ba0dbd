"""A mobile that is proved finds its negotiations."""

from __future__ import annotations

from flask import Flask

from tests.conftest import SentMessages
from tests.web.caller import Caller
from tests.web.pages.cardholders import filled_in, launched, texted
from tests.web.pages.my.ways import WorkOff


def test_the_same_mobile_finds_the_negotiation_by_text_message(
    app: Flask, sms: SentMessages, host_app: Caller, work_off: WorkOff
) -> None:
    mobile = "13677778888"
    filled_in(launched(app, host_app, mobile=mobile), taken=2).press("提交给 2 家银行")
    work_off()
    listed = texted(app, sms, mobile).open("/my/")
    assert "中国工商银行" in listed.text
    assert "招商银行" in listed.text
