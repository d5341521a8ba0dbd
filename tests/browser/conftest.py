"""The real application behind a real server, and Chromium in front of it, with JavaScript or without.

On SQLite alone: what is looked at here are pages, and pages are tested on both databases elsewhere.
"""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright
from waitress import wasyncore
from waitress.server import BaseWSGIServer, create_server

from hub.demo import people as demo_people
from hub.domain.actor import HUB
from hub.domain.bank import Bank
from hub.domain.clock import FixedClock
from hub.settings import Settings
from hub.wiring import Hub
from storage.records import NegotiationRecord
from tests.applications import ICBC, person
from tests.conftest import Submit
from tests.services.case import Case
from tests.storage.postgres_server import free_port

CHROMIUM = shutil.which("chromium")
BROWSER_ARGS = ["--no-sandbox"]
_HERE = "127.0.0.1"
# A phone of the smallest kind that is still in use, and a clerk's screen.
PHONE = {"width": 320, "height": 640}
SCREEN = {"width": 1440, "height": 900}
# How long a machine that is busy with other tests may take to show what a test waits for.
PATIENCE_MS = 60_000
expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture
def database(sqlite_database: str) -> str:
    """The address of an empty database, up to date."""
    return sqlite_database


@pytest.fixture
def settings(tmp_path: Path, database: str) -> Settings:
    """Settings of the embedded default, whose links lead to the live server."""
    return Settings(
        home=tmp_path,
        database_url=database,
        evidence_url=f"file://{tmp_path / 'evidence'}",
        secret_keys="a-secret-of-the-browser-tests-that-is-long-enough",
        public_url=f"http://{_HERE}:{free_port()}",
        help_phone="400-000-0000",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveHub:
    """A hub that answers on the loopback; `drain` works every waiting job off and says how many there were."""

    url: str
    hub: Hub
    drain: Callable[[], int]


@pytest.fixture
def live(app: Flask, hub: Hub, work_off: Callable[[], int]) -> Iterator[LiveHub]:
    """The application behind waitress, in a thread; jobs are done when the test drains them."""
    host, _, port = hub.settings.public_url.removeprefix("http://").partition(":")
    sockets: dict[int, Any] = {}
    server = create_server(app, sockets, host=host, port=int(port), threads=4, ident=None)
    assert isinstance(server, BaseWSGIServer)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield LiveHub(url=hub.settings.public_url, hub=hub, drain=work_off)
    finally:
        # In the thread of its loop: a socket that is closed while the loop waits for it ends that thread with an error.
        server.trigger.pull_trigger(lambda: wasyncore.close_all(sockets))  # type: ignore[attr-defined]  # no number
        thread.join(timeout=5)
        server.task_dispatcher.shutdown(cancel_pending=True, timeout=5)


# Playwright keeps an event loop running in this thread, which must be gone when other folders' tests come.
@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium."""
    if CHROMIUM is None:
        pytest.fail("chromium is not installed: run `make setup` for the tests")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=BROWSER_ARGS, timeout=PATIENCE_MS)
        yield browser
        browser.close()


@pytest.fixture(autouse=True)
def a_click_ends_with_the_page_it_leads_to(monkeypatch: pytest.MonkeyPatch) -> None:
    """Playwright waits until the next page begins to come, when nothing of it can be read yet."""
    click = Locator.click

    def and_wait(clicked: Locator, **how: Any) -> None:
        click(clicked, **how)
        clicked.page.wait_for_load_state()

    monkeypatch.setattr(Locator, "click", and_wait)


BrowserPage = Callable[..., Page]


@pytest.fixture
def browser_page(chromium: Browser, live: LiveHub) -> Iterator[BrowserPage]:
    """A way to have a browser of one's own: `browser_page(javascript=False, size=PHONE, person="cardholder-1")`.

    A request to any other host, an error in a script and a breach of the policy fail the test at its end.
    """
    contexts: list[Any] = []
    complaints: list[str] = []

    def open_page(*, javascript: bool = False, size: dict[str, int] | None = None, person: str | None = None) -> Page:
        context = chromium.new_context(
            java_script_enabled=javascript,
            viewport=size or PHONE,  # type: ignore[arg-type]  # a plain mapping of the same form
            base_url=live.url,
            locale="zh-CN",
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.on("request", lambda request: _note_stranger(request.url, live.url, complaints))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda message: _note_breach(message.text, complaints))
        if person is not None:
            page.goto("/demo/")
            page.locator(f'button[value="{person}"]').click()
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not complaints


def _note_stranger(address: str, ours: str, complaints: list[str]) -> None:
    if not address.startswith((ours, "data:", "blob:")):
        complaints.append(f"asked {address}")


def _note_breach(text: str, complaints: list[str]) -> None:
    if "Content Security Policy" in text:
        complaints.append(text)


OpenCases = Callable[..., list[Case]]


@pytest.fixture
def open_cases(
    hub: Hub, banks: dict[str, Bank], clock: FixedClock, submitted: Submit, work_off: Callable[[], int]
) -> OpenCases:
    """A way to have negotiations of the first person of the demo in queues of banks: `open_cases(ICBC, CMB)`."""

    def opened(*codes: str) -> list[Case]:
        somebody = demo_people.CARDHOLDERS["cardholder-1"]
        who = person(name=somebody.name, id_number=somebody.id_number, mobile=somebody.mobile, subject=somebody.subject)
        sent = submitted(*codes, applicant=who)
        made = [Case(hub=hub, clock=clock, work_off=work_off, sent=sent, bank_code=code) for code in codes]
        work_off()
        with hub.writing(HUB) as tx:
            sent_over_by = demo_people.cardholder(tx, "cardholder-1")["client_id"]
            tx.session.execute(sa.update(NegotiationRecord).values(launch_client_id=sent_over_by))
        return made

    return opened


@pytest.fixture
def case(open_cases: OpenCases) -> Case:
    """One in the queue of ICBC."""
    return open_cases(ICBC)[0]


def assert_accessible(page: Page, *, only: str | None = None) -> None:
    """Nothing that axe knows of stands in anybody's way; the page needs JavaScript switched on for the check.

    `only` names the one rule that is looked at, such as `target-size`, which axe leaves out unless it is asked for.
    """
    found = Axe().run(page, options=None if only is None else {"runOnly": [only]})
    violations = [f"{each['id']}: {node['target']}" for each in found.response["violations"] for node in each["nodes"]]
    assert not violations, violations


def assert_fits(page: Page) -> None:
    """Nothing is wider than the window."""
    wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wider <= 0, f"{page.url} is {wider} px too wide"


def look_at(page: Page, name: str, *, with_script: bool = True) -> None:
    """The page fits its window, and axe finds nothing where scripts run; the folder HUB_PICTURES keeps a picture."""
    if "HUB_PICTURES" in os.environ:
        page.screenshot(path=Path(os.environ["HUB_PICTURES"]) / f"{name}.png", full_page=True)
    assert_fits(page)
    if with_script:
        assert_accessible(page)


def submit(button: Locator) -> None:
    """The button of a form was pressed, and the page that it leads to is there.

    A form waits for the draft that is on its way, and its press is over before anything leads anywhere.
    """
    with button.page.expect_navigation():
        button.click()


def open_menu(page: Page) -> None:
    """The menu of a cardholder's page is open; it needs no script."""
    page.locator("summary", has_text="菜单").click()
