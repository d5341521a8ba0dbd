"""Somebody with a browser: looks at pages and sends their forms with the token they hold."""

from __future__ import annotations

import re
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from tests.web.pages.reader import shown

_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


class Visitor:
    """One browser with its cookies. `person` signs in at the demo's door."""

    def __init__(self, app: Flask, person: str | None = None) -> None:
        self.web = app.test_client()
        if person is not None:
            answer = self.web.post("/demo/sign-in", data={"person": person})
            assert answer.status_code == 303, answer.get_data(as_text=True)

    def get(self, path: str, **options: Any) -> TestResponse:
        return self.web.get(path, **options)

    def page(self, path: str, status: int = 200) -> str:
        """The text of a page that has to have this status."""
        answer = self.get(path)
        assert answer.status_code == status, (path, answer.status_code, answer.headers.get("Location"))
        return answer.get_data(as_text=True)

    def token(self) -> str:
        """A token that every form of this browser may hold."""
        found = _TOKEN.search(self.page("/sign-in/"))
        assert found is not None
        return found[1]

    def post(self, path: str, form: dict[str, Any] | None = None, **options: Any) -> TestResponse:
        """The answer to the form, its token added."""
        return shown(self.web, self.web.post(path, data={"csrf_token": self.token(), **(form or {})}, **options))
