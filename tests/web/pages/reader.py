"""A browser without scripts: it reads pages as text and forms as a person sees them, fills them in and sends them."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse


@dataclass
class Form:
    """A form as it stands on a page: where it goes, what it would send, and its buttons by their words."""

    action: str
    method: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    boxes: list[tuple[str, str, str]] = field(default_factory=list)
    buttons: dict[str, tuple[str, str] | None] = field(default_factory=dict)
    # Where those buttons lead that do not lead where their form does.
    elsewhere: dict[str, str] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)


_WITHOUT_END = frozenset({"input", "br", "hr", "img", "meta", "link"})


class _Forms(HTMLParser):
    def __init__(self, address: str) -> None:
        super().__init__()
        self.address = address
        self.forms: list[Form] = []
        self.ids: set[str] = set()
        self.links: list[str] = []
        self.words: list[str] = []
        # How deep in an element that is hidden as long as no script shows it.
        self._hidden = 0
        self._form: Form | None = None
        self._button: dict[str, str | None] | None = None
        self._button_words = ""
        self._select: str | None = None
        self._options: list[tuple[str, bool]] = []
        self._area: str | None = None
        self._area_words = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if (self._hidden or "hidden" in given) and tag not in _WITHOUT_END:
            self._hidden += 1
        if given.get("id"):
            assert given["id"] not in self.ids, f"the id {given['id']} stands on the page twice"
            self.ids.add(str(given["id"]))
        if tag == "a" and given.get("href"):
            self.links.append(str(given["href"]))
        if tag == "form":
            self._form = Form(action=given.get("action") or self.address, method=given.get("method") or "get")
            self.forms.append(self._form)
        elif self._form is not None:
            self._begin_control(self._form, tag, given)

    def _begin_control(self, form: Form, tag: str, given: dict[str, str | None]) -> None:
        name, value = given.get("name"), given.get("value") or ""
        if tag == "input" and name:
            self._input(form, name, value, given)
        elif tag == "select" and name:
            self._select, self._options = name, []
        elif tag == "option" and self._select is not None:
            self._options.append((value, "selected" in given))
        elif tag == "textarea" and name:
            self._area, self._area_words = name, ""
        elif tag == "button":
            self._button, self._button_words = given, ""

    @staticmethod
    def _input(form: Form, name: str, value: str, given: dict[str, str | None]) -> None:
        kind = given.get("type") or "text"
        if kind == "file":
            form.files.append(name)
        elif kind in {"checkbox", "radio"}:
            form.boxes.append((kind, name, value))
        if kind != "file" and (kind not in {"checkbox", "radio"} or "checked" in given):
            form.fields.append((name, value))

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.words.append(data)
        if self._area is not None:
            self._area_words += data
        if self._button is not None:
            self._button_words += data

    def handle_endtag(self, tag: str) -> None:
        if self._hidden:
            self._hidden -= 1
        form = self._form
        if form is None:
            return
        if tag == "select" and self._select is not None:
            chosen = [value for value, is_chosen in self._options if is_chosen] or [self._options[0][0]]
            form.fields.append((self._select, chosen[0]))
            self._select = None
        elif tag == "textarea" and self._area is not None:
            form.fields.append((self._area, self._area_words.removeprefix("\n")))
            self._area = None
        elif tag == "button" and self._button is not None:
            name = self._button.get("name")
            form.buttons[self._button_words.strip()] = (name, self._button.get("value") or "") if name else None
            if self._button.get("formaction"):
                form.elsewhere[self._button_words.strip()] = str(self._button["formaction"])
            self._button = None
        elif tag == "form":
            self._form = None


class Page:
    """An answer as its reader sees it."""

    def __init__(self, reader: Reader, answer: TestResponse, address: str) -> None:
        self.reader = reader
        self.answer = answer
        # The page that answers a form stands at the form's own address; the token of the answer is not looked at.
        self.full_address = address
        self.address = re.sub(r"[?&]answer=[^&#]*", "", address)
        self.status = answer.status_code
        self.html = answer.get_data(as_text=True)
        parsed = _Forms(address)
        # A part of a sentence that no line ends within is no word of its own.
        parsed.feed(re.sub(r'<span class="whole">([^<]*)</span>', r"\1", self.html))
        self.forms, self.ids, self.links = parsed.forms, parsed.ids, parsed.links
        self.text = re.sub(r"\s+", " ", " ".join(parsed.words))

    @property
    def without_token(self) -> str:
        """The page but for the token of its forms, which is never the same."""
        return re.sub(r'(name="csrf_token" value=")[^"]*', r"\1", self.html)

    def form(self, button: str) -> Form:
        """The form that has a button of these words."""
        [found] = [each for each in self.forms if button in each.buttons]
        return found

    def press(self, button: str, values: dict[str, Any] | None = None, *, files: dict[str, Any] | None = None) -> Page:
        """The page behind the button, the form filled with `values`; a tick or choice is a list of its values."""
        return self.reader.send(*self.sent(button, values, files=files))

    def sent(
        self, button: str, values: dict[str, Any] | None = None, *, files: dict[str, Any] | None = None
    ) -> tuple[str, MultiDict[str, Any]]:
        """(address, data) that the button would send."""
        form = self.form(button)
        data: MultiDict[str, Any] = MultiDict(form.fields)
        known = {name for name, _ in form.fields} | {name for _, name, _ in form.boxes}
        for name, value in (values or {}).items():
            assert name in known, f"no field {name} in {sorted(known)}"
            data.setlist(name, [value] if isinstance(value, str) else list(value))
        pressed = form.buttons[button]
        if pressed is not None:
            data.add(*pressed)
        for name in form.files:
            given = (files or {}).get(name)
            for file_name, content in given if isinstance(given, list) else [given or ("", b"")]:
                data.add(name, (io.BytesIO(content), file_name))
        return form.elsewhere.get(button, form.action), data


def shown(web: FlaskClient, answer: TestResponse) -> TestResponse:
    """The page that answers a form, where `answer` leads to one; any other answer as it is."""
    leads = answer.headers.get("Location", "")
    return web.get(leads, buffered=True) if "answer=" in leads else answer


class Reader:
    """One person's browser."""

    def __init__(self, web: FlaskClient) -> None:
        self.web = web
        # Where the person stood right after they came in.
        self.entered = ""

    def open(self, address: str) -> Page:
        """The page at the address, whatever it leads to."""
        return self._follow(self.web.get(address, buffered=True), address)

    def send(self, address: str, data: MultiDict[str, Any]) -> Page:
        """What a posted form leads to."""
        kind = "multipart/form-data" if any(isinstance(value, tuple) for _, value in data.items(multi=True)) else None
        return self._follow(self.web.post(address, data=data, content_type=kind, buffered=True), address)

    def _follow(self, answer: TestResponse, address: str) -> Page:
        for _ in range(5):
            if answer.status_code != 303:
                break
            address = answer.headers["Location"]
            answer = self.web.get(address, buffered=True)
        return Page(self, answer, address)
