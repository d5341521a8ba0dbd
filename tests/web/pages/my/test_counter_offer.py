"""A person's counter-offer: a few words, what comes of them, and then the sending."""

from __future__ import annotations

from typing import Any

import pytest

from tests.applications import terms
from tests.web.caller import Caller, made
from tests.web.pages.my.ways import bank_path
from tests.web.pages.reader import Page


def form_of(offered: Page, kind: str = "instalments") -> Page:
    here = offered.address.partition("/offers")[0]
    return offered.reader.open(f"{here}/counter?kind={kind}")


def own_offers(icbc: Caller, page: Page) -> list[dict[str, Any]]:
    offers = made(icbc.get(f"{bank_path(page)}"), 200)["offers"]
    return [each for each in offers if each["by"] == "cardholder"]


def test_what_a_month_can_bear_is_enough_and_is_shown_before_it_is_sent(offered: Page, icbc: Caller) -> None:
    form = form_of(offered)
    assert "还可以提 3 次" in form.text
    assert "现在还不会发给银行" in form.text
    said = {"terms.monthly_payment_fen": "300", "terms.instalments": "60", "terms.note": "想慢慢还"}
    shown = form.press("看一遍再发送", said)
    assert shown.status == 200, shown.text
    for words in ("还没有发给银行", "300.00 元", "18,000.00 元", "想慢慢还", "没有列入方案的欠款", "免息", "2026"):
        assert words in shown.text, words
    assert own_offers(icbc, offered) == []
    sent = shown.press("发给银行")
    assert "等银行答复" in sent.text
    [mine] = own_offers(icbc, sent)
    terms = mine["terms"]
    assert (terms["instalments"], terms["method"], terms["principal_fen"]) == (60, "interest_free", 1_800_000)
    assert {row["total_fen"] for row in mine["schedule"]} == {30_000}


def test_what_is_left_can_be_wished_to_be_waived(offered: Page, icbc: Caller) -> None:
    said = {"terms.monthly_payment_fen": "300", "terms.instalments": "60", "waive_rest": ["1"]}
    shown = form_of(offered).press("看一遍再发送", said)
    assert "没有列入方案的欠款 没有" in shown.text
    [mine] = own_offers(icbc, shown.press("发给银行"))
    assert mine["left_out_fen"] == 0
    assert sum(mine["terms"]["waived"].values()) > 0


def test_what_was_typed_is_there_again_on_the_way_back(offered: Page) -> None:
    said = {"terms.monthly_payment_fen": "300", "terms.annual_rate_percent": "3.6", "waive_rest": ["1"]}
    back = form_of(offered).press("看一遍再发送", said).press("返回修改")
    fields = dict(back.form("看一遍再发送").fields)
    assert fields["terms.monthly_payment_fen"] == "300"
    assert fields["terms.annual_rate_percent"] == "3.6"
    assert fields["waive_rest"] == "1"


def test_with_a_rate_no_month_costs_more_than_was_said(offered: Page, icbc: Caller) -> None:
    said = {"terms.monthly_payment_fen": "300", "terms.instalments": "24", "terms.annual_rate_percent": "12"}
    [mine] = own_offers(icbc, form_of(offered).press("看一遍再发送", said).press("发给银行"))
    assert mine["terms"]["method"] == "equal_instalment"
    assert max(row["total_fen"] for row in mine["schedule"]) <= 30_000 + 24
    assert mine["schedule"][0]["total_fen"] == 30_000


def test_nothing_is_sent_that_was_not_seen(offered: Page, icbc: Caller) -> None:
    form = form_of(offered)
    address, data = form.sent("看一遍再发送", {"terms.monthly_payment_fen": "300"})
    data["do"] = "send"
    shown = offered.reader.send(address, data)
    assert "请看一遍" in shown.text
    address, data = shown.sent("发给银行")
    data["terms.monthly_payment_fen"] = "100"
    again = offered.reader.send(address, data)
    assert "数字有了变化" in again.text
    assert own_offers(icbc, offered) == []
    assert "等银行答复" in again.press("发给银行").text


@pytest.mark.parametrize(
    ("kind", "said", "field", "words"),
    [
        ("instalments", {}, "terms-monthly_payment_fen", "请填写每月还多少。"),
        ("instalments", {"terms.monthly_payment_fen": "很多"}, "terms-monthly_payment_fen", "请填写每月还多少，例如"),
        (
            "instalments",
            {"terms.monthly_payment_fen": "300", "terms.instalments": "61"},
            "terms-instalments",
            "分多少期不能大于 60",
        ),
        (
            "instalments",
            {"terms.monthly_payment_fen": "300", "terms.principal_fen": "900"},
            "terms-monthly_payment_fen",
            "请只填一个",
        ),
        (
            "instalments",
            {"terms.monthly_payment_fen": "300", "terms.waived.fees_fen": "999999"},
            "terms-waived-fees_fen",
            "超过了所欠的金额",
        ),
        (
            "instalments",
            {"terms.monthly_payment_fen": "300", "terms.first_due_on": "昨天"},
            "terms-first_due_on",
            "请填写首次还款日",
        ),
        ("settlement", {}, "terms-principal_fen", "请填写一次还清的金额。"),
        (
            "settlement",
            {"terms.principal_fen": "99999"},
            "terms-principal_fen",
            "一次还清的金额超过了所欠的金额，最多 18,500.00 元。",
        ),
        ("deferral", {"terms.months": "13"}, "terms-months", "月数请填写 1 到 12 之间的数。"),
        ("lower_minimum", {"terms.months": "6"}, "terms-minimum_percent", "请填写最低还款额的比例。"),
    ],
)
def test_each_refusal_is_a_sentence_at_its_field_and_what_was_typed_stays(
    offered: Page, icbc: Caller, kind: str, said: dict[str, Any], field: str, words: str
) -> None:
    refused = form_of(offered, kind).press("看一遍再发送", said)
    assert refused.status == 422
    assert f"f-{field}-error" in refused.ids
    assert words in refused.text
    for each in said.values():
        assert f'value="{each}"' in refused.html
    assert own_offers(icbc, offered) == []


def test_everything_waived_leaves_nothing_to_offer(offered: Page) -> None:
    owed = made_whole(form_of(offered))
    refused = form_of(offered).press("看一遍再发送", {"terms.monthly_payment_fen": "1", **owed})
    assert refused.status == 422
    assert "f-terms-waived-error" in refused.ids
    assert "没有要还的了" in refused.text


def made_whole(form: Page) -> dict[str, str]:
    """All that is owed, as a wish to be waived."""
    return {
        "terms.waived.principal_fen": "18500",
        "terms.waived.interest_fen": "462",
        "terms.waived.penalty_fen": "120",
        "terms.waived.fees_fen": "0",
    }


@pytest.mark.parametrize(
    ("kind", "said", "asked"),
    [
        ("settlement", {"terms.principal_fen": "12000"}, {"principal_fen": 1_200_000}),
        ("deferral", {"terms.months": "6"}, {"months": 6, "annual_rate_percent": "0.00"}),
        (
            "lower_minimum",
            {"terms.months": "6", "terms.minimum_percent": "5", "terms.annual_rate_percent": "18.25"},
            {"months": 6, "minimum_percent": "5.00"},
        ),
    ],
)
def test_every_kind_is_shown_and_sent(
    offered: Page, icbc: Caller, kind: str, said: dict[str, Any], asked: dict[str, Any]
) -> None:
    [mine] = own_offers(icbc, form_of(offered, kind).press("看一遍再发送", said).press("发给银行"))
    assert mine["terms"].items() >= {"kind": kind, **asked}.items()


def test_the_own_idea_stands_above_the_banks_plan_while_it_waits(offered: Page, icbc: Caller) -> None:
    sent = form_of(offered).press("看一遍再发送", {"terms.monthly_payment_fen": "300"}).press("发给银行")
    assert "您的方案已经发给银行" in sent.text
    case = offered.reader.open(offered.address.partition("/offers")[0])
    places = [case.text.index(each) for each in ("您的方案已发出，等银行答复", "300.00", "银行此前的方案仍然有效")]
    assert places == sorted(places)


def test_a_waiting_idea_is_told_once_and_as_the_persons_own(offered: Page) -> None:
    sent = form_of(offered).press("看一遍再发送", {"terms.instalments": "40"}).press("发给银行")
    assert "您提出方案：" in sent.text
    assert "持卡人提出方案" not in sent.text
    assert "其他方案" not in sent.text
    [idea] = {each for each in sent.links if "/offers/" in each} - {offered.address}
    shown = sent.reader.open(idea)
    assert "您提出的方案" in shown.text
    assert "等银行答复" in shown.text
    assert "中国工商银行的方案" not in shown.text
    place = sent.reader.open("/my/").text
    assert place.index("您的方案已发出，等银行答复") < place.index("个工作日") < place.index("银行此前的方案仍然有效")


def test_what_is_typed_stands_beside_the_banks_plan(offered: Page, icbc: Caller) -> None:
    form = form_of(offered)
    assert "这里就会算出来" in form.text
    address, data = form.sent("看一遍再发送", {"terms.monthly_payment_fen": "300"})
    part = offered.reader.send(f"{address.partition('?')[0]}/preview", data)
    assert part.status == 200
    assert "<html" not in part.html
    for words in ("您的方案", "银行的方案", "300.00 元", "60 期", "18,000.00 元", "没有列入方案的欠款"):
        assert words in part.text, words
    assert own_offers(icbc, offered) == []
    data["terms.monthly_payment_fen"] = "很多"
    assert "这里就会算出来" in offered.reader.send(f"{address.partition('?')[0]}/preview", data).text
    data.pop("csrf_token")
    assert offered.reader.send(f"{address.partition('?')[0]}/preview", data).status == 400


def test_the_last_counter_offer_says_so_and_then_leads_to_the_phone(offered: Page, icbc: Caller) -> None:
    here = offered.address.partition("/offers")[0]
    for left in ("再提 2 次", "再提 1 次", "这是最后一次"):
        shown = form_of(offered).press("看一遍再发送", {"terms.monthly_payment_fen": "300"})
        assert left in shown.text
        shown.press("发给银行")
        # The bank's answer is another offer, and it is the person's turn again.
        made(icbc.post(f"{bank_path(offered)}/offers", {"terms": terms()}))
    refused = offered.reader.open(f"{here}/counter")
    assert "现在不能再提方案" in refused.text
    assert "tel:95588" in refused.links
