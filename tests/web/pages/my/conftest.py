"""A negotiation that a person follows at the pages."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.applications import ICBC, terms
from tests.web.caller import Caller, made
from tests.web.pages.cardholders import filled_in, launched
from tests.web.pages.my.ways import BankApp, WorkOff, bank_path
from tests.web.pages.reader import Page, Reader


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
