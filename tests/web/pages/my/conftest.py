"""A negotiation that a person follows at the pages."""

from __future__ import annotations

import pytest
from flask import Flask

from hub.wiring import Hub
from tests.applications import ICBC, terms
from tests.conftest import SentMessages
from tests.web.caller import Caller, made
from tests.web.pages.cardholders import filled_in, launched
from tests.web.pages.my.ways import BankApp, WorkOff, bank_path
from tests.web.pages.reader import Page, Reader


@pytest.fixture
def waiting(app: Flask, host_app: Caller, work_off: WorkOff) -> Page:
    """The page of a negotiation that is the bank's turn."""
    done = filled_in(launched(app, host_app), taken=1).press("提交给 1 家银行")
    work_off()
    return done.reader.open(next(each for each in done.links if each.startswith("/my/negotiations/")))


@pytest.fixture
def reader(app: Flask, host_app: Caller) -> Reader:
    """A person whom the host app sent over."""
    return launched(app, host_app)


@pytest.fixture
def sent(reader: Reader, work_off: WorkOff) -> Page:
    """The page of the person's negotiation with ICBC, which the bank has."""
    done = filled_in(reader, taken=1).press("提交给 1 家银行")
    work_off()
    return reader.open(next(each for each in done.links if each.startswith("/my/negotiations/")))


@pytest.fixture
def icbc(bank_app: BankApp) -> Caller:
    """The bank's own program."""
    return bank_app(ICBC)


@pytest.fixture
def offered(sent: Page, icbc: Caller) -> Page:
    """The page of an open offer of the bank."""
    offer = made(icbc.post(f"{bank_path(sent)}/offers", {"terms": terms()}))
    return sent.reader.open(f"{sent.address}/offers/{offer['id']}")


@pytest.fixture
def agreed(sent: Page, icbc: Caller, sms: SentMessages) -> Page:
    """The page of an agreement, signed on 2026-11-21 and not printed; payments are due on the 20th from December on."""
    offer = made(icbc.post(f"{bank_path(sent)}/offers", {"terms": terms()}))["id"]
    before = sent.reader.open(f"{sent.address}/offers/{offer}/accept").press("发送确认码")
    before.press("同意并签署", {"agreed": ["1"], "confirmation_code": sms.sent[-1][1][:6]})
    return sent.reader.open(f"{sent.address}/agreement")


@pytest.fixture
def printed(hub: Hub) -> list[str]:
    """What is given to the printer from now on."""
    asked: list[str] = []
    print_pdf = hub.print_pdf

    def watched(html: str) -> bytes:
        asked.append(html)
        return print_pdf(html)

    hub.print_pdf = watched
    return asked
