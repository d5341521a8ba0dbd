"""Who an applicant is, through the API and the pages: what the bank sees, says, and is kept from until it said it."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask

from hub.settings import Settings
from hub.wiring import Hub
from tests.applications import ICBC, card, person, terms
from tests.conftest import SentMessages
from tests.web.caller import Caller, made
from tests.web.pages.cardholders import fill_month, fill_reason, fill_rest, texted
from tests.web.pages.reader import Page

# The person owes principal alone, so nothing else can be waived.
TERMS = terms(waived={})
WORDS = "手机号与预留的不一致，请带证件到网点。"


def filled_in_by_text_message(app: Flask, sms: SentMessages) -> Page:
    reader = texted(app, sms, "13800138001")
    cards = reader.open("/apply/cards").press(
        "保存并继续",
        {"accounts.0.bank_code": ICBC, "accounts.0.card_number": card(ICBC), "accounts.0.principal_fen": "18500"},
    )
    who = person(41)
    return fill_rest(
        fill_month(fill_reason(cards)),
        **{
            "applicant.name": who["name"],
            "applicant.id_type": who["id_type"],
            "applicant.id_number": who["id_number"],
        },
    )


@pytest.fixture
def by_mobile(app: Flask, sms: SentMessages, icbc: Caller, host_app: Caller, work_off: Callable[[], int]) -> str:
    """The path of a negotiation whose person has shown a mobile alone; the bank has it."""
    assert filled_in_by_text_message(app, sms).press("提交给 1 家银行").status == 200
    work_off()
    [there] = made(icbc.get("/bank/negotiations"), 200)["items"]
    return f"/bank/negotiations/{there['id']}"


def test_a_host_app_vouches_for_its_people(host_app: Caller, delivered: str) -> None:
    assert made(host_app.get(delivered), 200)["identity"] == {"level": "host", "confirmed_by_bank": None}


def test_who_came_by_text_message_waits_for_the_banks_word(icbc: Caller, by_mobile: str) -> None:
    packet = made(icbc.get(by_mobile), 200)
    assert packet["identity"] == {"level": "mobile", "confirmed_by_bank": None}
    refused = icbc.post(f"{by_mobile}/offers", {"terms": TERMS})
    assert (refused.status_code, refused.get_json()["code"]) == (409, "identity_unconfirmed")
    assert made(icbc.get(by_mobile), 200)["offers"] == []
    told = made(icbc.post(f"{by_mobile}/identity", {"matches": True, "text": ""}), 200)
    assert told["identity"] == {"level": "mobile", "confirmed_by_bank": True}
    made(icbc.post(f"{by_mobile}/offers", {"terms": TERMS}))


def test_somebody_else_ends_it_with_words(icbc: Caller, by_mobile: str) -> None:
    empty = icbc.post(f"{by_mobile}/identity", {"matches": False})
    assert [(each["pointer"], each["code"]) for each in empty.get_json()["errors"]] == [("/text", "text_required")]
    assert made(icbc.get(by_mobile), 200)["status"] == "awaiting_bank"
    ended = made(icbc.post(f"{by_mobile}/identity", {"matches": False, "text": WORDS}), 200)
    assert (ended["status"], ended["identity"]["confirmed_by_bank"]) == ("rejected", False)
    assert ended["rejection"] == {"reason_code": "not_our_customer", "text": WORDS}


@pytest.mark.parametrize("body", [{}, {"matches": "yes", "text": ""}, {"matches": None}])
def test_a_word_that_is_no_yes_or_no_changes_nothing(icbc: Caller, by_mobile: str, body: dict[str, object]) -> None:
    refused = icbc.post(f"{by_mobile}/identity", body)
    assert (refused.status_code, refused.get_json()["errors"][0]["pointer"]) == (422, "/matches")
    assert made(icbc.get(by_mobile), 200)["identity"]["confirmed_by_bank"] is None


def test_another_banks_word_is_unknown(bank_app: Callable[[str], Caller], by_mobile: str) -> None:
    assert bank_app("03080000").post(f"{by_mobile}/identity", {"matches": True}).status_code == 404


@pytest.fixture
def settings(settings: Settings, request: pytest.FixtureRequest) -> Settings:
    """With a simulated checker where a test asks for it."""
    return replace(settings, identity_url="simulated://") if "checked" in request.node.name else settings


def test_who_is_checked_is_verified(hub: Hub, icbc: Caller, by_mobile: str) -> None:
    assert made(icbc.get(by_mobile), 200)["identity"] == {"level": "verified", "confirmed_by_bank": None}
    made(icbc.post(f"{by_mobile}/offers", {"terms": TERMS}))
