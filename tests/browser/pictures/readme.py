"""`make readme-pictures`: the pictures of README, in both languages, small enough to be kept with the sources."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from hub.documents.agreement_document import html_of
from hub.documents.printing import print_pdf
from hub.wiring import Hub
from tests import applications
from tests.applications import ICBC
from tests.browser.conftest import SCREEN, BrowserPage, LiveHub
from tests.browser.pictures.take import PHONE
from tests.browser.test_whole_way import apply
from tests.documents.papers import papers
from tests.jobs.working_off import working_off
from tests.services.case import Case
from tests.test_law_document import ROOT

FOLDER = Path(os.environ.get("PICTURES", ROOT / "docs" / "pictures"))
LANGUAGES = ("zh", "en")
LARGEST = 150_000
COLOURS = 128
PAPER_WIDTH = 780


@pytest.fixture
def work_off(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> Callable[[], int]:
    """Files are those of docs/samples, and are looked into and drawn as in life."""
    sample = (ROOT / "docs" / "samples" / "payslip.pdf").read_bytes()
    monkeypatch.setattr(applications, "pdf", lambda *_, **__: sample)
    return working_off(hub, printer=lambda _: sample)


def keep(name: str, picture: Image.Image) -> None:
    """The picture lies in the folder with few colours, which is all that pages have."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    path = FOLDER / f"{name}.png"
    small = picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    small.save(path, optimize=True)
    assert path.stat().st_size < LARGEST, f"{path.name}: {path.stat().st_size} bytes"


def shoot(page: Page, live: LiveHub, name: str, path: str) -> None:
    """The page in each language, as much of it as its window shows."""
    for language in LANGUAGES:
        page.context.add_cookies([{"name": "hub_lang", "value": language, "url": live.url}])
        page.goto(path)
        page.wait_for_load_state("networkidle")
        keep(f"{name}-{language}", Image.open(io.BytesIO(page.screenshot())))


def test_the_form(browser_page: BrowserPage, live: LiveHub, banks: object) -> None:
    apply(browser_page(size=PHONE, person="cardholder-3"), lambda _: None)
    page = browser_page(javascript=True, size=PHONE, person="cardholder-3")
    shoot(page, live, "form", "/apply/plan")


@pytest.mark.slow
def test_the_case_page(browser_page: BrowserPage, live: LiveHub, case: Case, work_off: Callable[[], int]) -> None:
    work_off()
    page = browser_page(javascript=True, size=SCREEN, person=f"reviewer-{ICBC}")
    shoot(page, live, "case", f"/portal/negotiations/{case.id}")
    expect(page.locator("#plan")).to_be_visible()


def test_an_agreement() -> None:
    html = html_of(papers()["a-instalments-down-payment-fee-waivers"])
    with pypdfium2.PdfDocument(print_pdf(html)) as document:
        first = document[0]
        keep("agreement", first.render(scale=PAPER_WIDTH / first.get_width()).to_pil())
