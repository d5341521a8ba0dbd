"""The files beside the pages."""

import gzip

import pytest

from hub.web.pages.assets import assets
from tests.web.pages.conftest import Visit


@pytest.fixture
def database(sqlite_database: str) -> str:
    """One kind is enough: what a page keeps is nothing to its rows."""
    return sqlite_database


def test_assets_are_kept_for_good_under_an_address_of_their_own(visit: Visit) -> None:
    browser = visit()
    for each in assets().values():
        answer = browser.get(each.url, headers={"Accept-Encoding": "gzip"})
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert gzip.decompress(answer.get_data()) == each.content
        assert browser.get(each.url).get_data() == each.content
        assert browser.get(each.url.replace(each.version, "0" * 16)).status_code == 404
