"""A page is one transaction: everything it shows is of one moment, and its view opens it itself.

Counted is every transaction that is opened while a request is answered, in order, by what it is for and who acts in it.
The first of a request finds out who is signed in: it belongs to the visit, not to the page. Pages are opened once
before they are counted, so that a look at a negotiation is on record already and writes nothing the second time.
Tries that are limited count in transactions of their own, which an error does not take back; they are not of a page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
from flask import Flask

from hub.domain.actor import Actor, Party
from hub.services.transaction import HubTransaction
from hub.wiring import Hub
from tests.applications import ICBC, pdf, person, terms
from tests.conftest import SentMessages
from tests.web.caller import Caller, made
from tests.web.pages.cardholders import filled_in, launched
from tests.web.pages.reader import Page, Reader

WHO_IT_IS = "reads as hub"
LOOK = "reads as cardholder"
DEED = "writes as cardholder"
Opened = list[str]

APPLY = (
    "/apply/",
    "/apply/steps",
    "/apply/cards",
    "/apply/reason",
    "/apply/income",
    "/apply/spending",
    "/apply/left",
    "/apply/evidence",
    "/apply/plan",
    "/apply/contact",
    "/apply/consents",
    "/apply/check",
)
BELOW_A_NEGOTIATION = ("", "/message", "/call", "/collection-report", "/withdraw", "/correct", "/counter")


@pytest.fixture
def opened(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> Opened:
    """The transactions that were opened since this list was cleared."""
    found: Opened = []

    def counting(
        what: str, opening: Callable[[Actor], AbstractContextManager[HubTransaction]]
    ) -> Callable[[Actor], AbstractContextManager[HubTransaction]]:
        @contextmanager
        def counted(actor: Actor) -> Iterator[HubTransaction]:
            found.append(f"{what} as {'hub' if actor.party == Party.HUB else actor.party}")
            with opening(actor) as tx:
                yield tx

        return counted

    monkeypatch.setattr(hub, "reading", counting("reads", hub.reading))
    monkeypatch.setattr(hub, "writing", counting("writes", hub.writing))
    return found


def opened_by(reader: Reader, path: str, opened: Opened) -> Opened:
    """What a page opens that was opened before."""
    reader.open(path)
    opened.clear()
    page = reader.open(path)
    assert (page.status, page.address.partition("#")[0]) == (200, path)
    return list(opened)


@pytest.fixture
def reader(app: Flask, host_app: Caller) -> Reader:
    """A person whom the host app sent over, with a whole application filled in."""
    found = launched(app, host_app)
    filled_in(found, taken=1)
    return found


@pytest.fixture
def offered(reader: Reader, work_off: Callable[[], int], bank_app: Callable[[str], Caller]) -> Page:
    """The page of an open offer of the bank."""
    done = reader.open("/apply/check").press("提交给 1 家银行")
    work_off()
    here = next(each for each in done.links if each.startswith("/my/negotiations/"))
    path = f"/bank/negotiations/{here.split('/')[3]}/offers"
    offer = made(bank_app(ICBC).post(path, {"terms": terms()}))
    return reader.open(f"{here}/offers/{offer['id']}")


def test_a_page_of_the_application_is_one_transaction(reader: Reader, opened: Opened) -> None:
    for path in APPLY:
        assert opened_by(reader, path, opened) == [WHO_IT_IS, LOOK], path


def test_a_page_of_a_negotiation_is_one_transaction(offered: Page, opened: Opened) -> None:
    here = offered.address.partition("/offers/")[0]
    paths = [*(f"{here}{below}" for below in BELOW_A_NEGOTIATION), offered.address]
    paths += [f"{offered.address}/accept", f"{offered.address}/decline"]
    for path in ("/my/", "/my/sessions", *paths):
        assert opened_by(offered.reader, path, opened) == [WHO_IT_IS, LOOK], path


def test_the_page_of_what_was_sent_and_that_of_the_agreement_are_one_transaction(
    reader: Reader, offered: Page, sms: SentMessages, opened: Opened
) -> None:
    before = reader.open(f"{offered.address}/accept").press("发送确认码")
    agreed = before.press("同意并签署", {"agreed": ["1"], "confirmation_code": sms.sent[-1][1][:6]})
    assert opened_by(reader, agreed.address, opened) == [WHO_IT_IS, LOOK]


def test_a_step_that_is_refused_looks_once_and_one_that_is_kept_writes_once_behind_it(
    reader: Reader, opened: Opened
) -> None:
    page = reader.open("/apply/plan")
    opened.clear()
    refused = page.press("保存并继续", {"option": ["own"], "proposal.instalments": "99"})
    assert (refused.status, opened) == (422, [WHO_IT_IS, LOOK])
    step = reader.open("/apply/reason")
    opened.clear()
    step.press("保存并继续")
    assert opened[:3] == [WHO_IT_IS, LOOK, DEED]
    # The page that the browser asks for next is a request of its own.
    assert opened[3:] == [WHO_IT_IS, LOOK]


def test_a_file_its_kind_and_the_step_are_written_together(reader: Reader, opened: Opened) -> None:
    page = reader.open("/apply/evidence")
    opened.clear()
    page.press("保存并继续", {"kind": "other"}, files={"file": ("账单.pdf", pdf("账单"))})
    assert opened == [WHO_IT_IS, DEED, WHO_IT_IS, LOOK]


def test_an_answer_to_the_bank_looks_once_and_writes_once(offered: Page, opened: Opened) -> None:
    page = offered.reader.open(f"{offered.address}/decline")
    opened.clear()
    page.press("告诉银行")
    assert opened[:3] == [WHO_IT_IS, LOOK, DEED]


def test_a_page_for_strangers_opens_nothing(app: Flask, opened: Opened) -> None:
    for path in ("/sign-in/", "/sign-in/staff", "/sign-in/gone"):
        Reader(app.test_client()).open(path)
        assert opened == [], path


def test_a_launch_is_one_deed_and_one_look_at_where_to_go(
    app: Flask, host_app: Caller, banks: object, opened: Opened
) -> None:
    whom = {name: value for name, value in person().items() if name != "email"}
    url = made(host_app.post("/launches", {**whom, "cards": []}))["url"]
    opened.clear()
    answer = app.test_client().get("/launch?" + url.partition("?")[2])
    assert (answer.status_code, answer.headers["Location"]) == (303, "/apply/")
    assert opened == ["writes as hub", WHO_IT_IS, "reads as hub"]
