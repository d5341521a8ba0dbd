"""Passwords and authenticators that were set up with earlier versions stay good, and what is kept is renewed."""

from datetime import timedelta

import pytest
from passlib.hash import argon2
from passlib.totp import TOTP

from hub.domain.actor import HUB
from hub.domain.clock import FixedClock
from hub.domain.staff import Role
from hub.services.accounts import staff, staff_sign_in
from hub.services.accounts.staff_sign_in import Account
from hub.web.pages.authenticator import Authenticator, password_faults
from hub.wiring import Hub

# As version 0.1.0 kept them, by the secret key of the tests.
PASSWORD = "正确的ｐassword é 1"
KEPT_HASH = "$argon2id$v=19$m=65536,t=3,p=4$IsQ4x1jrnTNGiBECICRkbA$yPEcw2uq6Sz8NtFzixA1vDWq1MoHZoTMTgnmKsQToO0"
KEPT_SECRET = (
    '{"enckey":{"c":14,"k":"WRGBFOQ5QNA54PEJWTBOVRKMRHQBL2H3","s":"RPY54G6DPBXY34N6S6ZA","t":"eba4d29673d5ec8e",'
    '"v":1},"type":"totp","v":1}'
)
KEY = "R3IT-UZ2M-FHS7-ZH6T-XJ34-46PP-DVR4-Z6M7"


@pytest.fixture
def authenticator(hub: Hub, real_clock: FixedClock) -> Authenticator:
    return Authenticator(hub)


def account_with(hub: Hub, password_hash: str) -> Account:
    with hub.writing(HUB) as tx:
        made, _ = staff.add(tx, role=Role.OPERATOR, email="ops@hub.example", bank_code=None, at=tx.now)
        staff_sign_in.keep_password(tx, made.id, password_hash)
    return account_of(hub)


def account_of(hub: Hub) -> Account:
    with hub.reading(HUB) as tx:
        found = staff_sign_in.find_account(tx, "ops@hub.example")
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("typed", "is_right"),
    [
        (PASSWORD, True),
        ("正确的password e\u0301 1", True),  # other code points for the same signs
        ("正确的password e 1", False),
        (PASSWORD + "0" * 200, False),
    ],
    ids=["as it was set", "in other code points", "another one", "longer than any"],
)
def test_a_password_of_an_earlier_version_is_known(
    hub: Hub, authenticator: Authenticator, typed: str, is_right: bool
) -> None:
    account = account_with(hub, KEPT_HASH)
    assert authenticator.is_right(account, typed) is is_right
    assert account_of(hub).password_hash == KEPT_HASH


def test_a_password_that_was_hashed_more_cheaply_is_kept_anew(hub: Hub, authenticator: Authenticator) -> None:
    account = account_with(hub, argon2.using(memory_cost=1024).hash("a long password"))
    assert authenticator.is_right(account, "a long password")
    renewed = account_of(hub)
    assert renewed.password_hash != account.password_hash
    assert authenticator.is_right(renewed, "a long password")


def test_an_authenticator_of_an_earlier_version_gives_right_codes(
    authenticator: Authenticator, real_clock: FixedClock
) -> None:
    code = TOTP(key=KEY).generate(real_clock.at)
    assert authenticator.counter_of(code.token, KEPT_SECRET, after=None) == code.counter
    assert authenticator.counter_of(code.token, KEPT_SECRET, after=code.counter) is None
    real_clock.at += timedelta(minutes=2)
    assert authenticator.counter_of(code.token, KEPT_SECRET, after=None) is None


def test_a_secret_that_was_shown_is_shown_again(authenticator: Authenticator) -> None:
    assert authenticator.set_up("ops@hub.example", KEPT_SECRET).key == KEY
    fresh = authenticator.set_up("ops@hub.example")
    assert authenticator.set_up("ops@hub.example", fresh.sealed) == fresh


@pytest.mark.parametrize(
    "password",
    [
        "password1234",
        "P@ssw0rd1234",
        "qwertyuiop12",
        "1q2w3e4r5t6y",
        "iloveyou1234",
        "abcdefghijkl",
        "abcabcabcabc",
        "123456789012345",
        "xieshanghuankuan",
        "huankuan2026",
        "lihua has a long one",
    ],
)
def test_what_is_guessed_first_is_no_password(password: str) -> None:
    faults = password_faults(password, password, email="lihua@icbc.example")
    assert [(each.pointer, each.code) for each in faults] == [("/password", "password_common")]


@pytest.mark.parametrize(
    "password",
    [
        "four words in a row",
        "correct horse battery",
        "三个 不相干 的词 连起来写",
        "kV7#pq9-Lm2x",
        "长河落日圆大漠孤烟直一二",
    ],
)
def test_a_long_one_of_any_signs_will_do(password: str) -> None:
    assert password_faults(password, password, email="lihua@icbc.example") == []


def test_the_longest_one_is_judged_in_no_time_to_speak_of() -> None:
    # What a stranger with an enrolment link could keep a thread busy with is cut.
    longest = "".join(chr(ord("a") + number * 7 % 26) for number in range(200))
    assert password_faults(longest, longest, email="lihua@icbc.example") == []
