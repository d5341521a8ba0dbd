"""Signing in by a bank's own sign-on, against a real provider; and all that a provider or a stranger may get wrong."""

from __future__ import annotations

import urllib.request
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.error import HTTPError
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from hub.domain.actor import HUB
from hub.domain.bank import Bank
from hub.domain.clock import FixedClock
from hub.domain.staff import Role
from hub.services.accounts import staff
from hub.services.operating import audit
from hub.services.operating import banks as bank_settings
from hub.wiring import Hub
from storage.records import BankRecord
from tests.applications import CMB, ICBC
from tests.oidc_provider import CLIENT_ID, CLIENT_SECRET, Provider, running
from tests.web.pages.colleague import Colleague, codes_shown, key_shown
from tests.web.pages.conftest import Visit
from tests.web.pages.visitor import Visitor

EMAIL = "clerk@bank.example"
NO_ACCOUNT = "工作台里没有您可用的账户"
NOT_VERIFIED = "给出的结果无法核实"


class _Stays(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_args: Any, **_more: Any) -> None:
        return None


def led_to(address: str) -> str:
    """Where a browser is led that opens the provider's address and signs in there."""
    try:
        urllib.request.build_opener(_Stays).open(address, timeout=5)
    except HTTPError as answer:
        where = answer.headers["Location"]
        answer.close()
        return str(where)
    raise AssertionError("the provider led nowhere")


@pytest.fixture
def provider(hub: Hub, banks: dict[str, Bank], real_clock: FixedClock) -> Iterator[Provider]:
    """The sign-on of ICBC, which has one account."""
    with running(lambda: real_clock.at) as made:
        set_up(hub, made)
        with hub.writing(HUB) as tx:
            staff.add(tx, role=Role.REVIEWER, email=EMAIL, bank_code=ICBC, at=real_clock.at)
        yield made


def set_up(hub: Hub, provider: Provider, bank: str = ICBC, **more: str) -> None:
    settings = {
        "sign_on_issuer": provider.issuer,
        "sign_on_client_id": CLIENT_ID,
        "sign_on_secret": CLIENT_SECRET,
        "sign_on_domains": "bank.example",
        "sign_on_second_factor": "always",
        **more,
    }
    with hub.writing(HUB) as tx:
        bank_settings.change(tx, bank, settings)


def signed_in(browser: Visitor, *, bank: str = ICBC, query: str = "") -> TestResponse:
    """The answer to whoever comes back from the provider."""
    asked = browser.get(f"/sign-in/bank/{bank}{query}")
    assert asked.status_code == 303, asked.get_data(as_text=True)
    back = urlsplit(led_to(asked.headers["Location"]))
    assert back.path == "/sign-in/bank/callback"
    return browser.get(f"{back.path}?{back.query}")


def refused(answer: TestResponse, words: str) -> None:
    assert answer.status_code == 422
    assert words in answer.get_data(as_text=True)


@pytest.mark.parametrize("algorithm", ["RS256", "ES256"])
def test_somebody_with_an_account_is_signed_in(hub: Hub, visit: Visit, provider: Provider, algorithm: str) -> None:
    provider.new_key(algorithm)
    browser = visit()
    assert 'href="/sign-in/bank/"' in browser.page("/sign-in/staff")
    assert f'href="/sign-in/bank/{ICBC}"' in browser.page("/sign-in/bank/")
    assert signed_in(browser, query="?next=/portal/sessions").headers["Location"] == "/portal/sessions"
    browser.page("/portal/")
    with hub.reading(HUB) as tx:
        [line] = [each for each in audit.newest(tx) if each.kind == "signed_in"]
    assert (line.email, line.details["by"]) == (EMAIL, "sign_on")


def test_what_the_browser_takes_along_proves_nothing_by_itself(visit: Visit, provider: Provider) -> None:
    asked = parse_qs(urlsplit(visit().get(f"/sign-in/bank/{ICBC}").headers["Location"]).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["response_type"] == ["code"]
    assert {"state", "nonce", "code_challenge"} <= asked.keys()
    assert "code_verifier" not in asked
    assert CLIENT_SECRET not in str(asked)


def test_the_secret_of_the_client_is_sealed_and_shown_to_nobody(hub: Hub, visit: Visit, provider: Provider) -> None:
    with hub.reading(HUB) as tx:
        record = tx.session.get_one(BankRecord, ICBC)
        assert "sign_on_secret" not in record.settings
        assert CLIENT_SECRET.encode() not in (record.secrets_sealed or b"")
    assert CLIENT_SECRET not in visit("operator").page(f"/ops/banks/{ICBC}")


@pytest.mark.parametrize(
    "lies",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"aud": "another"},
        {"aud": None},
        {"aud": [CLIENT_ID, "another"]},
        {"aud": [CLIENT_ID, "another"], "azp": "another"},
        {"iss": "https://other.example"},
        {"exp": 1_700_000_000},
        {"exp": None},
        {"iat": 4_000_000_000},
        {"email_verified": False},
        {"email": None},
        {"email": ["clerk@bank.example"]},
    ],
)
def test_a_token_that_is_wrong_lets_nobody_in(hub: Hub, visit: Visit, provider: Provider, lies: dict[str, Any]) -> None:
    provider.lies = lies
    browser = visit()
    refused(signed_in(browser), NOT_VERIFIED)
    assert browser.get("/portal/").status_code == 303
    with hub.reading(HUB) as tx:
        [line] = [each for each in audit.newest(tx) if each.kind == "sign_in_failed"]
    assert line.details == {"by": "sign_on", "trouble": "wrong_answer"}


def test_a_token_that_is_not_signed_or_by_another_key_lets_nobody_in(visit: Visit, provider: Provider) -> None:
    provider.algorithm = "none"
    refused(signed_in(visit()), NOT_VERIFIED)
    provider.algorithm = "RS256"
    published = provider.key
    stranger = provider.new_key()
    spelt: Any = {**stranger.as_dict(private=True), "kid": published.kid}
    provider.key = type(published).import_key(spelt)
    # The keys that were published before are still known.
    refused(signed_in(visit()), NOT_VERIFIED)


def test_a_changed_key_is_fetched_once_a_minute_at_most(
    visit: Visit, provider: Provider, real_clock: FixedClock
) -> None:
    assert signed_in(visit()).status_code == 303
    provider.new_key("ES256")
    refused(signed_in(visit()), NOT_VERIFIED)
    real_clock.at += timedelta(minutes=1)
    assert signed_in(visit()).status_code == 303
    assert provider.asked.count("/keys") == 2


def test_another_banks_provider_lets_nobody_into_this_one(
    hub: Hub, visit: Visit, provider: Provider, real_clock: FixedClock
) -> None:
    with running(lambda: real_clock.at) as theirs:
        set_up(hub, theirs, CMB)
        browser = visit()
        # It says who it likes; the account is at another bank.
        refused(signed_in(browser, bank=CMB), NO_ACCOUNT)
        theirs.lies = {"iss": provider.issuer}
        refused(signed_in(browser, bank=CMB), NOT_VERIFIED)
        # Its answer to a sign-in that was begun at the other.
        asked = browser.get(f"/sign-in/bank/{ICBC}").headers["Location"]
        back = urlsplit(led_to(f"{theirs.issuer}/authorize?{urlsplit(asked).query}"))
        refused(browser.get(f"{back.path}?{back.query}"), NOT_VERIFIED)
        assert browser.get("/portal/").status_code == 303


@pytest.mark.parametrize(
    "claims",
    [{"email": "nobody@bank.example"}, {"email": "clerk@other.example"}, {"email": ""}, {"email": "@bank.example"}],
)
def test_who_has_no_account_gets_none(hub: Hub, visit: Visit, provider: Provider, claims: dict[str, str]) -> None:
    provider.claims |= claims
    refused(signed_in(visit()), NO_ACCOUNT)
    with hub.reading(HUB) as tx:
        assert [each.kind for each in audit.newest(tx)].count("staff_added") == 1


def test_who_has_left_is_let_in_no_more(hub: Hub, visit: Visit, provider: Provider) -> None:
    with hub.writing(HUB) as tx:
        staff.remove(tx, EMAIL)
    refused(signed_in(visit()), NO_ACCOUNT)


def test_a_name_without_a_domain_is_one_of_the_banks_only_domain(hub: Hub, visit: Visit, provider: Provider) -> None:
    set_up(hub, provider, sign_on_claim="preferred_username")
    provider.claims["preferred_username"] = "Clerk"
    assert signed_in(visit()).status_code == 303


def test_an_answer_is_taken_once_and_in_the_browser_that_asked_alone(visit: Visit, provider: Provider) -> None:
    browser, thief = visit(), visit()
    asked = browser.get(f"/sign-in/bank/{ICBC}").headers["Location"]
    with browser.web.session_transaction() as kept:
        before = dict(kept)
    back = urlsplit(led_to(asked))
    address = f"{back.path}?{back.query}"
    refused(thief.get(address), "这次登录等得太久，或者已经用过")
    assert browser.get(address).status_code == 303
    with thief.web.session_transaction() as kept:
        kept.update({"sign_on": before["sign_on"]})
    refused(thief.get(address), "这次登录等得太久，或者已经用过")
    assert thief.get("/portal/").status_code == 303


def test_a_code_that_was_used_opens_nothing(visit: Visit, provider: Provider) -> None:
    first = visit()
    back = urlsplit(led_to(first.get(f"/sign-in/bank/{ICBC}").headers["Location"]))
    code = parse_qs(back.query)["code"][0]
    assert first.get(f"{back.path}?{back.query}").status_code == 303
    second = visit()
    state = parse_qs(urlsplit(second.get(f"/sign-in/bank/{ICBC}").headers["Location"]).query)["state"][0]
    refused(second.get(f"{back.path}?code={code}&state={state}"), NOT_VERIFIED)


def test_the_hub_asks_for_its_own_second_factor_unless_the_bank_says_otherwise(
    hub: Hub, visit: Visit, provider: Provider, real_clock: FixedClock
) -> None:
    set_up(hub, provider, sign_on_second_factor="")
    browser = visit()
    assert signed_in(browser).headers["Location"] == "/sign-in/staff/set-up"
    assert browser.get("/portal/").status_code == 303
    device = key_shown(browser.page("/sign-in/staff/set-up"))
    shown = browser.post("/sign-in/staff/set-up", {"code": device.generate(real_clock.at).token})
    assert len(codes_shown(shown)) == 10
    real_clock.at += timedelta(minutes=1)
    again = visit()
    assert signed_in(again).headers["Location"] == "/sign-in/staff/code"
    assert again.post("/sign-in/staff/code", {"code": device.generate(real_clock.at).token}).status_code == 303


@pytest.mark.parametrize(
    ("claims", "is_enough"),
    [
        ({"amr": ["pwd", "mfa"]}, True),
        ({"amr": ["pwd"]}, False),
        ({"amr": "mfa"}, False),
        ({"acr": "urn:bank:two"}, True),
        ({"acr": "urn:bank:one"}, False),
        ({}, False),
    ],
)
def test_a_token_may_say_whether_two_factors_were_used(
    hub: Hub, visit: Visit, provider: Provider, claims: dict[str, Any], is_enough: bool
) -> None:
    set_up(hub, provider, sign_on_second_factor="asserted", sign_on_acr="urn:bank:two")
    provider.claims |= claims
    where = signed_in(visit()).headers["Location"]
    assert where == ("/portal/" if is_enough else "/sign-in/staff/set-up")


def test_whoever_has_nothing_to_prove_it_with_here_proves_it_at_the_bank(
    visit: Visit, provider: Provider, real_clock: FixedClock
) -> None:
    browser = visit()
    signed_in(browser)
    real_clock.at += timedelta(minutes=11)
    asked = browser.post("/portal/security/recovery-codes", {"left": "0"})
    assert asked.status_code == 401
    assert f'href="/sign-in/bank/{ICBC}?again=1&amp;next=' in asked.get_data(as_text=True)
    # A provider that lets somebody through whom it knew an hour ago has not asked anew.
    provider.claims["auth_time"] = int(real_clock.at.timestamp()) - 3600
    refused(signed_in(browser, query="?again=1"), NOT_VERIFIED)
    del provider.claims["auth_time"]
    assert signed_in(browser, query="?again=1&next=/portal/security").headers["Location"] == "/portal/security"
    assert browser.post("/portal/security/recovery-codes", {"left": "0"}).status_code == 200


def test_whoever_turns_back_at_the_bank_is_told_calmly(visit: Visit, provider: Provider) -> None:
    provider.refusal = "access_denied"
    answer = signed_in(visit())
    refused(answer, "没有完成登录")
    assert f'href="/sign-in/bank/{ICBC}"' in answer.get_data(as_text=True)


def test_a_provider_that_is_away_or_says_what_is_not_so_is_told_calmly(
    app: Flask, hub: Hub, visit: Visit, provider: Provider
) -> None:
    provider.status = 503
    refused(visit().get(f"/sign-in/bank/{ICBC}"), "现在连不上本行的统一登录")
    provider.status = 404
    refused(visit().get(f"/sign-in/bank/{ICBC}"), NOT_VERIFIED)
    provider.status = 200
    for lie in ({"issuer": "https://other.example"}, {"token_endpoint": "ftp://x"}, {"jwks_uri": None}):
        provider.metadata_lies = lie
        refused(visit().get(f"/sign-in/bank/{ICBC}"), NOT_VERIFIED)


def test_a_provider_at_a_private_address_is_not_called(hub: Hub, visit: Visit, provider: Provider) -> None:
    for issuer in ("https://10.0.0.1", "https://169.254.169.254", "https://[fd00::1]"):
        with hub.writing(HUB) as tx:
            bank_settings.change(tx, ICBC, {"sign_on_issuer": issuer})
        refused(visit().get(f"/sign-in/bank/{ICBC}"), "现在连不上本行的统一登录")


def test_a_bank_without_a_sign_on_and_one_that_is_not_there_answer_alike(visit: Visit, banks: dict[str, Bank]) -> None:
    answers = [visit().get(f"/sign-in/bank/{code}") for code in (CMB, "99999999", "nothing")]
    for answer in answers:
        refused(answer, "没有开通统一登录")
    assert len({answer.get_data() for answer in answers}) == 1
    assert "还没有银行开通统一登录" in visit().page("/sign-in/bank/")
    assert "/sign-in/bank/" not in visit().page("/sign-in/staff")


def test_operators_come_by_no_banks_sign_on(hub: Hub, visit: Visit, provider: Provider, real_clock: FixedClock) -> None:
    with hub.writing(HUB) as tx:
        staff.add(tx, role=Role.OPERATOR, email="op@bank.example", bank_code=None, at=real_clock.at)
    provider.claims["email"] = "op@bank.example"
    refused(signed_in(visit()), NO_ACCOUNT)


def test_ways_to_a_sign_on_are_counted(visit: Visit, provider: Provider) -> None:
    answers = [visit().get(f"/sign-in/bank/{ICBC}").status_code for _ in range(61)]
    assert answers == [303] * 60 + [429]


def test_ways_back_from_a_sign_on_are_counted_as_each_is_written_down(hub: Hub, visit: Visit) -> None:
    stranger = visit()
    answers = [stranger.get("/sign-in/bank/callback?state=x").status_code for _ in range(61)]
    assert answers == [422] * 60 + [429]
    with hub.reading(HUB) as tx:
        assert len(audit.newest(tx)) == 60


def test_an_account_of_another_way_in_is_the_same_account(
    app: Flask, hub: Hub, visit: Visit, provider: Provider, real_clock: FixedClock
) -> None:
    other = Colleague(app, hub, real_clock, email="other@bank.example")
    provider.claims["email"] = other.email
    browser = visit()
    assert signed_in(browser).status_code == 303
    assert browser.page("/portal/sessions").count('/end"') == 1
    other.page("/portal/")
