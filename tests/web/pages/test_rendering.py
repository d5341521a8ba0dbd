"""What every page keeps: its weight, its policy, both languages; and what every form keeps: what was typed."""

import ast
import gzip
import re
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.typing import ResponseReturnValue
from jinja2.ext import babel_extract
from werkzeug.datastructures import MultiDict

from hub.domain.bank import Bank
from hub.domain.errors import Fault
from hub.services.transaction import HubTransaction
from hub.web.catalogue import english
from hub.web.pages.assets import assets
from hub.web.pages.errors import stale
from hub.web.pages.forms import FormState, filled, read_form
from hub.web.pages.once import do_once
from hub.web.pages.rendering import TEMPLATES
from hub.web.pages.visitors import current_cardholder, for_cardholders
from schemas.application import ApplicationSchema
from schemas.offers import TermsSchema
from tests.applications import ICBC
from tests.conftest import START
from tests.web.pages.conftest import Visit

ROOT = Path(__file__).parents[3]
FIRST_VISITS = [
    ("cardholder-1", "/apply/", 70_000),
    ("cardholder-1", "/my/", 70_000),
    (None, "/sign-in/", 70_000),
    (f"reviewer-{ICBC}", "/portal/", 130_000),
    ("operator", "/ops/", 130_000),
    (None, "/sign-in/staff", 130_000),
]


@pytest.fixture
def database(sqlite_database: str) -> str:
    """One kind is enough: what a page keeps is nothing to its rows."""
    return sqlite_database


@pytest.mark.parametrize(("person", "path", "most"), FIRST_VISITS)
def test_a_first_visit_is_light_and_asks_nobody_else(
    visit: Visit, banks: dict[str, Bank], person: str | None, path: str, most: int
) -> None:
    browser = visit(person)
    text = browser.page(path)
    addresses = re.findall(r'<(?:link|script|img)[^>]+(?:href|src)="([^"]+)"', text)
    assert addresses
    assert all(each.startswith(("/assets/", "data:")) for each in addresses)
    weight = len(gzip.compress(text.encode()))
    for each in {each for each in addresses if each.startswith("/")}:
        weight += len(browser.get(each, headers={"Accept-Encoding": "gzip"}).get_data())
    assert weight <= most


@pytest.mark.parametrize(("person", "path", "_most"), FIRST_VISITS)
def test_a_page_has_a_strict_policy_and_is_kept_by_nobody(
    visit: Visit, banks: dict[str, Bank], person: str | None, path: str, _most: int
) -> None:
    answer = visit(person).get(path)
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "private, no-store"
    text = answer.get_data(as_text=True)
    assert not re.search(r"<style|<script(?![^>]*src=)|\sstyle=|\son[a-z]+=", text)


@pytest.mark.parametrize(("person", "path", "_most"), FIRST_VISITS)
def test_a_page_has_one_heading_a_language_and_a_title(
    visit: Visit, banks: dict[str, Bank], person: str | None, path: str, _most: int
) -> None:
    browser = visit(person)
    text = browser.page(path)
    assert text.count("<h1>") == 1
    assert '<html lang="zh-CN">' in text
    assert re.search(r"<title>[^<]+ · 还款协商</title>", text)
    assert '<html lang="en">' in browser.page(f"{path}?lang=en")


def test_assets_are_kept_for_good_under_an_address_of_their_own(visit: Visit) -> None:
    browser = visit()
    for each in assets().values():
        answer = browser.get(each.url, headers={"Accept-Encoding": "gzip"})
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert gzip.decompress(answer.get_data()) == each.content
        assert browser.get(each.url).get_data() == each.content
        assert browser.get(each.url.replace(each.version, "0" * 16)).status_code == 404


def test_chinese_is_read_unless_english_was_chosen(visit: Visit) -> None:
    browser = visit()
    assert "用手机号登录" in browser.page("/sign-in/")
    assert "用手机号登录" in browser.get("/sign-in/", headers={"Accept-Language": "en-US"}).get_data(as_text=True)
    assert "Sign in with your mobile number" in browser.page("/sign-in/?lang=en")
    assert "Sign in with your mobile number" in browser.page("/sign-in/")
    assert "用手机号登录" in browser.page("/sign-in/?lang=zh")


def test_an_unknown_address_says_so_and_nothing_else(visit: Visit) -> None:
    browser = visit()
    first, second = browser.page("/no/such/page", 404), browser.page("/another", 404)
    assert first == second
    assert "没有找到" in first


def texts_of_templates() -> Iterator[tuple[str, str]]:
    options = {"trim_blocks": "true", "lstrip_blocks": "true"}
    for path in sorted(TEMPLATES.rglob("*.html")):
        if path.relative_to(TEMPLATES).parts[0] in {"documents", "email"}:
            continue
        with path.open("rb") as file:
            for _, _, message, _ in babel_extract(file, ["translate"], [], options):
                # A text that is named by a variable comes from the code, and is found there.
                said = message[0] if isinstance(message, tuple) else message
                if said:
                    yield str(path.relative_to(TEMPLATES)), said


def texts_of_code() -> Iterator[tuple[str, str]]:
    for path in sorted((ROOT / "hub" / "web" / "pages").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"translate", "marked"} and node.args:
                said = node.args[0]
                if isinstance(said, ast.Constant) and isinstance(said.value, str):
                    yield path.name, said.value


def test_every_text_of_a_page_has_its_english() -> None:
    texts = [*texts_of_templates(), *texts_of_code()]
    assert len(texts) > 100
    missing = sorted({f"{where}: {text}" for where, text in texts if text not in english()})
    assert not missing


def test_no_template_says_anything_outside_the_catalogue() -> None:
    for path in sorted(TEMPLATES.rglob("*.html")):
        if path.relative_to(TEMPLATES).parts[0] in {"documents", "email"}:
            continue
        bare = re.sub(r"\{#.*?#\}|\{\{.*?\}\}|\{%.*?%\}", "", path.read_text(), flags=re.DOTALL)
        assert not re.search(r"[\u4e00-\u9fff]", bare), path


FORM = MultiDict(
    [
        ("csrf_token", "x"),
        ("status", "agreed"),
        ("channel", "web"),
        ("applicant.name", "王小明"),
        ("applicant.mobile", ""),
        ("accounts.0.card_number", ""),
        ("accounts.0.principal_fen", "  "),
        ("accounts.3.card_number", "6222 1000 0000 0007"),
        ("accounts.3.principal_fen", "1.85万"),
        ("accounts.3.interest_fen", "许多"),
        ("accounts.3.overdue_since", "8月12日"),
        ("hardship.reasons", "illness"),
        ("hardship.reasons", "other"),
        ("hardship.description", "一\r\n二"),
        ("finances.monthly_income_fen", "￥6,200"),
        ("finances.dependants", "2人"),
        ("proposal.waive_interest", "1"),
        ("proposal.first_due_on", "1月5日"),
    ]
)


def read(app: Flask) -> FormState:
    with app.test_request_context("/"):
        return read_form(FORM, ApplicationSchema(), today=START.date())


def test_a_form_is_read_as_the_schema_wants_it(app: Flask) -> None:
    data = read(app).data
    assert data["applicant"] == {"name": "王小明"}
    assert data["accounts"] == [
        {
            "card_number": "6222 1000 0000 0007",
            "principal_fen": 1850000,
            "interest_fen": "许多",
            "overdue_since": "2026-08-12",
            # A box that nobody ticked says no.
            "as_printed": False,
        }
    ]
    assert data["hardship"] == {"reasons": ["illness", "other"], "description": "一\n二"}
    assert data["finances"]["monthly_income_fen"] == 620000
    assert data["finances"]["dependants"] == 2
    assert data["proposal"]["waive_interest"] is True
    assert data["proposal"]["first_due_on"] == "2027-01-05"
    assert "status" not in data
    assert "csrf_token" not in data


def test_what_was_typed_stays_and_the_fault_stands_at_its_place(app: Flask) -> None:
    state = read(app)
    assert state.value("accounts.0.interest_fen") == "许多"
    assert state.value("finances.monthly_income_fen") == "￥6,200"
    assert state.has("hardship.reasons", "other")
    assert list(state.rows("accounts", least=1)) == [0]
    assert state.faults == (Fault("/accounts/0/interest_fen", "money_form"),)
    more = state.with_faults(
        [Fault("/accounts/0/interest_fen", "type_whole_number"), Fault("/hardship/reasons/1", "unknown_choice")]
    )
    with app.test_request_context("/"):
        assert more.message("accounts.0.interest_fen") == "请填写第 1 张卡的利息，例如 6200 或 6200.50。"
        assert [name for name, _ in more.summary] == ["accounts.0.interest_fen", "hardship.reasons"]


def test_data_fill_a_form_that_reads_back_to_them(app: Flask) -> None:
    terms = {
        "kind": "instalments",
        "principal_fen": 1234567,
        "waived": {"interest_fen": 0, "penalty_fen": 12000, "fees_fen": 0, "principal_fen": 0},
        "first_due_on": "2026-12-20",
        "instalments": 36,
        "annual_rate_percent": "3.60",
    }
    state = filled(terms)
    assert state.value("waived.penalty_fen") == "120.00"
    with app.test_request_context("/"):
        again = read_form(
            MultiDict((name, each) for name, values in state.values.items() for each in values), TermsSchema()
        )
    assert again.data == terms
    assert again.sound


Make = Callable[[HubTransaction], str]


@pytest.fixture
def made(app: Flask) -> list[str]:
    """What the page `/my/made` has made."""
    things: list[str] = []

    def make() -> ResponseReturnValue:
        def deed(tx: HubTransaction) -> str:
            things.append(str(tx.actor))
            return f"/my/made/{len(things)}"

        return do_once(current_cardholder(), deed)

    app.add_url_rule("/my/made", "made", for_cardholders(make), methods=["POST"])
    return things


def test_a_form_that_is_posted_twice_makes_one_thing(visit: Visit, made: list[str]) -> None:
    browser = visit("cardholder-1")
    form = {"once": "a-key-of-a-form-shown", "text": "x"}
    answers = [browser.post("/my/made", form) for _ in range(3)]
    assert {answer.headers["Location"] for answer in answers} == {"/my/made/1"}
    assert len(made) == 1


def test_a_form_that_was_changed_after_going_back_is_another_thing(visit: Visit, made: list[str]) -> None:
    browser = visit("cardholder-1")
    for text in ("x", "y"):
        browser.post("/my/made", {"once": "a-key-of-a-form-shown", "text": text})
    browser.post("/my/made", {"once": "a-key-of-another-form", "text": "x"})
    visit("cardholder-2").post("/my/made", {"once": "a-key-of-a-form-shown", "text": "x"})
    assert len(made) == 4


def test_two_taps_at_once_lead_to_the_same_page(app: Flask, visit: Visit, made: list[str]) -> None:
    browser = visit("cardholder-1")
    cookie = browser.web.get_cookie("hub_session")
    assert cookie is not None
    form = {"csrf_token": browser.token(), "once": "a-key-of-a-form-shown"}
    cookie = browser.web.get_cookie("hub_session")
    assert cookie is not None
    places: list[str | None] = []

    def tap() -> None:
        web = app.test_client()
        web.set_cookie("hub_session", cookie.value)
        places.append(web.post("/my/made", data=form).headers.get("Location"))

    threads = [threading.Thread(target=tap) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert places == ["/my/made/1"] * 6
    assert len(made) == 1


def test_a_stale_case_says_who_changed_it_and_keeps_what_was_typed(app: Flask) -> None:
    with app.test_request_context("/portal/negotiations/x"):
        answer = stale(changed_by="clerk@bank.example", changed_at=START, back="/portal/", typed="写给客户的话")
    text = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "clerk@bank.example" in text
    assert "10:00" in text
    assert "写给客户的话" in text


def test_the_other_language_keeps_what_the_address_says(visit: Visit) -> None:
    person = visit("cardholder-1")
    page = person.get("/my/?done=call&again=1").get_data(as_text=True)
    assert "?done=call&amp;again=1&amp;lang=en" in page
