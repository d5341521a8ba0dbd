"""An operator's browser: opens pages below /ops/ and posts forms as they stand there, hidden fields and all."""

from __future__ import annotations

from html import unescape
from html.parser import HTMLParser
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from tests.web.pages.visitor import Visitor


class _Forms(HTMLParser):
    """The hidden fields of every form of a page, by the form's action."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.found.append((given.get("action", ""), {}))
        elif tag == "input" and given.get("type") == "hidden" and self.found:
            self.found[-1][1][given["name"]] = given.get("value", "")


class Operator(Visitor):
    """A browser in which the demo operator is signed in."""

    def __init__(self, app: Flask) -> None:
        super().__init__(app, "operator")

    def read(self, path: str) -> str:
        """The page's HTML, character references resolved."""
        return unescape(self.page(path))

    def form(self, path: str, action: str) -> dict[str, str]:
        """The hidden fields of the page's first form with that action."""
        return forms_of(self.get(path))[action][0]

    def send(self, action: str, fields: dict[str, Any]) -> TestResponse:
        """The answer to the form, as it is."""
        return self.web.post(action, data=fields)


def forms_of(answer: TestResponse) -> dict[str, list[dict[str, str]]]:
    """The hidden fields of every form of an answer, by action."""
    parser = _Forms()
    parser.feed(answer.get_data(as_text=True))
    forms: dict[str, list[dict[str, str]]] = {}
    for action, fields in parser.found:
        forms.setdefault(action, []).append(fields)
    return forms
