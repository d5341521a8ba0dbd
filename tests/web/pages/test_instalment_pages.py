"""`/my/instalments` and `/portal/instalments`: asked by a person, quoted by a clerk, accepted with a code, posted."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta
from typing import Any

import pytest
from werkzeug.test import TestResponse

from hub.domain.actor import HUB
from hub.domain.bank import Bank
from hub.domain.clock import FixedClock
from hub.domain.masks import mask_mobile
from hub.services.instalments import lapsing
from hub.services.operating import sweeps
from hub.wiring import Hub
from storage import banks as bank_rows
from storage import service_requests
from tests.applications import ICBC
from tests.conftest import SentMessages
from tests.web.pages.conftest import Visit
from tests.web.pages.test_calculator import text_of
from tests.web.pages.visitor import Visitor

TYPED = {
    "bank_code": ICBC,
    "card_last4": "0007",
    "kind": "settle_early",
    "wanted_on": "2026-11-24",
    "deal.kind": "merchant",
    "deal.principal_fen": "12000",
    "deal.terms": "12",
    "deal.paid_terms": "5",
    "deal.first_posted_on": "2026-07-10",
    "deal.fee_mode": "per_term",
    "deal.fee_fen": "72",
    "reason": "想早点还清",
}
HERE = "/my/instalments"


def sent(who: Visitor, address: str, form: dict[str, str]) -> TestResponse:
    """The form with a key of its own."""
    return who.post(address, {"once": uuid.uuid4().hex, **form})


@pytest.fixture(autouse=True)
def offered_by_the_bank(hub: Hub, banks: dict[str, Bank]) -> None:
    with hub.writing(HUB) as tx:
        bank_rows.set_settings(tx, ICBC, {"services": "instalments"})


@pytest.fixture
def person(visit: Visit) -> Visitor:
    return visit("cardholder-1")


@pytest.fixture
def clerk(visit: Visit) -> Visitor:
    return visit(f"reviewer-{ICBC}")


@pytest.fixture
def asked(person: Visitor) -> str:
    answer = sent(person, f"{HERE}/new", TYPED)
    assert answer.status_code == 303, text_of(answer)
    return str(answer.headers["Location"].split("?")[0].rpartition("/")[2])


@pytest.fixture
def quoted(clerk: Visitor, asked: str) -> str:
    send_quote(clerk, asked)
    return asked


QUOTED = {
    "as_of": "2026-11-24",
    "remaining_principal_fen": "7000",
    "interest_to_date_fen": "34.98",
    "fees_due_fen": "0",
    "other_fen": "0",
    "fees_refunded_fen": "0",
    "pay_fen": "7034.98",
    "valid_until": "2026-11-27",
    "pay_by": "2026-12-01",
}


def seen_at(clerk: Visitor, address: str) -> str:
    found = re.search(r'name="seen" value="(\d+)"', clerk.page(address))
    assert found is not None
    return found[1]


def send_quote(clerk: Visitor, asked: str, step: str = "send", **change: str) -> Any:
    address = f"/portal/instalments/{asked}/quote"
    return sent(clerk, address, {**QUOTED, "seen": seen_at(clerk, address), "step": step, **change})


def test_a_person_asks_and_sees_the_hubs_estimate_while_the_bank_is_at_it(person: Visitor, asked: str) -> None:
    page = text_of(person.get(f"{HERE}/{asked}"))
    for said in (
        "等银行报价",
        "银行应在 2026 年 11 月 25 日（周三）18:00 前答复。",
        "一共要还 7,034.98",
        "办好之前，请照常还每一期。",
    ):
        assert said in page
    assert "等银行报价" in text_of(person.get(HERE))


def test_what_is_wrong_is_said_at_its_field(person: Visitor) -> None:
    answer = sent(person, f"{HERE}/new", {**TYPED, "card_last4": "6222100000000007", "deal.principal_fen": ""})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert '<a href="#f-card_last4">' in page
    assert '<a href="#f-deal-principal_fen">请填写分期的本金。</a>' in page


def test_an_empty_form_names_each_field_that_is_missing_at_once(person: Visitor) -> None:
    page = sent(person, f"{HERE}/new", {}).get_data(as_text=True)
    for words in ("请选择银行。", "请填写卡号后四位。", "请填写分期的本金。", "请填写一共分几期。"):
        assert words in page, words
    assert "请填写这一项" not in page


def test_what_is_overdue_leads_to_the_application(person: Visitor) -> None:
    answer = sent(person, f"{HERE}/new", {**TYPED, "deal.paid_terms": "4"})
    assert (answer.status_code, "请改为申请和银行协商还款" in text_of(answer)) == (409, True)
    assert 'href="/apply/"' in answer.get_data(as_text=True)
    assert "还没有申请" in text_of(person.get(HERE))


def test_a_clerks_quote_begins_with_the_hubs_own_figures(clerk: Visitor, asked: str) -> None:
    assert f'href="/portal/instalments/{asked}' in clerk.page("/portal/requests?kind=instalments")
    page = clerk.page(f"/portal/instalments/{asked}/quote")
    for name, value in (("remaining_principal_fen", "7,000.00"), ("pay_fen", "7,034.98"), ("as_of", "2026-11-24")):
        assert re.search(rf'name="{name}" type="text" value="{value}"', page), name
    assert "13800000001" not in page


def test_a_clerk_sees_the_mobile_masked_and_in_full_once_they_say_why_and_takes_the_request(
    clerk: Visitor, person: Visitor, asked: str, hub: Hub
) -> None:
    here = f"/portal/instalments/{asked}"
    with hub.reading(HUB) as tx:
        record = service_requests.find_of_bank(tx, asked, bank_code=ICBC)
        mobile = (service_requests.contact_of(tx, record) or {})["mobile"]
    page = clerk.page(here)
    assert (mask_mobile(mobile) in page, mobile in page, "我来经办" in page) == (True, False, True)
    refused = sent(clerk, f"{here}/reveal", {"why": ""})
    assert (refused.status_code, mobile in refused.get_data(as_text=True)) == (422, False)
    assert sent(clerk, f"{here}/reveal", {"why": "核对报价"}).status_code == 303
    assert mobile in clerk.page(here)
    assert mobile in clerk.page(f"{here}/quote")
    log = person.page(f"{HERE}/{asked}").partition('<details id="log">')[2]
    assert [words for words in ("查看了完整的姓名和手机号", "核对报价") if words not in log] == []


def test_a_quote_is_shown_as_the_person_will_read_it_before_it_is_sent(
    clerk: Visitor, person: Visitor, asked: str
) -> None:
    shown = text_of(send_quote(clerk, asked, step="preview"))
    assert "客户会看到" in shown
    assert "银行的报价和平台的估算一样。" in shown
    assert "等银行报价" in text_of(person.get(f"{HERE}/{asked}"))
    assert send_quote(clerk, asked).status_code == 303
    assert "银行的报价和平台的估算一样。" in text_of(person.get(f"{HERE}/{asked}"))


def test_a_difference_is_explained_by_the_bank_and_told_in_words(clerk: Visitor, person: Visitor, asked: str) -> None:
    more = {"interest_to_date_fen": "50", "pay_fen": "7050"}
    refused = send_quote(clerk, asked, **more)
    assert (refused.status_code, "请写明是怎样计算的" in text_of(refused)) == (422, True)
    assert send_quote(clerk, asked, **more, basis="按合同第五条，计至次日。").status_code == 303
    page = text_of(person.get(f"{HERE}/{asked}"))
    assert "银行的报价比平台的估算多 15.02 元。" in page
    assert "按合同第五条，计至次日。" in page


def test_a_form_of_an_older_state_does_nothing(clerk: Visitor, asked: str) -> None:
    address = f"/portal/instalments/{asked}/quote"
    older = seen_at(clerk, address)
    send_quote(clerk, asked)
    late = sent(clerk, address, {**QUOTED, "seen": older, "step": "send"})
    assert (late.status_code, "您填写的内容都还在下面" in text_of(late)) == (409, True)


def test_a_quote_is_accepted_with_a_code_paid_and_posted(
    clerk: Visitor, person: Visitor, quoted: str, sms: SentMessages
) -> None:
    here = f"{HERE}/{quoted}"
    quote = re.findall(r'name="quote" value="(\w+)"', person.page(here))[0]
    assert sent(person, here, {"do": "code", "quote": quote}).status_code == 303
    _, text = sms.sent[-1]
    code = re.findall(r"\b\d{6}\b", text)[0]
    assert "元" not in text
    again = sent(person, here, {"do": "accept", "quote": quote, "confirmation_code": code})
    assert (again.status_code, "请勾选“我看过报价，同意这样办理”" in text_of(again)) == (422, True)
    accepted = {"do": "accept", "quote": quote, "confirmation_code": code, "agreed": "1"}
    assert sent(person, here, accepted).status_code == 303
    assert "请在 2026 年 12 月 1 日（周二）前（含当日）还 7,034.98 元。" in text_of(person.get(here))
    assert sent(person, here, {"do": "paid"}).status_code == 303
    # What was accepted cannot be quoted anew or refused: no form says that it can.
    for below in ("quote", "refuse"):
        assert clerk.get(f"/portal/instalments/{quoted}/{below}").status_code == 409
    address = f"/portal/instalments/{quoted}/done"
    posted = {"paid_on": "2026-11-21", "seen": seen_at(clerk, address)}
    assert sent(clerk, address, posted).status_code == 303
    assert "已办理" in text_of(person.get(here))
    assert quoted not in clerk.page("/portal/requests?kind=instalments")


def test_a_refusal_says_why_and_what_can_be_done(clerk: Visitor, person: Visitor, asked: str) -> None:
    address = f"/portal/instalments/{asked}/refuse"
    form = {"seen": seen_at(clerk, address), "reason_code": "contract_term"}
    assert sent(clerk, address, form).status_code == 422
    form = {**form, "text": "第八条：三十日内不办理。"}
    shown = text_of(sent(clerk, address, {**form, "step": "preview"}))
    assert [words for words in ("客户会看到", "合同有约定", form["text"], "不能撤回") if words not in shown] == []
    assert form["text"] in sent(clerk, address, {**form, "step": "edit"}).get_data(as_text=True)
    assert "合同有约定" not in text_of(person.get(f"{HERE}/{asked}"))
    assert sent(clerk, address, {**form, "step": "send"}).status_code == 303
    page = text_of(person.get(f"{HERE}/{asked}"))
    assert "合同有约定" in page
    assert "第八条：三十日内不办理。" in page
    assert "向银行投诉" in page


@pytest.mark.parametrize("do", ["decline", "withdraw"])
def test_the_person_leaves_it_and_nothing_changes(person: Visitor, quoted: str, do: str) -> None:
    quote = re.findall(r'name="quote" value="(\w+)"', person.page(f"{HERE}/{quoted}"))[0]
    assert sent(person, f"{HERE}/{quoted}", {"do": do, "quote": quote}).status_code == 303
    assert "已撤回" in text_of(person.get(f"{HERE}/{quoted}"))


def test_a_no_to_a_quote_that_was_replaced_is_taken_for_none(clerk: Visitor, person: Visitor, quoted: str) -> None:
    here = f"{HERE}/{quoted}"
    (older,) = set(re.findall(r'name="quote" value="(\w+)"', person.page(here)))
    send_quote(clerk, quoted, valid_until="2026-11-30")
    late = sent(person, here, {"do": "decline", "quote": older})
    assert (late.status_code, "情况刚刚有变化" in text_of(late)) == (409, True)
    assert "可以在 2026 年 11 月 30 日（周一）前接受" in text_of(person.get(here))


def test_in_english_a_number_of_instalments_is_no_number_of_an_instalment(person: Visitor) -> None:
    person.get("/my/?lang=en")
    for address in (f"{HERE}/new", "/calculator", "/calculator/instalments"):
        page = person.page(address)
        assert (">No.<" in page, ">instalments<" in page) == (False, True), address


def test_what_the_hub_cannot_know_of_a_payment_it_does_not_say(
    person: Visitor, quoted: str, sms: SentMessages, clock: FixedClock, hub: Hub
) -> None:
    here = f"{HERE}/{quoted}"
    quote = re.findall(r'name="quote" value="(\w+)"', person.page(here))[0]
    sent(person, here, {"do": "code", "quote": quote})
    code = re.findall(r"\b\d{6}\b", sms.sent[-1][1])[0]
    sent(person, here, {"do": "accept", "quote": quote, "confirmation_code": code, "agreed": "1"})
    clock.at += timedelta(days=12)
    sweeps.run_due(hub)
    page = text_of(person.get(here))
    assert "银行没有告知这笔还款已经入账" in page
    assert "没有收到" not in page


def test_in_english_nothing_is_left_in_chinese_but_own_words(person: Visitor, clerk: Visitor, quoted: str) -> None:
    person.get("/my/?lang=en")
    clerk.get("/portal/?lang=en")
    for who, address in (
        (person, HERE),
        (person, f"{HERE}/new"),
        (person, f"{HERE}/{quoted}"),
        (clerk, "/portal/requests?kind=instalments"),
        (clerk, f"/portal/instalments/{quoted}"),
        (clerk, f"/portal/instalments/{quoted}/quote"),
    ):
        page = re.sub(r"<(blockquote|bdi|textarea)[^>]*>.*?</\1>", "", who.page(address), flags=re.DOTALL)
        main = page[page.index("<main") : page.index("</main>")]
        assert re.findall(r"[一-鿿]+", re.sub(r"<[^>]+>", " ", main)) == [], address


MORE_BACK = {"fees_refunded_fen": "7100", "pay_fen": "0", "basis": "手续费一次收取，未使用的部分全部退回。"}


def test_where_more_goes_back_than_is_owed_nothing_is_to_be_paid(
    clerk: Visitor, person: Visitor, asked: str, sms: SentMessages, clock: FixedClock, hub: Hub
) -> None:
    send_quote(clerk, asked, **MORE_BACK)
    here = f"{HERE}/{asked}"
    assert "抵扣后多退的手续费 65.02" in text_of(person.get(here))
    quote = re.findall(r'name="quote" value="(\w+)"', person.page(here))[0]
    sent(person, here, {"do": "code", "quote": quote})
    code = re.findall(r"\b\d{6}\b", sms.sent[-1][1])[0]
    sent(person, here, {"do": "accept", "quote": quote, "confirmation_code": code, "agreed": "1"})
    page = text_of(person.get(here))
    assert "您不用再还钱，等银行入账" in page
    assert "客户不用还款。" in text_of(clerk.get(f"/portal/instalments/{asked}"))
    assert "我已经还了" not in page
    assert "银行应在" in page
    # What need not be paid cannot be paid too late.
    clock.at += timedelta(days=12)
    with hub.writing(HUB) as tx:
        (record,) = service_requests.list_of_matter(tx, asked)
        lapsing.look(tx, record.id)
        assert record.status == "awaiting_payment"


def test_what_was_taken_back_can_be_asked_again_and_is_folded_away_on_the_first_page(
    person: Visitor, asked: str
) -> None:
    assert "已经结束的事项" not in text_of(person.get("/my/"))
    sent(person, f"{HERE}/{asked}", {"do": "withdraw"})
    assert f'href="{HERE}/new"' in person.page(f"{HERE}/{asked}")
    folded = person.page("/my/").partition("<details")[2]
    assert "已经结束的事项：1 件" in folded
    assert f'href="{HERE}/{asked}"' in folded


def test_what_waits_for_the_person_stands_before_what_is_over(clerk: Visitor, person: Visitor, quoted: str) -> None:
    answer = sent(person, f"{HERE}/new", {**TYPED, "card_last4": "0008"})
    later = str(answer.headers["Location"].split("?")[0].rpartition("/")[2])
    sent(person, f"{HERE}/{later}", {"do": "withdraw"})
    page = person.page(HERE)
    assert page.index(quoted) < page.index(later)


def test_what_waits_for_the_person_stands_first_on_their_page_with_its_day(person: Visitor, quoted: str) -> None:
    page = text_of(person.get("/my/"))
    for said in ("需要您处理", "已报价", "可以在 2026 年 11 月 27 日（周五）前接受（含当日）。", "查看报价"):
        assert said in page, said
    assert "应在" not in page


def test_a_bank_that_does_not_answer_in_time_is_said_to_be_late(person: Visitor, asked: str, clock: FixedClock) -> None:
    addresses = ("/my/", HERE, f"{HERE}/{asked}")
    late = "对方没有按时答复，我们已经催办。这不是您的责任。"
    assert all(late not in text_of(person.get(each)) for each in addresses)
    clock.at += timedelta(days=7)
    for each in addresses:
        page = text_of(person.get(each))
        assert late in page, each
        # What was said stays in the log.
        assert "前答复" not in page.partition("往来")[0], each


@pytest.mark.parametrize(("button", "status"), [("不办了，分期照常", "quoted"), ("撤回申请", "with_bank")])
def test_what_cannot_be_undone_says_what_it_brings_before_it_is_pressed(
    person: Visitor, clerk: Visitor, asked: str, button: str, status: str
) -> None:
    if status == "quoted":
        send_quote(clerk, asked)
    page = person.page(f"{HERE}/{asked}")
    [hidden] = re.findall(rf"<details[^>]*>\s*<summary>{button}</summary>(.*?)</details>", page, re.DOTALL)
    assert "原来的分期照常进行。还想办理，可以再申请一次。" in hidden
    assert button in hidden


def test_a_request_that_goes_with_its_person_is_named_before_and_gone_after(
    hub: Hub, person: Visitor, asked: str
) -> None:
    named = "取消分期、提前结清的申请和往来"
    page = text_of(person.get("/my/erasure"))
    with hub.reading(HUB) as tx:
        [record] = service_requests.list_of_matter(tx, asked)
        assert named in page
        assert record.reference.replace("-", "") in page.replace("-", "").replace("\u2060", "")
    assert sent(person, "/my/erasure", {"erase": "1"}).status_code == 303
    with hub.reading(HUB) as tx:
        gone = service_requests.find(tx, record.id)
        assert gone is not None
        assert (gone.erased_at is not None, gone.contents_sealed) == (True, b"")
