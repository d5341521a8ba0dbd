"""The page of agreements: tabs with counts, rows that lead to their cases, and nobody else's."""

from __future__ import annotations

from html import unescape

import pytest
from flask import Flask

from tests.applications import CMB, ICBC, card
from tests.services.case import Case
from tests.services.conftest import OpenCase
from tests.web.pages.clerk import Clerk


@pytest.fixture
def agreed(open_case: OpenCase) -> Case:
    """A negotiation with an agreement in force; payments are due on the 20th from 2026-12-20 on."""
    case = open_case(ICBC)
    case.accept(case.offer())
    return case


@pytest.mark.parametrize("role", ["reviewer", "supervisor", "auditor", "bank-admin"])
def test_a_row_leads_to_its_case_and_says_how_it_is_paid(app: Flask, agreed: Case, role: str) -> None:
    agreed.pay(1, 20_000)
    text = unescape(Clerk(app, role, agreed).page("/portal/agreements?tab=part_paid"))
    assert f'href="/portal/negotiations/{agreed.id}?from=list%3Dagreements%26tab%3Dpart_paid#agreement"' in text
    for words in (agreed.reference, "王*明", "200.00", "部分已还", "1 方未登记"):
        assert words in text
    assert card() not in text


def test_an_agreement_in_grace_is_named_so_and_an_ended_one_by_its_reason(app: Flask, agreed: Case) -> None:
    clerk = Clerk(app, "reviewer", agreed)
    agreed.at("2026-12-22 10:00")
    assert "宽限期内</span>" in clerk.page("/portal/agreements?tab=grace")
    assert "宽限期已过" not in clerk.page("/portal/agreements?tab=grace")
    agreed.at("2026-12-23 10:00")
    assert "宽限期已过，待登记</span>" in clerk.page("/portal/agreements?tab=grace")
    assert "这里没有协议。" in clerk.page("/portal/agreements?tab=missed")
    assert "这里没有协议。" in clerk.page("/portal/agreements?tab=ended")
    # What an address asks for that there is not is left out.
    assert agreed.reference in clerk.page("/portal/agreements?tab=nothing&ended=settled")


def test_nothing_of_another_bank_is_listed_or_counted(app: Flask, open_case: OpenCase, agreed: Case) -> None:
    theirs = Clerk(app, "supervisor", open_case(CMB))
    before = theirs.page("/portal/agreements")
    assert agreed.reference not in before
    assert '<span class="tab-count">1</span>' not in before
    assert '<span class="tab-count">1</span>' in Clerk(app, "supervisor", agreed).page("/portal/agreements")
