"""A clerk proposes a further card of the person."""

from __future__ import annotations

import pytest

from hub.domain.proposed_account import ProposedAccountStatus
from hub.services.negotiations import further_accounts
from tests.services.case import Case
from tests.web.pages.clerk import Clerk

TYPED = {
    "card_first6": "622210",
    "card_last4": "8003",
    "principal_fen": "4,200",
    "interest_fen": "86",
    "text": "还有这张卡",
}


def test_a_clerk_asks_the_person_and_reads_the_answer(case: Case, clerk: Clerk) -> None:
    assert clerk.done("/accounts", {**clerk.form("/accounts"), **TYPED}) == "account_proposed"
    [account] = case.view()["proposed_accounts"]
    assert (account["principal_fen"], account["interest_fen"], account["text"]) == (420_000, 8_600, "还有这张卡")
    page = clerk.read()
    for words in ("622210******8003", "等客户答复", "提出列入另一张卡", "全部合计</dt><dd>19,082.00 元"):
        assert words in page
    with case.hub.writing(case.cardholder) as tx:
        given = ProposedAccountStatus.INCLUDED
        further_accounts.answer(tx, case.id, account["id"], given, client_id=case.client_id)
    page = clerk.read()
    for words in ("客户同意列入", "全部合计</dt><dd>23,368.00 元", "客户同意将 622210******8003 列入协商。"):
        assert words in page


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"card_last4": "0007"}, "申请里已经有这张卡"),
        ({"principal_fen": "0", "interest_fen": "0"}, "没有填写欠款"),
        ({"card_first6": "12"}, "请填写卡号的前 6 位数字"),
    ],
)
def test_a_refusal_comes_back_with_what_was_typed(
    case: Case, clerk: Clerk, changes: dict[str, str], sentence: str
) -> None:
    answer = clerk.send("/accounts", {**clerk.form("/accounts"), **TYPED, **changes})
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert sentence in text
    assert "还有这张卡" in text
    assert case.view()["proposed_accounts"] == []


def test_nothing_is_proposed_once_it_is_over(case: Case, clerk: Clerk) -> None:
    case.reject()
    assert "提出列入另一张卡" not in clerk.read()
    answer = clerk.send("/accounts", {**clerk.form("/accounts"), **TYPED})
    assert answer.status_code == 409
