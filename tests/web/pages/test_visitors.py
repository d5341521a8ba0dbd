"""Who may look at a page: roles, safe addresses, sessions of two kinds beside each other, and forms of other sites."""

import pytest
from flask import Flask

from hub.domain.bank import Bank
from hub.settings import Settings
from hub.web.pages.visitors import for_bank, safe_next
from hub.wiring import Hub
from tests.applications import ICBC
from tests.web.pages.conftest import Visit


@pytest.mark.parametrize(
    ("page", "door"),
    [
        ("/my/", "/sign-in/?next=/my/"),
        ("/apply/steps", "/sign-in/?next=/apply/steps"),
        ("/portal/", "/sign-in/staff?next=/portal/"),
        ("/ops/", "/sign-in/staff?next=/ops/"),
        ("/portal/?status=offered", "/sign-in/staff?next=/portal/%3Fstatus%3Doffered"),
    ],
)
def test_a_stranger_is_led_to_the_sign_in_and_back(visit: Visit, page: str, door: str) -> None:
    answer = visit().get(page)
    assert answer.status_code == 303
    assert answer.headers["Location"] == door


@pytest.mark.parametrize("person", [f"{role}-{ICBC}" for role in ("reviewer", "supervisor", "auditor", "bank-admin")])
def test_people_at_a_bank_see_the_portal_and_not_the_operators_pages(
    visit: Visit, banks: dict[str, Bank], person: str
) -> None:
    browser = visit(person)
    browser.page("/portal/")
    browser.page("/ops/", 403)
    assert browser.get("/my/").status_code == 303


def test_an_operator_sees_no_bank(visit: Visit, banks: dict[str, Bank]) -> None:
    browser = visit("operator")
    browser.page("/ops/")
    browser.page("/portal/", 403)


def test_one_browser_can_hold_a_person_and_a_clerk(visit: Visit, banks: dict[str, Bank]) -> None:
    browser = visit("cardholder-1")
    browser.web.post("/demo/sign-in", data={"person": f"reviewer-{ICBC}"})
    browser.page("/my/")
    browser.page("/portal/")


def test_a_form_of_another_site_is_refused(visit: Visit) -> None:
    browser = visit("cardholder-1")
    assert browser.web.post("/sign-in/out").status_code == 400
    assert browser.web.post("/sign-in/out", data={"csrf_token": visit().token()}).status_code == 400
    browser.page("/my/")


def test_a_cookie_that_was_changed_opens_nothing(visit: Visit) -> None:
    browser = visit("cardholder-1")
    kept = browser.web.get_cookie("hub_session")
    assert kept is not None
    # Not at its end, where some signs say the same.
    start, changed, end = kept.value[:-6], kept.value[-6], kept.value[-5:]
    browser.web.set_cookie("hub_session", start + ("B" if changed == "A" else "A") + end)
    assert browser.get("/my/").status_code == 303


@pytest.mark.parametrize(
    ("asked", "taken"),
    [
        ("/my/", "/my/"),
        ("/portal/?status=offered&due=today", "/portal/?status=offered&due=today"),
        (None, ""),
        ("", ""),
        ("my/", ""),
        ("//evil.example", ""),
        ("/\\evil.example", ""),
        ("https://evil.example/my/", ""),
        ("/my/\n", ""),
    ],
)
def test_only_a_path_of_the_hub_is_gone_to(asked: str | None, taken: str) -> None:
    assert safe_next(asked) == taken


def test_a_role_that_no_bank_has_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="operater"):
        for_bank("operater")


def test_the_bare_address_leads_on(visit: Visit) -> None:
    assert visit().get("/").headers["Location"] == "/demo/"


def test_cookies_are_plain_here_and_host_bound_in_production(
    app: Flask, hub: Hub, settings: Settings, visit: Visit
) -> None:
    assert visit("cardholder-1").web.get_cookie("hub_session") is not None
    assert app.config["SESSION_COOKIE_SECURE"] is False
    assert app.config["SESSION_COOKIE_HTTPONLY"] is True
    assert app.config["SESSION_COOKIE_SAMESITE"] == "Lax"


def test_whoever_signs_out_leaves_nothing_in_the_browser(visit: Visit, banks: dict[str, Bank]) -> None:
    browser = visit("cardholder-1")
    answer = browser.web.post("/sign-in/out", data={"csrf_token": browser.token()})
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert "Clear-Site-Data" not in browser.get("/sign-in/").headers
