"""`/calculator` in a browser: on the smallest phone and a screen, with and without scripts, and how heavy it is."""

import pytest

from tests.browser.conftest import PHONE, SCREEN, BrowserPage, assert_accessible, assert_fits
from tests.browser.test_budgets import FIRST_VISIT, traffic_of

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("size", [PHONE, SCREEN], ids=["phone", "screen"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_anybody_asks_and_reads(browser_page: BrowserPage, language: str, size: dict[str, int], scheme: str) -> None:
    page = browser_page(javascript=True, size=size)
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # one of the words it takes
    page.goto(f"/calculator?lang={language}")
    assert_accessible(page)
    assert_fits(page)
    page.fill("[name=debt_fen]", "10000")
    page.fill("[name=monthly_fen]", "150")
    page.locator("main form .button").click()
    page.wait_for_selector("#result")
    # The address has nothing of what was typed.
    assert page.evaluate("location.pathname + location.hash") == "/calculator#result"
    assert_accessible(page)
    assert_fits(page)
    # No table has to be moved sideways to be read.
    for table in (".ways-table", ".owed-table"):
        assert page.eval_on_selector(table, "each => each.parentElement.scrollWidth <= each.parentElement.clientWidth")
    # The form below holds it still.
    assert page.input_value("[name=debt_fen]") == "10000"


def test_without_scripts_and_in_large_type(browser_page: BrowserPage) -> None:
    page = browser_page(javascript=False)
    page.goto("/calculator")
    page.locator(".text-switch").click()
    page.wait_for_selector("html.text-large")
    page.locator("main form .button").click()
    assert "请填写现在的欠款" in page.inner_text(".error-summary")
    assert_fits(page)
    page.fill("[name=debt_fen]", "1234567.89")
    page.fill("[name=monthly_fen]", "50000")
    page.get_by_text("和银行商量的方案").last.click()
    page.fill("[name='plan.annual_rate_percent']", "0")
    page.locator("main form .button").click()
    assert page.locator(".cost-chart polyline").count() == 4
    assert_fits(page)


def test_lines_stay_apart_where_colours_are_the_readers_own_and_on_paper(browser_page: BrowserPage) -> None:
    page = browser_page(javascript=True)
    page.goto("/calculator")
    page.fill("[name=debt_fen]", "10000")
    page.locator("main form .button").click()
    page.wait_for_selector("#result")

    def strokes(what: str) -> list[str]:
        return [
            page.locator(f"polyline.cost-{way}").evaluate(f"each => getComputedStyle(each).{what}")
            for way in ("minimum", "equal_instalment", "plan")
        ]

    page.emulate_media(forced_colors="active")
    assert len(set(strokes("stroke"))) == 1
    assert len(set(strokes("strokeDasharray"))) == 3
    page.emulate_media(forced_colors="none", media="print")
    assert page.locator(".cost-chart").is_visible()
    assert page.get_by_text("这些数是按什么算的").is_visible()
    # What is pressed is not printed.
    assert not page.locator("main form .button").is_visible()


def test_it_is_as_light_as_every_first_page(browser_page: BrowserPage) -> None:
    page = browser_page(javascript=True)
    seen = traffic_of(page, "/calculator")
    assert seen.weight < FIRST_VISIT, seen.weights
    assert not [address for address in seen.weights if address.endswith(".js")]
