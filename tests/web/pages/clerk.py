"""Somebody at a bank with a browser: fills in forms as they stand there, and presses one of their buttons."""

from __future__ import annotations

from html import unescape
from html.parser import HTMLParser
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from hub.wiring import Hub
from storage import access_log, staff
from tests.services.case import Case
from tests.web.pages.visitor import Visitor

Fields = dict[str, Any]


class _Forms(HTMLParser):
    """Every form of a page with what a browser would send of it, but for its buttons."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, Fields]] = []
        self._text_of: str | None = None
        self._select: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.found.append((given.get("action", ""), {}))
        if not self.found:
            return
        fields = self.found[-1][1]
        if tag == "input" and given.get("type") in {"checkbox", "radio"}:
            if "checked" in given:
                fields.setdefault(given["name"], []).append(given.get("value", "on"))
        elif tag == "input" and given.get("type") != "file":
            fields.setdefault(given["name"], []).append(given.get("value", ""))
        elif tag == "textarea":
            self._text_of = given["name"]
            fields[self._text_of] = [""]
        elif tag == "select":
            self._select = given["name"]
        elif tag == "option" and self._select and "selected" in given:
            fields[self._select] = [given.get("value", "")]

    def handle_data(self, data: str) -> None:
        if self._text_of is not None:
            # A browser leaves out the line break right behind the tag.
            self.found[-1][1][self._text_of][0] += data.removeprefix("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._text_of = None


def forms_of(answer: TestResponse) -> dict[str, Fields]:
    """What every form of the page would send, by the end of its address."""
    parser = _Forms()
    parser.feed(answer.get_data(as_text=True))
    return {action.rpartition("/")[2]: fields for action, fields in parser.found}


class Clerk(Visitor):
    """One browser, signed in as `role` of a bank, at one case."""

    def __init__(self, app: Flask, role: str, case: Case) -> None:
        super().__init__(app, f"{role}-{case.bank_code}")
        self.case = case
        self.address = f"/portal/negotiations/{case.id}"
        self.email = f"{role}-{case.bank_code}@demo.example"
        # What colleagues read.
        self.name = {"reviewer": "周敏", "supervisor": "韩磊", "auditor": "谢岚", "bank-admin": "郭静"}[role]

    def read(self, path: str = "", status: int = 200) -> str:
        """The page below the case, character references resolved."""
        return unescape(self.page(f"{self.address}{path}", status))

    def form(self, path: str, name: str | None = None) -> Fields:
        """What the form at that page would send; `name` is the end of its address where it is not the page's."""
        answer = self.get(f"{self.address}{path}")
        assert answer.status_code == 200, answer.get_data(as_text=True)
        return forms_of(answer)[name or path.partition("?")[0].rpartition("/")[2]]

    def send(self, path: str, fields: Fields, *, step: str = "send", **options: Any) -> TestResponse:
        """The answer to the form, one of its buttons pressed."""
        return self.web.post(f"{self.address}{path}", data={**fields, "step": step}, **options)

    def done(self, path: str, fields: Fields, **options: Any) -> str:
        """What the address of the case says to have been done."""
        answer = self.send(path, fields, **options)
        assert answer.status_code == 303, unescape(answer.get_data(as_text=True))
        where, _, done = (answer.location or "").partition("?done=")
        assert where == self.address
        return done

    def refused(self, path: str, fields: Fields, status: int = 422, **options: Any) -> tuple[str, Fields]:
        """The page that comes back instead, and the form on it."""
        answer = self.send(path, fields, **options)
        assert answer.status_code == status, unescape(answer.get_data(as_text=True))
        return unescape(answer.get_data(as_text=True)), forms_of(answer)[path.rpartition("/")[2]]


def readings(hub: Hub, case: Case) -> list[tuple[str, str]]:
    """(address of the reader, what was read) of everything in the access log of the case."""
    with case.row() as (tx, _):
        found = access_log.list_readings(tx, case.id)
        return [(staff.email_of(tx, staff.get(tx, each.actor.rpartition("/")[2])), each.what) for each in found]
