"""A clerk compares an applicant who has shown a mobile alone with the bank's own customer."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask

from hub.domain.actor import HUB
from hub.domain.clock import FixedClock
from hub.wiring import Hub
from storage.records import NegotiationRecord
from tests.applications import ICBC
from tests.conftest import Submit
from tests.services.case import Case
from tests.web.pages.clerk import Clerk

WORDS = "与预留的手机号不一致，请带证件到网点核实。"


@pytest.fixture
def case(hub: Hub, clock: FixedClock, submitted: Submit, work_off: Callable[[], int]) -> Case:
    """A negotiation in the queue of ICBC whose person has shown a mobile alone."""
    made = Case(hub=hub, clock=clock, work_off=work_off, sent=submitted(ICBC), bank_code=ICBC)
    work_off()
    with hub.writing(HUB) as tx:
        tx.session.execute(sa.update(NegotiationRecord).values(identity_level="mobile", identity_rank=0))
    return made


@pytest.fixture
def clerk(app: Flask, case: Case) -> Clerk:
    """A reviewer of ICBC."""
    return Clerk(app, "reviewer", case)


def test_the_case_says_it_and_offers_the_comparison_before_an_offer(clerk: Clerk) -> None:
    page = clerk.read()
    assert "身份未核验" in page
    assert f"{clerk.address}/identity" in page
    assert f'href="{clerk.address}/offer"' not in page


def test_a_yes_opens_the_way_to_an_offer(case: Case, clerk: Clerk) -> None:
    answer = clerk.send("/identity", {**clerk.form("/identity"), "matches": "1"}, step="preview")
    assert answer.headers["Location"].endswith("?done=identity")
    page = clerk.read()
    assert "身份未核验" not in page
    assert f'action="{clerk.address}/offer"' in page


def test_a_no_needs_words_is_shown_first_and_ends_it(case: Case, clerk: Clerk) -> None:
    form = clerk.form("/identity")
    without = clerk.send("/identity", {**form, "matches": "0"}, step="preview")
    assert without.status_code == 422
    shown = clerk.send("/identity", {**form, "matches": "0", "text": WORDS}, step="preview")
    assert shown.status_code == 200
    assert WORDS in shown.get_data(as_text=True)
    assert case.status == "awaiting_bank"
    sent = clerk.send("/identity", {**form, "matches": "0", "text": WORDS}, step="send")
    assert sent.headers["Location"].endswith("?done=rejected")
    assert case.status == "rejected"
    with case.row() as (_, row):
        assert (row.reason_code, row.identity_confirmed) == ("not_our_customer", False)


def test_nothing_chosen_is_no_no(case: Case, clerk: Clerk) -> None:
    answer = clerk.send("/identity", clerk.form("/identity"), step="preview")
    assert answer.status_code == 422
    with case.row() as (_, row):
        assert row.identity_confirmed is None


def test_an_offer_before_the_comparison_comes_back_and_says_what_to_do(case: Case, clerk: Clerk) -> None:
    asked = clerk.get(f"{clerk.address}/offer")
    assert (asked.status_code, asked.headers["Location"]) == (303, f"{clerk.address}/identity")
    terms = {"kind": "instalments", "principal_fen": "18500", "instalments": "36", "annual_rate_percent": "3.6"}
    terms |= {"method": "equal_instalment", "first_due_on": "2027-01-07"}
    form = {**clerk.form("/identity"), **{f"terms.{name}": value for name, value in terms.items()}}
    answer = clerk.send("/offer", form, step="send")
    assert answer.status_code == 409
    assert "请先与本行预留信息核对身份" in answer.get_data(as_text=True)
