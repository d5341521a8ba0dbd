"""A person's negotiations, and nobody else's."""

from __future__ import annotations

from flask import Flask

from tests.conftest import SentMessages
from tests.web.caller import Caller
from tests.web.pages.cardholders import launched, texted
from tests.web.pages.reader import Page


def test_another_persons_negotiation_is_as_unknown_as_none(
    sent: Page, app: Flask, host_app: Caller, sms: SentMessages
) -> None:
    here = sent.address
    nothing = here.rpartition("/")[0] + "/" + "0" * 32
    for other in (launched(app, host_app), texted(app, sms, "13911112222")):
        for below in ("", "/message", "/call", "/withdraw", "/counter", "/correct", "/agreement", "/record.zip"):
            theirs, none = other.open(here + below), other.open(nothing + below)
            assert (theirs.status, theirs.without_token) == (404, none.without_token)
        form = other.open("/apply/cards").form("保存并继续")
        token = dict(form.fields)["csrf_token"]
        for below in ("/message", "/withdraw", "/counter", "/correct"):
            posted = other.web.post(here + below, data={"csrf_token": token, "text": "x", "sure": "1"})
            assert posted.status_code == 404
