"""What is done once however often its form is posted."""

import threading

import pytest
from flask import Flask
from flask.typing import ResponseReturnValue

from hub.services.transaction import HubTransaction
from hub.web.pages.once import do_once
from hub.web.pages.visitors import current_cardholder, for_cardholders
from tests.web.pages.conftest import Visit


@pytest.fixture
def database(sqlite_database: str) -> str:
    """One kind is enough: what a page keeps is nothing to its rows."""
    return sqlite_database


@pytest.fixture
def made(app: Flask) -> list[str]:
    """What the page `/my/made` has made."""
    things: list[str] = []

    def make() -> ResponseReturnValue:
        def deed(tx: HubTransaction) -> str:
            things.append(str(tx.actor))
            return f"/my/made/{len(things)}"

        return do_once(current_cardholder(), deed)

    app.add_url_rule("/my/made", "made", for_cardholders(make), methods=["POST"])
    return things


def test_a_form_that_is_posted_twice_makes_one_thing(visit: Visit, made: list[str]) -> None:
    browser = visit("cardholder-1")
    form = {"once": "a-key-of-a-form-shown", "text": "x"}
    answers = [browser.post("/my/made", form) for _ in range(3)]
    assert {answer.headers["Location"] for answer in answers} == {"/my/made/1"}
    assert len(made) == 1


def test_a_form_that_was_changed_after_going_back_is_another_thing(visit: Visit, made: list[str]) -> None:
    browser = visit("cardholder-1")
    for text in ("x", "y"):
        browser.post("/my/made", {"once": "a-key-of-a-form-shown", "text": text})
    browser.post("/my/made", {"once": "a-key-of-another-form", "text": "x"})
    visit("cardholder-2").post("/my/made", {"once": "a-key-of-a-form-shown", "text": "x"})
    assert len(made) == 4


def test_two_taps_at_once_lead_to_the_same_page(app: Flask, visit: Visit, made: list[str]) -> None:
    browser = visit("cardholder-1")
    cookie = browser.web.get_cookie("hub_session")
    assert cookie is not None
    form = {"csrf_token": browser.token(), "once": "a-key-of-a-form-shown"}
    cookie = browser.web.get_cookie("hub_session")
    assert cookie is not None
    places: list[str | None] = []

    def tap() -> None:
        web = app.test_client()
        web.set_cookie("hub_session", cookie.value)
        places.append(web.post("/my/made", data=form).headers.get("Location"))

    threads = [threading.Thread(target=tap) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert places == ["/my/made/1"] * 6
    assert len(made) == 1
