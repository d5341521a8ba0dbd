"""Where things of a negotiation are, and what moves it on."""

from __future__ import annotations

from collections.abc import Callable

from tests.web.caller import Caller
from tests.web.pages.reader import Page

BankApp = Callable[[str], Caller]


WorkOff = Callable[[], int]


def bank_path(page: Page) -> str:
    """Where the bank's program finds the negotiation of the page."""
    return f"/bank/negotiations/{page.address.split('/')[3].partition('#')[0]}"
