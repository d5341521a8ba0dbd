"""Pages in transit: compressed for who takes that, but where another site could count their bytes."""

from __future__ import annotations

import gzip

import pytest
from flask import Flask
from flask.testing import FlaskClient

from hub.web.pages import csrf
from tests.conftest import SentMessages
from tests.web.caller import Caller
from tests.web.pages.cardholders import texted
from tests.web.pages.reader import Reader

ZIPPED = {"Accept-Encoding": "gzip, br"}


@pytest.fixture
def database(sqlite_database: str) -> str:
    """One kind is enough: how a page travels is nothing to its rows."""
    return sqlite_database


@pytest.fixture
def mine(app: Flask, sms: SentMessages) -> Reader:
    """Somebody who signed in, so that their browser sends a cookie."""
    return texted(app, sms, "13800138091")


def is_zipped(web: FlaskClient, path: str, **headers: str) -> bool:
    answer = web.get(path, headers={**ZIPPED, **{name.replace("_", "-"): value for name, value in headers.items()}})
    assert "Accept-Encoding" in answer.headers["Vary"]
    assert int(answer.headers["Content-Length"]) == len(answer.get_data())
    if answer.headers.get("Content-Encoding") != "gzip":
        assert b"</html>" in answer.get_data()
        return False
    page = gzip.decompress(answer.get_data())
    assert b"</html>" in page
    assert len(answer.get_data()) < len(page) * 0.6
    return True


def test_a_page_is_compressed_for_who_takes_it(web: FlaskClient) -> None:
    assert is_zipped(web, "/sign-in/")
    for refused in ("", "identity", "gzip;q=0"):
        plain = web.get("/sign-in/", headers={"Accept-Encoding": refused})
        assert "Content-Encoding" not in plain.headers
        assert "Accept-Encoding" in plain.headers["Vary"]


@pytest.mark.parametrize(
    ("path", "asked_by", "zipped"),
    [
        ("/my/", "same-origin", True),
        ("/my/?lang=zh", "same-origin", True),
        ("/my/?lang=zh", "none", True),
        ("/my/", "cross-site", False),
        ("/my/?guess=1", "cross-site", False),
        ("/my/?guess=1", "same-site", False),
        ("/my/", None, True),
        ("/my/?guess=1", None, False),
        ("/no-such-page", "same-origin", True),
    ],
)
def test_nobodys_page_is_measured_by_another_site(mine: Reader, path: str, asked_by: str | None, zipped: bool) -> None:
    assert is_zipped(mine.web, path, **({} if asked_by is None else {"Sec_Fetch_Site": asked_by})) is zipped


def test_a_page_without_anybodys_cookie_has_nothing_to_be_guessed_at(web: FlaskClient) -> None:
    assert is_zipped(web, "/sign-in/?next=/my/", Sec_Fetch_Site="cross-site")


def test_the_api_and_what_is_compressed_already_are_left_alone(web: FlaskClient, host_app: Caller) -> None:
    assert "Content-Encoding" not in web.get("/api/v1/banks", headers=ZIPPED).headers
    asset = web.get("/sign-in/").get_data(as_text=True).partition('href="/assets/')[2].partition('"')[0]
    answer = web.get(f"/assets/{asset}", headers=ZIPPED)
    assert gzip.decompress(answer.get_data())[:1] != b"\x1f"


def test_a_short_answer_and_a_redirect_stay_as_they_are(web: FlaskClient) -> None:
    assert "Content-Encoding" not in web.get("/my/", headers=ZIPPED).headers
    assert "Content-Encoding" not in web.get("/healthz", headers=ZIPPED).headers


def test_no_two_answers_hold_the_same_token_and_each_is_good(mine: Reader) -> None:
    pages = [mine.open("/apply/reason") for _ in range(3)]
    tokens = [dict(page.form("保存并继续").fields)["csrf_token"] for page in pages]
    assert len(set(tokens)) == 3
    for token in tokens:
        assert mine.web.post("/sign-in/stay", data={"csrf_token": token}).status_code == 204
        assert mine.web.post("/sign-in/stay", headers={"X-CSRFToken": token}).status_code == 204
        # What a page of before the upgrade holds.
        assert mine.web.post("/sign-in/stay", data={"csrf_token": csrf.unmasked(token)}).status_code == 204
        for wrong in (token[:-4], token[:-1] + "é", "~", "~AAAA", token[1:], token.swapcase(), ""):
            assert mine.web.post("/sign-in/stay", data={"csrf_token": wrong}).status_code == 400


def test_a_mask_is_undone_by_itself_alone() -> None:
    assert csrf.masked("token") != csrf.masked("token")
    assert csrf.unmasked(csrf.masked("token")) == "token"
    assert csrf.unmasked("token") == "token"
    assert csrf.unmasked("~AAA") == csrf.unmasked("~__79") == ""
