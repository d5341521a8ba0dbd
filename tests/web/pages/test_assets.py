"""The files beside the pages."""

import gzip
import json

import pytest

from hub.web.pages.assets import assets, style_sheet
from tests.web.pages.conftest import Visit


@pytest.fixture
def database(sqlite_database: str) -> str:
    """One kind is enough: what a page keeps is nothing to its rows."""
    return sqlite_database


def test_the_manifest_names_the_icon_where_it_is_kept(visit: Visit) -> None:
    browser = visit()
    page = browser.page("/sign-in/")
    manifest = json.loads(browser.get(assets()["hub.webmanifest"].url).get_data())
    assert assets()["hub.webmanifest"].url in page
    assert [browser.get(each["src"]).status_code for each in manifest["icons"]] == [200]
    assert browser.get(manifest["start_url"]).status_code in {200, 303}


def test_the_style_sheet_is_its_files_in_the_order_of_their_names_without_comments() -> None:
    sheet = style_sheet()
    assert "/*" not in sheet
    assert sheet.index("box-sizing") < sheet.index("--brand:") < sheet.index(".card {") < sheet.index("@media print")
    assert sheet.count("{") == sheet.count("}")


def test_assets_are_kept_for_good_under_an_address_of_their_own(visit: Visit) -> None:
    browser = visit()
    for each in assets().values():
        answer = browser.get(each.url, headers={"Accept-Encoding": "gzip"})
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert gzip.decompress(answer.get_data()) == each.content
        assert browser.get(each.url).get_data() == each.content
        assert browser.get(each.url.replace(each.version, "0" * 16)).status_code == 404


def test_the_script_of_forms_is_small() -> None:
    assert len(assets()["form.js"].zipped) <= 4608
