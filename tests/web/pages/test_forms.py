"""Forms as the schemas want them."""

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from hub.domain.errors import Fault
from hub.web.pages.forms import FormState, filled, read_form
from schemas.application import ApplicationSchema
from schemas.base import Schema
from schemas.bills import BILL
from schemas.instalments import ASKED
from schemas.mandates import MANDATE
from schemas.offers import TermsSchema
from tests.conftest import START


@pytest.fixture
def database(sqlite_database: str) -> str:
    """One kind is enough: what a page keeps is nothing to its rows."""
    return sqlite_database


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
            "components": [],
        }
    ]
    assert data["hardship"] == {"reasons": ["illness", "other"], "description": "一\n二"}
    assert data["finances"]["monthly_income_fen"] == 620000
    assert data["finances"]["dependants"] == 2
    assert data["proposal"]["waive_interest"] is True
    assert data["proposal"]["first_due_on"] == "2027-01-05"
    assert "status" not in data
    assert "csrf_token" not in data


@pytest.mark.parametrize(
    ("schema", "name", "typed", "day"),
    [
        (BILL, "statement_on", "11月5号", "2026-11-05"),
        (BILL, "due_on", "11月5号", "2027-11-05"),
        (MANDATE, "valid_from", "3月1日", "2026-03-01"),
        (MANDATE, "valid_to", "3月1日", "2027-03-01"),
        (ASKED, "deal.first_posted_on", "7月10日", "2026-07-10"),
        (ASKED, "deal.first_posted_on", "12月20日", "2026-12-20"),
        (ASKED, "deal.first_posted_on", "2025年12月20日", "2025-12-20"),
        (ASKED, "wanted_on", "11月24日", "2026-11-24"),
    ],
)
def test_a_day_without_its_year_is_the_one_that_is_meant(
    app: Flask, schema: Schema, name: str, typed: str, day: str
) -> None:
    with app.test_request_context("/"):
        data = read_form(MultiDict([(name, typed)]), schema, today=START.date()).data
    for part in name.split("."):
        data = data[part]
    assert data == day


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
