"""What a person sees and can do in a session: their own host app's negotiations, and more only with a proved mobile."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from hub.domain.actor import HUB
from hub.domain.clock import FixedClock
from hub.wiring import Hub
from storage import attempts
from tests.applications import CMB, ICBC, id_number, person
from tests.conftest import AddCaller, SentMessages, Submit
from tests.web.caller import Caller, made
from tests.web.pages.cardholders import filled_in, launched, texted
from tests.web.pages.reader import Reader

NUMBER = 31
HELD = "13800138031"
HIDDEN = "另有 1 次协商用的是同一个证件"
BELOW = (
    "",
    "/message",
    "/call",
    "/withdraw",
    "/correct",
    "/counter",
    "/agreement",
    "/agreement.pdf",
    "/default-notice.pdf",
    "/clearance",
    "/clearance.pdf",
    "/application-form.pdf",
    "/record.zip",
    "/offers/{offer}",
    "/offers/{offer}/accept",
    "/offers/{offer}/decline",
)


@pytest.fixture
def theirs(submitted: Submit, host_app: Caller, work_off: Callable[[], int]) -> str:
    """A negotiation that the first host app made for the person, screened."""
    made_there = submitted(ICBC, client=host_app.client, applicant=person(NUMBER, mobile=HELD)).negotiation
    work_off()
    return made_there


@pytest.fixture
def stranger(caller: AddCaller) -> Caller:
    """Another host app, which may write and not read."""
    return caller("another app", "applications:write")


def sent_over(app: Flask, by: Caller, **changes: object) -> Reader:
    """The person as a host app says it is them: with the ID number, a name and a mobile of its own choice."""
    return launched(app, by, **{"id_number": id_number(NUMBER), "name": "随便写", "mobile": "13900009999", **changes})


@pytest.mark.parametrize("below", BELOW)
def test_a_launch_by_another_host_app_opens_nothing_of_the_first_ones(
    app: Flask, stranger: Caller, theirs: str, below: str
) -> None:
    reader = sent_over(app, stranger)
    assert reader.open(f"/my/negotiations/{theirs}{below.format(offer='0' * 32)}").status == 404


def test_a_launch_by_another_host_app_withdraws_nothing(
    app: Flask, stranger: Caller, host_app: Caller, theirs: str
) -> None:
    reader = sent_over(app, stranger)
    token = dict(reader.open("/my/others").form("发送验证码").fields)["csrf_token"]
    answer = reader.web.post(f"/my/negotiations/{theirs}/withdraw", data={"csrf_token": token, "sure": "1"})
    assert answer.status_code == 404
    assert made(host_app.get(f"/negotiations/{theirs}"), 200)["status"] != "withdrawn"


def test_what_another_host_app_made_is_counted_and_not_told(app: Flask, stranger: Caller, theirs: str) -> None:
    home = sent_over(app, stranger).open("/my/")
    assert HIDDEN in home.text
    for detail in ("工商", theirs, "XS-", HELD[-4:]):
        assert detail not in home.without_token
        assert detail not in home.reader.open("/my/others").without_token


def test_the_code_to_the_mobile_of_the_application_shows_it_in_this_session_alone(
    app: Flask, stranger: Caller, theirs: str, sms: SentMessages
) -> None:
    reader = sent_over(app, stranger)
    asked = reader.open("/my/others").press("发送验证码", {"mobile": HELD})
    [(to, text)] = sms.sent
    assert to == HELD
    home = asked.press("查看", {"code": text[:6]})
    assert home.address == "/my/"
    assert (f"/my/negotiations/{theirs}" in home.links, HIDDEN in home.text) == (True, False)
    assert reader.open(f"/my/negotiations/{theirs}").status == 200
    assert sent_over(app, stranger).open(f"/my/negotiations/{theirs}").status == 404


def test_a_mobile_that_stands_in_no_application_gets_no_text_and_the_same_answers(
    app: Flask, stranger: Caller, theirs: str, sms: SentMessages
) -> None:
    pages = []
    for mobile in ("13900009999", HELD):
        reader = sent_over(app, stranger)
        asked = reader.open("/my/others").press("发送验证码", {"mobile": mobile})
        pages.append((asked.status, asked.address, asked.press("查看", {"code": "wrong"}).text))
    assert [to for to, _ in sms.sent] == [HELD]
    assert pages[0][:2] == pages[1][:2]
    assert "验证码不对或已过期" in pages[0][2]
    assert pages[0][2].replace("139****9999", "") == pages[1][2].replace("138****8031", "")


def test_ten_texts_a_day_go_to_a_mobile_however_often_one_asks(
    app: Flask, hub: Hub, stranger: Caller, theirs: str, sms: SentMessages, clock: FixedClock
) -> None:
    for number in range(16):
        if number % 4 == 0:
            clock.at += timedelta(hours=1)
        # Each from a person with a browser of their own: the limit of one person is a smaller one.
        with hub.writing(HUB) as tx:
            attempts.forget(tx, hub.real_clock.now() + timedelta(hours=2))
        sent_over(app, stranger, cards=[]).open("/my/others").press("发送验证码", {"mobile": HELD})
    assert len(sms.sent) == 10


def test_a_text_message_shows_what_stands_under_that_mobile_and_hides_nothing(
    app: Flask, theirs: str, sms: SentMessages
) -> None:
    submitted_elsewhere = texted(app, sms, HELD).open("/my/")
    assert f"/my/negotiations/{theirs}" in submitted_elsewhere.links
    assert "另有" not in submitted_elsewhere.text
    assert submitted_elsewhere.reader.open("/my/others").address == "/my/"


def test_who_applied_at_the_pages_after_a_launch_sees_it_again_through_the_same_host_app_alone(
    app: Flask, host_app: Caller, stranger: Caller
) -> None:
    here = {"mobile": HELD}
    done = filled_in(sent_over(app, host_app, **here), taken=1).press("提交给 1 家银行")
    assert done.address.startswith("/apply/done/")
    place = sent_over(app, host_app, **here).open("/my/")
    [negotiation] = {each for each in place.links if re.fullmatch("/my/negotiations/[0-9a-f]{32}", each)}
    other = sent_over(app, stranger)
    assert HIDDEN in other.open("/my/").text
    assert other.open(negotiation).status == 404
    assert other.open(done.address).status == 404


def test_a_draft_is_shown_through_the_host_app_in_which_it_was_written_alone(
    app: Flask, host_app: Caller, stranger: Caller
) -> None:
    filled_in(sent_over(app, host_app), taken=1)
    assert "继续填写" in sent_over(app, host_app).open("/my/").text
    assert "继续填写" not in sent_over(app, stranger).open("/my/").text
    assert filled_in(sent_over(app, stranger, cards=[{"bank_code": CMB, "card_number": "6225750000000006"}]), taken=1)
