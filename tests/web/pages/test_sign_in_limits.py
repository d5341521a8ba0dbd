"""How often people's doors can be tried: strangers keep nobody out, and a crowd gets nothing more than one."""

from dataclasses import replace
from datetime import timedelta

import pytest

from hub.app import create_app
from hub.domain.actor import HUB
from hub.domain.bank import Bank
from hub.domain.clock import FixedClock
from hub.domain.staff import Role
from hub.services.accounts import staff
from hub.web.pages.authenticator import authenticator
from hub.wiring import Hub
from tests.applications import ICBC
from tests.conftest import SentMessages
from tests.web.pages.visitor import Visitor

MOBILE = "13800138099"
EMAIL, PASSWORD = "clerk@bank.example", "four words in a row"
HOME, STRANGER = "203.0.113.7", "198.51.100.9"


class From:
    """A browser behind one trusted proxy, at an address of its own."""

    def __init__(self, hub: Hub) -> None:
        hub.settings = replace(hub.settings, trusted_proxies=1)
        self.app = create_app(hub)
        self.app.testing = True

    def __call__(self, address: str) -> Visitor:
        browser = Visitor(self.app)
        browser.web.environ_base["HTTP_X_FORWARDED_FOR"] = f"192.0.2.1, {address}"
        return browser


@pytest.fixture
def at(hub: Hub, real_clock: FixedClock) -> From:
    return From(hub)


@pytest.fixture
def clerk(hub: Hub, banks: dict[str, Bank], at: From, real_clock: FixedClock) -> str:
    """The e-mail address of somebody who has a password and is about to set up the second step."""
    with hub.writing(HUB) as tx:
        _, token = staff.add(tx, role=Role.REVIEWER, email=EMAIL, bank_code=ICBC, at=real_clock.at)
    with at.app.app_context():
        password_hash = authenticator().hashed(PASSWORD)
    with hub.writing(HUB) as tx:
        staff.enrol(tx, token, password_hash, at=real_clock.at)
    return EMAIL


def tried(browser: Visitor, email: str, password: str = "x" * 300) -> int:
    return browser.post("/sign-in/staff", {"email": email, "password": password}).status_code


def test_a_stranger_does_not_lock_a_known_account_for_its_owner(at: From, clerk: str) -> None:
    stranger = at(STRANGER)
    statuses = [tried(stranger, clerk) for _ in range(11)]
    assert statuses == [422] * 10 + [429]
    assert tried(at(HOME), clerk, PASSWORD) == 303


def test_signs_that_nobody_sees_make_no_other_account(at: From, clerk: str) -> None:
    stranger = at(STRANGER)
    statuses = [tried(stranger, clerk + "\u200b" * spelt) for spelt in range(11)]
    assert statuses == [422] * 10 + [429]


def test_waits_at_one_account_grow(at: From, clerk: str, real_clock: FixedClock) -> None:
    stranger, allowed = at(STRANGER), []
    for _ in range(8):
        count = 0
        while tried(stranger, clerk) == 422:
            count += 1
        allowed.append(count)
        real_clock.at += timedelta(minutes=16)
    assert allowed == [10, 10, 0, 0, 10, 10, 0, 0]


def test_only_wrong_tries_count_against_an_address(at: From, clerk: str) -> None:
    assert [tried(at(HOME), clerk, PASSWORD) for _ in range(25)] == [303] * 25


def test_what_stands_before_the_trusted_proxys_word_is_not_believed(at: From, clerk: str) -> None:
    for number in range(11):
        browser = at(STRANGER)
        browser.web.environ_base["HTTP_X_FORWARDED_FOR"] = f"203.0.113.{number}, {STRANGER}"
        status = tried(browser, clerk)
    assert status == 429


def test_only_so_many_codes_go_to_one_number(at: From, sms: SentMessages) -> None:
    browser = at(HOME)
    for _ in range(5):
        assert browser.post("/sign-in/", {"mobile": MOBILE}).status_code == 303
    refused = browser.post("/sign-in/", {"mobile": "138 0013 8099"})
    assert refused.status_code == 429
    assert refused.headers["Retry-After"]
    assert len(sms.sent) == 5


def test_from_many_addresses_too(at: From, sms: SentMessages) -> None:
    statuses = [at(f"203.0.113.{number}").post("/sign-in/", {"mobile": MOBILE}).status_code for number in range(11)]
    assert statuses == [303] * 10 + [429]


def test_whoever_signed_in_from_an_address_is_sent_a_code_there_whatever_strangers_do(
    at: From, sms: SentMessages
) -> None:
    owner = at(HOME)
    owner.post("/sign-in/", {"mobile": MOBILE})
    assert owner.post("/sign-in/code", {"code": sms.sent[-1][1][:6]}).status_code == 303
    for number in range(12):
        at(f"198.51.100.{number}").post("/sign-in/", {"mobile": MOBILE})
    assert at(HOME).post("/sign-in/", {"mobile": MOBILE}).status_code == 303


def test_somebody_elses_request_does_not_kill_the_code_just_sent(at: From, sms: SentMessages) -> None:
    owner = at(HOME)
    owner.post("/sign-in/", {"mobile": MOBILE})
    code = sms.sent[-1][1][:6]
    stranger = at(STRANGER)
    stranger.post("/sign-in/", {"mobile": MOBILE})
    for _ in range(5):
        stranger.post("/sign-in/code", {"code": "000000"})
    assert owner.post("/sign-in/code", {"code": code}).status_code == 303


def test_a_code_that_another_browser_asked_for_is_good_for_nothing(at: From, sms: SentMessages) -> None:
    at(HOME).post("/sign-in/", {"mobile": MOBILE})
    code = sms.sent[-1][1][:6]
    other = at(STRANGER)
    other.post("/sign-in/", {"mobile": MOBILE})
    assert other.post("/sign-in/code", {"code": code}).status_code == 422


def test_a_code_that_comes_late_is_good_beside_the_next(at: From, sms: SentMessages) -> None:
    owner = at(HOME)
    owner.post("/sign-in/", {"mobile": MOBILE})
    first = sms.sent[-1][1][:6]
    owner.post("/sign-in/", {"mobile": MOBILE})
    assert owner.post("/sign-in/code", {"code": first}).status_code == 303


def test_guesses_at_the_codes_of_a_number_are_few_a_day(at: From, sms: SentMessages) -> None:
    statuses = []
    for number in range(5):
        stranger = at(f"198.51.100.{number}")
        stranger.post("/sign-in/", {"mobile": MOBILE})
        wrong = f"{(int(sms.sent[-1][1][:6]) + 1) % 10**6:06d}"
        statuses += [stranger.post("/sign-in/code", {"code": wrong}).status_code for _ in range(4)]
    assert statuses == [422] * 15 + [429] * 5


def test_guesses_from_one_address_are_limited_over_all_numbers(at: From, sms: SentMessages) -> None:
    statuses = []
    for number in range(16):
        stranger = at(STRANGER)
        stranger.post("/sign-in/", {"mobile": f"138001380{number:02d}"})
        wrong = f"{(int(sms.sent[-1][1][:6]) + 1) % 10**6:06d}"
        statuses += [stranger.post("/sign-in/code", {"code": wrong}).status_code for _ in range(4)]
    assert statuses == [422] * 60 + [429] * 4
