"""Somebody at a bank with an account of their own: password, authenticator, recovery codes."""

from __future__ import annotations

import re
from datetime import timedelta

from flask import Flask
from passlib.totp import TOTP
from werkzeug.test import TestResponse

from hub.domain.actor import HUB
from hub.domain.clock import FixedClock
from hub.domain.staff import Role
from hub.services.accounts import staff
from hub.wiring import Hub
from tests.applications import ICBC
from tests.web.pages.visitor import Visitor

PASSWORD = "four words in a row"
_KEY = re.compile(r"[A-Z2-7]{4}(?:-[A-Z2-7]{4}){5,}")


def key_shown(page: str) -> TOTP:
    """The authenticator into which the key of that page was typed."""
    found = _KEY.search(page)
    assert found is not None
    return TOTP(key=found[0])


def codes_shown(answer: TestResponse) -> list[str]:
    """The recovery codes of that page."""
    assert answer.status_code == 200
    return re.findall(r"<code>([0-9a-z-]+)</code>", answer.get_data(as_text=True))


class Colleague(Visitor):
    """One of a bank's people, enrolled and signed in. `clock` is the real one, which stands."""

    def __init__(
        self, app: Flask, hub: Hub, clock: FixedClock, *, role: Role = Role.REVIEWER, email: str = "clerk@bank.example"
    ) -> None:
        super().__init__(app)
        self._app, self.clock, self.email = app, clock, email
        with hub.writing(HUB) as tx:
            _, token = staff.add(tx, role=role, email=email, bank_code=ICBC, at=clock.at)
        self.post(f"/sign-in/enrol/{token}", {"password": PASSWORD, "again": PASSWORD})
        self.device = key_shown(self.page("/sign-in/staff/set-up"))
        self.codes = codes_shown(self.post("/sign-in/staff/set-up", {"code": self.code()}))
        # No code is taken twice.
        clock.at += timedelta(minutes=1)

    def code(self) -> str:
        """What the authenticator shows now."""
        return str(self.device.generate(self.clock.at).token)

    def at_second_step(self, **headers: str) -> Visitor:
        """Another browser, in which the password was right."""
        browser = Visitor(self._app)
        form = {"email": self.email, "password": PASSWORD}
        assert browser.post("/sign-in/staff", form, headers=headers).status_code == 303
        return browser

    def signed_in_again(self, **headers: str) -> Visitor:
        """Another browser, in which the same person has signed in."""
        browser = self.at_second_step(**headers)
        assert browser.post("/sign-in/staff/code", {"code": self.code()}, headers=headers).status_code == 303
        self.clock.at += timedelta(minutes=1)
        return browser
