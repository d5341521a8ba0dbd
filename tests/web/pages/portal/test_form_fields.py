"""What a form of the portal says when nothing was filled in: every sentence names its field, in both languages."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest

from tests.services.case import Case
from tests.web.pages.clerk import Clerk

_OPEN = {
    "/request-evidence": ["请选择材料的种类，至少选一项。"],
    "/reject": ["请选择原因。", "请填写要写给客户的话。"],
    "/messages": ["请填写要写给客户的话。"],
    "/calls": ["请选择谁打的。", "请填写通话时间。", "请填写通话内容和结果。"],
    "/accounts": [
        "请填写卡号前 6 位。",
        "请填写卡号最后 4 位。",
        "这张卡没有填写欠款，请填写本金、利息、费用或违约金中的至少一项。",
    ],
    "/reveal": ["请选择原因。"],
}
_AGREED = {
    "/agreement/payments": ["请填写第几期。", "请填写入账日期。", "请填写入账金额。"],
    "/agreement/missed": ["请选择哪一期。"],
    "/agreement/end": ["请选择原因。"],
    "/agreement/hold-applied": ["请填写谁停止了催收。", "请填写停止催收的时间。"],
}
_TYPED = ("terms.p", "terms.i", "terms.a", "balances.0.principal_fen", "paid_on", "amount_fen", "number", "text")


@pytest.fixture
def database(sqlite_database: str) -> str:
    """One kind is enough: nothing of these forms is stored."""
    return sqlite_database


def _summary(clerk: Clerk, path: str, language: str = "") -> list[str]:
    form = {name: "" if name.startswith(_TYPED) else value for name, value in clerk.form(path).items()}
    answer = clerk.send(path + language, form, step="preview")
    assert answer.status_code == 422
    text = unescape(answer.get_data(as_text=True))
    listed = text[text.index("error-summary") :].partition("</ul>")[0]
    return [re.sub("<[^>]*>", "", each).strip() for each in listed.split("<li>")[1:]]


@pytest.mark.parametrize("path", _OPEN)
def test_each_sentence_names_its_field(case: Case, clerk: Clerk, path: str) -> None:
    assert _summary(clerk, path) == _OPEN[path]


@pytest.mark.parametrize("path", _AGREED)
def test_so_does_each_of_an_agreement(case: Case, clerk: Clerk, path: str) -> None:
    case.accept(case.offer())
    case.clock.at += timedelta(days=40)
    assert _summary(clerk, path) == _AGREED[path]


def test_an_offer_is_read_field_by_field_in_the_order_of_the_page(case: Case, clerk: Clerk) -> None:
    named = ["请填写列入方案的金额。", "请填写期数。", "请填写年利率。", "请填写第 1 张卡的本行余额的本金。"]
    assert _summary(clerk, "/offer") == named


def test_in_english_too(case: Case, clerk: Clerk) -> None:
    assert _summary(clerk, "/reject", "?lang=en") == [
        "Why: please choose.",
        "The words to the customer: please fill this in.",
    ]
