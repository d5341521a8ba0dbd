"""The page that shows the description of the API."""

import re

import pytest
from flask.testing import FlaskClient


@pytest.fixture
def database(sqlite_database: str) -> str:
    """One kind is enough: the page is the same on both."""
    return sqlite_database


def test_the_page_asks_no_other_host(web: FlaskClient) -> None:
    page = web.get("/api/docs")
    text = page.get_data(as_text=True)
    addresses = re.findall(r'(?:src|href)="([^"]+)"', text)
    assert addresses
    for address in addresses:
        assert address.startswith("/api/docs/")
        assert web.get(address, buffered=True).status_code == 200
    assert "unsafe" not in page.headers["Content-Security-Policy"]
    assert "<style" not in text
    assert not re.search(r"<script(?![^>]*src=)", text)
    assert "validatorUrl: null" in web.get("/api/docs/start.js").get_data(as_text=True)


def test_only_the_pages_own_assets_are_given_out(web: FlaskClient) -> None:
    assert web.get("/api/docs/assets/index.html").status_code == 404
    assert web.get("/api/docs/assets/..%2Fflask_swagger_ui.py").status_code == 404
