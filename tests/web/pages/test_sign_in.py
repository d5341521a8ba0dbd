"""Signing in and out: by text message, by a launch, and as staff with password and authenticator."""

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from passlib.totp import TOTP

from hub.domain.actor import HUB
from hub.domain.bank import Bank
from hub.domain.clock import FixedClock
from hub.domain.staff import Role
from hub.services.accounts import cardholders, sign_in, staff
from hub.wiring import Hub
from tests.applications import CMB, ICBC, person
from tests.conftest import START, SentMessages, Submit
from tests.web.caller import Caller, made
from tests.web.pages.conftest import Visit
from tests.web.pages.visitor import Visitor

MOBILE = "13800138099"
PASSWORD = "four words in a row"


def code_of(sms: SentMessages) -> str:
    return sms.sent[-1][1][:6]


def signed_in_by_mobile(visit: Visit, sms: SentMessages, mobile: str = MOBILE) -> Visitor:
    browser = visit()
    assert browser.post("/sign-in/", {"mobile": mobile}).status_code == 303
    assert browser.post("/sign-in/code", {"code": code_of(sms)}).status_code == 303
    return browser


def test_a_code_by_text_message_signs_in(visit: Visit, sms: SentMessages) -> None:
    browser = visit()
    asked = browser.post("/sign-in/", {"mobile": " 138 0013-8099"})
    assert asked.headers["Location"] == "/sign-in/code"
    assert sms.sent[-1][0] == MOBILE
    assert "138****8099" in browser.page("/sign-in/code")
    entered = browser.post("/sign-in/code", {"code": code_of(sms)})
    assert entered.headers["Location"] == "/apply/"
    browser.page("/my/")


def test_who_asks_for_another_code_is_told_that_it_was_sent_and_may_change_the_number(
    visit: Visit, sms: SentMessages
) -> None:
    browser = visit()
    # Asking for a token is a visit to the first page, which forgets where the person wanted to go.
    token = {"csrf_token": browser.token()}
    assert browser.web.post("/sign-in/?next=/apply/cards", data={**token, "mobile": MOBILE}).status_code == 303
    first = browser.page("/sign-in/code")
    assert "又发了一条短信" not in first
    assert 'href="/sign-in/?next=/apply/cards"' in first
    again = browser.web.post("/sign-in/?again=1", data={**token, "mobile": MOBILE})
    assert "又发了一条短信，请填最新的六位验证码。" in browser.page(again.headers["Location"])
    assert len(sms.sent) == 2
    entered = browser.web.post("/sign-in/code", data={**token, "code": code_of(sms)})
    assert entered.headers["Location"] == "/apply/cards"


def test_the_answer_is_the_same_whether_the_number_is_known_or_not(
    visit: Visit, sms: SentMessages, submitted: Submit
) -> None:
    submitted(ICBC, applicant=person(mobile=MOBILE))
    known, unknown = (visit().post("/sign-in/", {"mobile": mobile}) for mobile in (MOBILE, "13911112222"))
    assert known.get_data() == unknown.get_data()
    assert (known.status_code, known.headers["Location"]) == (unknown.status_code, unknown.headers["Location"])
    assert len(sms.sent) == 2


def test_a_wrong_number_keeps_what_was_typed_and_says_where_it_is_wrong(visit: Visit, sms: SentMessages) -> None:
    answer = visit().post("/sign-in/", {"mobile": "12345"})
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert 'value="12345"' in text
    assert '<a href="#f-mobile">' in text
    assert 'aria-invalid="true"' in text
    assert not sms.sent


def test_a_code_is_used_up_by_five_wrong_tries(visit: Visit, sms: SentMessages) -> None:
    browser = visit()
    browser.post("/sign-in/", {"mobile": MOBILE})
    right = code_of(sms)
    wrong = f"{(int(right) + 1) % 10**6:06d}"
    for _ in range(5):
        assert browser.post("/sign-in/code", {"code": wrong}).status_code == 422
    assert browser.post("/sign-in/code", {"code": right}).status_code == 422


def test_a_code_lives_for_ten_minutes(visit: Visit, sms: SentMessages, clock: FixedClock) -> None:
    browser = visit()
    browser.post("/sign-in/", {"mobile": MOBILE})
    clock.at += timedelta(minutes=10)
    assert browser.post("/sign-in/code", {"code": code_of(sms)}).status_code == 422


def test_a_code_works_once(visit: Visit, sms: SentMessages) -> None:
    browser = visit()
    browser.post("/sign-in/", {"mobile": MOBILE})
    with browser.web.session_transaction() as kept:
        before = dict(kept)
    assert browser.post("/sign-in/code", {"code": code_of(sms)}).status_code == 303
    again = visit()
    with again.web.session_transaction() as kept:
        kept.update({name: before[name] for name in ("sign_in_mobile", "sign_in_codes")})
    assert again.post("/sign-in/code", {"code": code_of(sms)}).status_code == 422


def test_the_mobile_of_the_application_shows_what_is_theirs(
    hub: Hub, visit: Visit, sms: SentMessages, submitted: Submit
) -> None:
    mine = submitted(ICBC, applicant=person(mobile=MOBILE)).negotiation
    other = submitted(ICBC, applicant=person(mobile="13911112222")).negotiation
    browser = signed_in_by_mobile(visit, sms)
    assert mine != other
    with hub.writing(HUB) as tx:
        token = sign_in.open_session(tx, {"mobile": MOBILE}, at=START)
    with hub.reading(HUB) as tx:
        found = sign_in.find_cardholder(tx, token, at=START)
        assert found is not None
        assert [each.id for each in cardholders.list_for(tx, found[0])] == [mine]
    browser.page("/my/")


def launch_of(host_app: Caller, **changes: Any) -> str:
    body = {name: value for name, value in person(7).items() if name != "email"}
    url: str = made(host_app.post("/launches", {**body, "cards": [], **changes}))["url"]
    return url[url.index("/launch") :]


def test_a_launch_signs_in_once(visit: Visit, host_app: Caller) -> None:
    address = launch_of(host_app)
    first = visit()
    assert first.get(address).headers["Location"] == "/apply/"
    first.page("/apply/")
    second = visit()
    assert "请回到 App 重新进入" in second.page(address, 410)
    assert second.get("/my/").status_code == 303


def test_a_launch_of_another_person_asks_first_and_uses_nothing_up(
    visit: Visit, host_app: Caller, sms: SentMessages
) -> None:
    browser = signed_in_by_mobile(visit, sms)
    address = launch_of(host_app)
    assert "要换一个人登录吗" in browser.page(address)
    assert "这个链接会让链接里的人登录" in browser.page(address)
    whose = browser.web.get_cookie("hub_session")
    assert browser.web.post("/launch", data={"code": address.partition("code=")[2]}).status_code == 400
    answer = browser.post("/launch", {"code": address.partition("code=")[2]})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/apply/")
    assert whose is not None
    browser.page(address, 410)


def test_a_second_launch_of_the_same_person_asks_nothing(visit: Visit, host_app: Caller) -> None:
    browser = visit()
    for _ in range(2):
        assert browser.get(launch_of(host_app)).headers["Location"] == "/apply/"


def test_signing_in_as_another_ends_the_first_session(
    app: Flask, visit: Visit, host_app: Caller, sms: SentMessages
) -> None:
    browser = signed_in_by_mobile(visit, sms)
    first = browser.web.get_cookie("hub_session")
    assert first is not None
    browser.post("/launch", {"code": launch_of(host_app).partition("code=")[2]})
    thief: FlaskClient = app.test_client()
    thief.set_cookie("hub_session", first.value)
    assert thief.get("/my/").status_code == 303
    browser.page("/my/")


def test_a_link_previewer_does_not_use_the_launch_up(visit: Visit, host_app: Caller) -> None:
    address = launch_of(host_app)
    assert visit().web.head(address).status_code == 200
    assert visit().get(address).status_code == 303


def test_a_launch_is_over_after_five_minutes(visit: Visit, host_app: Caller, clock: FixedClock) -> None:
    address = launch_of(host_app)
    clock.at += timedelta(minutes=5)
    visit().page(address, 410)


def test_a_launch_leads_to_the_open_negotiation_of_the_same_document(
    visit: Visit, host_app: Caller, submitted: Submit
) -> None:
    submitted(ICBC, client=host_app.client, applicant=person(7))
    assert visit().get(launch_of(host_app)).headers["Location"] == "/my/"


def test_a_launched_person_does_not_see_what_only_shares_the_mobile(
    visit: Visit, host_app: Caller, submitted: Submit
) -> None:
    submitted(ICBC, applicant=person(8, mobile=person(7)["mobile"]))
    assert visit().get(launch_of(host_app)).headers["Location"] == "/apply/"


def test_signing_out_ends_the_session_and_not_only_the_cookie(app: Flask, visit: Visit) -> None:
    browser = visit("cardholder-1")
    kept = browser.web.get_cookie("hub_session")
    assert kept is not None
    assert browser.post("/sign-in/out").headers["Location"] == "/sign-in/gone"
    thief: FlaskClient = app.test_client()
    thief.set_cookie("hub_session", kept.value)
    assert thief.get("/my/").status_code == 303


def test_a_session_of_a_cardholder_ends_after_twelve_hours(hub: Hub, visit: Visit) -> None:
    browser, at = visit("cardholder-1"), hub.real_clock.now()
    hub.real_clock = FixedClock(at + timedelta(hours=1))
    browser.page("/my/")
    hub.real_clock = FixedClock(at + timedelta(hours=12, minutes=1))
    assert browser.get("/my/").headers["Location"] == "/sign-in/?next=/my/"


def test_an_unused_session_of_staff_ends_after_a_quarter_of_an_hour(
    hub: Hub, visit: Visit, banks: dict[str, Bank]
) -> None:
    browser, at = visit(f"reviewer-{ICBC}"), hub.real_clock.now()
    for minutes in (10, 20, 30):
        hub.real_clock = FixedClock(at + timedelta(minutes=minutes))
        browser.page("/portal/")
    hub.real_clock = FixedClock(at + timedelta(minutes=46))
    assert browser.get("/portal/").headers["Location"] == "/sign-in/staff?next=/portal/"


def test_moving_the_clock_of_the_demo_ends_no_session(visit: Visit, clock: FixedClock) -> None:
    browser = visit("cardholder-1")
    clock.at += timedelta(days=30)
    browser.page("/my/")


@pytest.fixture
def enrolment(hub: Hub, banks: dict[str, Bank]) -> str:
    """The address of an enrolment link of a reviewer of ICBC."""
    with hub.writing(HUB) as tx:
        _, token = staff.add(
            tx, role=Role.REVIEWER, email="Clerk@Bank.example", bank_code=ICBC, at=hub.real_clock.now()
        )
    return f"/sign-in/enrol/{token}"


def enrol(browser: Visitor, address: str, clock: FixedClock) -> TOTP:
    """The person's authenticator, once it is set up."""
    answer = browser.post(address, {"password": PASSWORD, "again": PASSWORD})
    assert answer.headers["Location"] == "/sign-in/staff/set-up"
    shown = browser.page("/sign-in/staff/set-up")
    key = re.search(r"([A-Z2-7]{4}(?:-[A-Z2-7]{4}){5,})", shown)
    assert key is not None
    device = TOTP(key=key[1])
    done = browser.post("/sign-in/staff/set-up", {"code": device.generate(clock.at).token})
    assert done.status_code == 200
    assert "请保存恢复码" in done.get_data(as_text=True)
    return device


def to_second_step(browser: Visitor) -> None:
    answer = browser.post("/sign-in/staff", {"email": "clerk@bank.example", "password": PASSWORD})
    assert answer.headers["Location"] == "/sign-in/staff/code"


def test_a_person_enrols_with_a_password_and_an_authenticator(
    visit: Visit, real_clock: FixedClock, enrolment: str
) -> None:
    browser = visit()
    assert browser.get(enrolment).status_code == 200
    enrol(browser, enrolment, real_clock)
    browser.page("/portal/")
    visit().page(enrolment, 410)


def test_staff_sign_in_with_password_and_code(visit: Visit, real_clock: FixedClock, enrolment: str) -> None:
    device = enrol(visit(), enrolment, real_clock)
    real_clock.at += timedelta(minutes=1)
    browser = visit()
    to_second_step(browser)
    assert browser.get("/portal/").status_code == 303
    done = browser.post("/sign-in/staff/code", {"code": device.generate(real_clock.at).token})
    assert done.headers["Location"] == "/portal/"
    browser.page("/portal/")


def test_the_page_that_was_asked_for_comes_after_the_sign_in(
    visit: Visit, real_clock: FixedClock, enrolment: str
) -> None:
    device = enrol(visit(), enrolment, real_clock)
    real_clock.at += timedelta(minutes=1)
    browser = visit()
    form = {"email": "clerk@bank.example", "password": PASSWORD, "next": "/portal/?status=offered"}
    browser.post("/sign-in/staff", form)
    done = browser.post("/sign-in/staff/code", {"code": device.generate(real_clock.at).token})
    assert done.headers["Location"] == "/portal/?status=offered"


def test_a_code_of_the_authenticator_is_taken_once(visit: Visit, real_clock: FixedClock, enrolment: str) -> None:
    device = enrol(visit(), enrolment, real_clock)
    browser = visit()
    to_second_step(browser)
    assert browser.post("/sign-in/staff/code", {"code": device.generate(real_clock.at).token}).status_code == 422


def test_a_password_alone_opens_nothing(visit: Visit, real_clock: FixedClock, enrolment: str) -> None:
    first = visit()
    first.post(enrolment, {"password": PASSWORD, "again": PASSWORD})
    browser = visit()
    answer = browser.post("/sign-in/staff", {"email": "clerk@bank.example", "password": PASSWORD})
    assert answer.headers["Location"] == "/sign-in/staff/set-up"
    assert browser.get("/portal/").status_code == 303


@pytest.mark.parametrize(
    ("password", "again"),
    [
        ("short", "short"),
        ("123456789012345", "123456789012345"),
        ("aaaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaaa"),
        ("clerk has a password", "clerk has a password"),
        (PASSWORD, "another one than that"),
    ],
)
def test_a_password_that_is_weak_or_mistyped_is_refused(
    visit: Visit, enrolment: str, password: str, again: str
) -> None:
    browser = visit()
    answer = browser.post(enrolment, {"password": password, "again": again})
    assert answer.status_code == 422
    assert password not in answer.get_data(as_text=True)
    assert browser.get(enrolment).status_code == 200


def test_a_wrong_address_and_a_wrong_password_answer_alike(
    visit: Visit, real_clock: FixedClock, enrolment: str
) -> None:
    enrol(visit(), enrolment, real_clock)
    shown = []
    for email, password in (("clerk@bank.example", "not the password"), ("nobody@bank.example", PASSWORD)):
        answer = visit().post("/sign-in/staff", {"email": email, "password": password})
        assert answer.status_code == 422
        text = answer.get_data(as_text=True).replace(email, "")
        shown.append(re.sub(r'csrf_token" value="[^"]+"', "", text))
    assert shown[0] == shown[1]


def test_an_enrolment_link_lives_for_three_days(visit: Visit, real_clock: FixedClock, enrolment: str) -> None:
    real_clock.at += timedelta(hours=72)
    visit().page(enrolment, 410)


def test_a_removed_person_loses_access_at_the_next_request(
    hub: Hub, visit: Visit, real_clock: FixedClock, enrolment: str
) -> None:
    browser = visit()
    enrol(browser, enrolment, real_clock)
    browser.page("/portal/")
    with hub.writing(HUB) as tx:
        staff.remove(tx, "clerk@bank.example")
    assert browser.get("/portal/").status_code == 303
    again = visit().post("/sign-in/staff", {"email": "clerk@bank.example", "password": PASSWORD})
    assert again.status_code == 422


def test_a_renewed_enrolment_ends_the_old_way_in(
    hub: Hub, visit: Visit, real_clock: FixedClock, enrolment: str
) -> None:
    browser = visit()
    enrol(browser, enrolment, real_clock)
    with hub.writing(HUB) as tx:
        _, token = staff.renew_enrolment(tx, "clerk@bank.example", at=real_clock.at)
    assert browser.get("/portal/").status_code == 303
    assert visit().post("/sign-in/staff", {"email": "clerk@bank.example", "password": PASSWORD}).status_code == 422
    enrol(visit(), f"/sign-in/enrol/{token}", real_clock)


def test_who_comes_back_needs_a_new_password(hub: Hub, visit: Visit, real_clock: FixedClock, enrolment: str) -> None:
    enrol(visit(), enrolment, real_clock)
    with hub.writing(HUB) as tx:
        staff.remove(tx, "clerk@bank.example")
        person_again, _ = staff.add(tx, role=Role.AUDITOR, email="clerk@bank.example", bank_code=CMB, at=real_clock.at)
    assert person_again.bank_code == CMB
    assert visit().post("/sign-in/staff", {"email": "clerk@bank.example", "password": PASSWORD}).status_code == 422


@pytest.mark.parametrize(
    "evil", ["//evil.example/", "https://evil.example", "/\\evil.example", "javascript:alert(1)", "/ok\r\nX: y"]
)
def test_nobody_is_led_away_after_a_sign_in(visit: Visit, sms: SentMessages, evil: str) -> None:
    browser = visit()
    browser.post("/sign-in/", {"mobile": MOBILE, "next": evil})
    assert browser.post("/sign-in/code", {"code": code_of(sms)}).headers["Location"] == "/apply/"
