"""Where a person is signed in, and signing out everywhere: for cardholders, banks' people and the operator."""

import pytest
from flask import Flask

from hub.domain.actor import HUB
from hub.domain.bank import Bank
from hub.services.operating import audit
from hub.wiring import Hub
from tests.applications import ICBC
from tests.conftest import AddCaller, SentMessages
from tests.web.caller import Caller
from tests.web.pages.cardholders import launched, texted
from tests.web.pages.conftest import Visit

MOBILE = "13800138061"


def test_a_cardholder_sees_every_session_and_ends_them_all(hub: Hub, app: Flask, sms: SentMessages) -> None:
    first, second = (texted(app, sms, MOBILE) for _ in range(2))
    other = texted(app, sms, "13800138062")
    page = second.open("/my/sessions")
    assert page.text.count("127.0.0.1") == 2
    assert page.text.count("就是这里") == 1
    page.press("在所有设备上退出")
    assert first.open("/my/").address == "/sign-in/?next=/my/"
    assert second.open("/my/").address == "/sign-in/?next=/my/"
    assert other.open("/my/").address == "/my/"
    with hub.reading(HUB) as tx:
        assert "signed_out_everywhere" in [each.kind for each in audit.newest(tx)]


def test_one_host_app_is_told_and_ends_nothing_of_anothers(app: Flask, host_app: Caller, caller: AddCaller) -> None:
    mine = launched(app, host_app)
    theirs = launched(app, caller("another app", "applications:write"))
    page = theirs.open("/my/sessions")
    assert page.text.count("127.0.0.1") == 1
    page.press("在所有设备上退出")
    assert mine.open("/my/").address == "/my/"


@pytest.mark.parametrize(
    ("person", "home"), [(f"reviewer-{ICBC}", "/portal/"), (f"auditor-{ICBC}", "/portal/"), ("operator", "/ops/")]
)
def test_people_at_work_do_so_too(visit: Visit, banks: dict[str, Bank], person: str, home: str) -> None:
    first, second = visit(person), visit(person)
    assert second.page(f"{home}sessions").count("127.0.0.1") == 2
    assert f"{home}security" in second.page(home)
    assert f"{home}sessions" in second.page(f"{home}security")
    assert second.post(f"{home}sessions").headers["Location"] == "/sign-in/gone"
    for browser in (first, second):
        assert browser.get(home).status_code == 303
