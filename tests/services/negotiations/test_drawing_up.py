"""What a proposal would come to is what the offer is, to the fen and to the digest."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.domain.offer import BankOffer
from hub.domain.terms import Kind, Method, Terms, Waived
from hub.services.negotiations import offering
from hub.services.negotiations.as_asked import as_asked
from hub.services.negotiations.drawing_up import drawn_up
from hub.services.reading import views
from hub.services.reading.bank.plan import asked_for, plan_of
from hub.services.reading.cardholder.offers import own_offer
from hub.services.transaction import HubTransaction
from storage import offers
from tests.applications import ICBC
from tests.services.case import OFFER, Case
from tests.services.conftest import OpenCase

OFTEN = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def case(open_case: OpenCase) -> Case:
    return open_case()


class _TakenBack(Exception):
    """Ends a transaction that shall not be kept."""


@contextmanager
def rehearsing(case: Case) -> Iterator[HubTransaction]:
    with suppress(_TakenBack), case.hub.writing(case.REVIEWER) as tx:
        yield tx
        raise _TakenBack


terms_of_any_kind = st.one_of(
    st.builds(
        lambda principal, count, rate: replace(
            OFFER,
            principal_fen=principal,
            instalments=count,
            annual_rate_percent=Decimal(rate) / 100,
            method=Method.EQUAL_INSTALMENT if rate else Method.INTEREST_FREE,
        ),
        st.integers(100_000, 1_850_000),
        st.integers(2, 60),
        st.integers(0, 2_400),
    ),
    st.builds(
        lambda principal: Terms(
            kind=Kind.SETTLEMENT,
            principal_fen=principal,
            first_due_on=date(2026, 12, 20),
            waived=Waived(interest_fen=46_200),
        ),
        st.integers(1, 1_850_000),
    ),
    st.builds(
        lambda principal, months: Terms(
            kind=Kind.DEFERRAL,
            principal_fen=principal,
            first_due_on=date(2026, 12, 20),
            months=months,
            annual_rate_percent=Decimal("3.60"),
        ),
        st.integers(1, 1_850_000),
        st.integers(1, 12),
    ),
)


@OFTEN
@given(terms=terms_of_any_kind)
def test_the_preview_the_offer_and_the_page_of_the_person_agree(case: Case, terms: Terms) -> None:
    proposed = BankOffer(terms=terms, reason_over_80="家人愿意承担")
    with rehearsing(case) as tx:
        shown, faults = plan_of(tx, case.id, proposed, bank_code=ICBC)
        assert shown is not None
        made = offering.make_offer(tx, case.id, proposed, bank_code=ICBC)
        own = own_offer(views.offer_view(tx, made))
        assert (shown.schedule, shown.total_fen, shown.digest) == (own.schedule, own.total_fen, own.digest)
        assert shown.figures.interest_fen == own.figures.interest_fen
        assert shown.approvers == tuple(each.role for each in offers.approvals_of(made))
        assert faults == ()


def test_what_breaks_a_rule_has_no_figures_and_every_fault(case: Case) -> None:
    with case.row() as (tx, row):
        too_much = drawn_up(tx, row, BankOffer(terms=replace(OFFER, principal_fen=9_999_999)))
        assert too_much.contents is None
        assert [each.pointer for each in too_much.faults] == ["/terms/principal_fen"]
        dear = drawn_up(tx, row, BankOffer(terms=replace(OFFER, instalments=12)))
        # What is wrong with it is no matter of the figures, which are shown.
        assert dear.contents is not None
        assert [each.code for each in dear.faults] == ["reason_over_80_required"]


def test_what_is_asked_for_now_is_the_application_and_then_the_counter_offer(case: Case) -> None:
    with case.row() as (tx, row):
        asked = as_asked(tx, row)
        assert asked.is_lawful
        assert asked.counter_id is None
        assert asked.terms is not None
        assert (asked.terms.instalments, asked.terms.principal_fen) == (36, 1_850_000)
    case.offer()
    counter = case.counter()
    with case.row() as (tx, row):
        now = as_asked(tx, row)
        assert now.counter_id == counter
        assert now.terms is not None
        assert now.terms.note == ""


def test_it_is_asked_of_ones_own_bank_alone(case: Case) -> None:
    with case.row() as (tx, _):
        assert asked_for(tx, case.id, bank_code=ICBC).faults == ()
