"""A clerk sees the loans of a case, and makes an offer over them or over the cards."""

from __future__ import annotations

import pytest

from tests import applications
from tests.applications import CMB, ICBC
from tests.services.case import Case
from tests.services.conftest import OpenCase
from tests.web.pages.clerk import Clerk


@pytest.fixture
def case(open_case: OpenCase) -> Case:
    """A card of the bank, and its share of a loan that two lend together."""
    together = applications.lenders((ICBC, "70.00"), (CMB, "30.00"))
    consents = applications.application(ICBC, CMB)["consents"]
    return open_case(loans=[applications.loan(ICBC, co_lenders=together)], consents=consents)


def test_the_case_shows_its_own_share_and_nothing_of_the_other_lender(case: Case, clerk: Clerk) -> None:
    page = clerk.read()
    for words in (
        "贷款合同尾号 80A6",
        "联合贷款份额",
        "通过平台：",
        "某购物 App",
        "客户填写的年利率 14.60%",
        "5,740.00",
    ):
        assert words in page
    for hidden in ("8,200.00", "2,460.00", "招商银行", "30.00%"):
        assert hidden not in page


def test_the_form_of_an_offer_begins_with_the_cards_and_goes_over_to_the_loans(case: Case, clerk: Clerk) -> None:
    over_cards = clerk.form("/offer")
    assert (over_cards["balances.0.card_last4"], over_cards["terms.principal_fen"]) == (
        [applications.card(ICBC)[-4:]],
        ["18,500.00"],
    )
    assert "改为针对贷款" in clerk.read("/offer")
    over_loans = clerk.form("/offer?debts=loans")
    assert (over_loans["balances.0.contract_last4"], over_loans["terms.principal_fen"]) == (["80A6"], ["5,740.00"])
    assert "balances.1.principal_fen" not in over_loans
    assert "改为针对信用卡" in clerk.read("/offer?debts=loans")
