"""A deal cancelled or settled early, by API from the request to the posting; refusals, and what each side sees."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from hub.domain.actor import HUB
from hub.domain.bank import Bank
from hub.domain.clock import FixedClock
from hub.services import freed_codes
from hub.services.operating import operator_tasks, sweeps
from hub.wiring import Hub
from storage import banks as bank_rows
from tests.applications import CITIC, CITIC_CARDS, CMB, ICBC, card
from tests.conftest import AddCaller, SentMessages
from tests.web.api.faults import faults_of
from tests.web.api.test_people import subject_of
from tests.web.caller import Caller, json_of, made

# The clock of these tests stands at 2026-11-21, a Saturday.
DEAL = {
    "kind": "merchant",
    "principal_fen": 1_200_000,
    "terms": 12,
    "paid_terms": 5,
    "fee_mode": "per_term",
    "fee_fen": 7_200,
    "first_posted_on": "2026-07-10",
}
ASKED: dict[str, Any] = {
    "subject": "person-1",
    "mobile": "13800000001",
    "bank_code": ICBC,
    "card_last4": "0007",
    "deal_no": "FQ-1",
    "deal": DEAL,
    "kind": "settle_early",
    "wanted_on": "2026-11-24",
    "reason": "想早点还清",
}
QUOTED: dict[str, Any] = {
    "as_of": "2026-11-24",
    "valid_until": "2026-11-27",
    "pay_by": "2026-12-01",
    "remaining_principal_fen": 700_000,
    "interest_to_date_fen": 3_498,
    "pay_fen": 703_498,
}
PERSON = {"subject": "person-1"}


@pytest.fixture(autouse=True)
def offered_by_the_bank(hub: Hub, banks: dict[str, Bank]) -> None:
    with hub.writing(HUB) as tx:
        bank_rows.set_settings(tx, ICBC, {"services": "instalments"})


@pytest.fixture
def asked(host_app: Caller) -> str:
    return str(made(host_app.post("/instalment-requests", ASKED))["id"])


@pytest.fixture
def quote(icbc: Caller, asked: str) -> str:
    return quoted(icbc, asked)


def quoted(icbc: Caller, asked: str, **change: Any) -> str:
    answer = made(icbc.post(f"/bank/instalment-requests/{asked}/quotes", {**QUOTED, **change}), 200)
    return str(answer["quotes"][-1]["id"])


def accept(host_app: Caller, sms: SentMessages, asked: str, quote: str) -> Any:
    here = f"/instalment-requests/{asked}/quotes/{quote}"
    made(host_app.post(f"{here}/confirmation-codes", PERSON), 202)
    code = re.findall(r"\b\d{6}\b", sms.sent[-1][1])[0]
    return host_app.post(f"{here}/accept", {**PERSON, "confirmation_code": code})


def status_of(host_app: Caller, asked: str) -> str:
    items = made(host_app.get("/instalment-requests", query_string=PERSON), 200)["items"]
    return str(next(each["status"] for each in items if each["id"] == asked))


def pass_to(hub: Hub, clock: FixedClock, days: int) -> None:
    clock.at += timedelta(days=days)
    sweeps.run_due(hub)


def test_a_request_is_at_the_bank_with_the_hubs_own_estimate_and_a_time_to_answer(
    host_app: Caller, icbc: Caller, asked: str
) -> None:
    told = made(icbc.get(f"/bank/instalment-requests/{asked}"), 200)
    assert (told["status"], told["card_last4"], told["deal_no"]) == ("with_bank", "0007", "FQ-1")
    assert told["own_estimate"]["figures"]["pay_fen"] == 703_498
    # Three working days from Monday 23 November, until 18:00.
    assert told["due_at"] == "2026-11-25T18:00:00+08:00"
    assert made(host_app.get("/instalment-requests", query_string=PERSON), 200)["items"] == [told]


def test_a_deal_is_settled_from_the_request_to_the_posting(
    host_app: Caller, icbc: Caller, asked: str, quote: str, sms: SentMessages
) -> None:
    accepted = made(accept(host_app, sms, asked, quote), 200)
    assert (accepted["status"], accepted["accepted_quote"]) == ("awaiting_payment", quote)
    paid = made(host_app.post(f"/instalment-requests/{asked}/paid", PERSON), 200)
    # Two working days to post what the person says they have paid.
    assert (paid["payment_noted"], paid["due_at"]) == (True, "2026-11-24T18:00:00+08:00")
    done = made(icbc.post(f"/bank/instalment-requests/{asked}/done", {"paid_on": "2026-11-21"}), 200)
    assert (done["status"], done["posting"]) == ("done", {"paid_on": "2026-11-21", "refund_by": None, "deal_no": ""})


def test_accepting_twice_is_accepting_once(host_app: Caller, asked: str, quote: str, sms: SentMessages) -> None:
    first = accept(host_app, sms, asked, quote)
    here = f"/instalment-requests/{asked}/quotes/{quote}/accept"
    again = host_app.post(here, {**PERSON, "confirmation_code": "000000"})
    assert json_of(again) == json_of(first)


def test_after_its_last_day_a_quote_is_accepted_no_more_and_lapses(
    host_app: Caller, asked: str, quote: str, hub: Hub, clock: FixedClock
) -> None:
    pass_to(hub, clock, 6)
    assert status_of(host_app, asked) == "quoted"
    clock.at += timedelta(days=1)
    late = host_app.post(f"/instalment-requests/{asked}/quotes/{quote}/confirmation-codes", PERSON)
    assert (late.status_code, json_of(late)["code"]) == (409, "status_conflict")
    sweeps.run_due(hub)
    assert status_of(host_app, asked) == "lapsed"


def test_what_is_not_paid_in_time_is_void_and_the_deal_stays_as_it_was(
    host_app: Caller, asked: str, quote: str, sms: SentMessages, hub: Hub, clock: FixedClock
) -> None:
    before = made(accept(host_app, sms, asked, quote), 200)
    pass_to(hub, clock, 10)
    assert status_of(host_app, asked) == "awaiting_payment"
    pass_to(hub, clock, 1)
    (after,) = made(host_app.get("/instalment-requests", query_string=PERSON), 200)["items"]
    assert (after["status"], after["deal"]) == ("void", before["deal"])


def test_what_the_person_says_they_have_paid_is_not_void(
    host_app: Caller, asked: str, quote: str, sms: SentMessages, hub: Hub, clock: FixedClock
) -> None:
    accept(host_app, sms, asked, quote)
    made(host_app.post(f"/instalment-requests/{asked}/paid", PERSON), 200)
    pass_to(hub, clock, 12)
    assert status_of(host_app, asked) == "awaiting_payment"


def test_a_wrong_code_is_counted_and_accepts_nothing(
    host_app: Caller, asked: str, quote: str, sms: SentMessages
) -> None:
    here = f"/instalment-requests/{asked}/quotes/{quote}"
    made(host_app.post(f"{here}/confirmation-codes", PERSON), 202)
    code = re.findall(r"\b\d{6}\b", sms.sent[-1][1])[0]
    wrong = "000000" if code != "000000" else "000001"
    for _ in range(5):
        assert faults_of(host_app.post(f"{here}/accept", {**PERSON, "confirmation_code": wrong})) == {
            ("/confirmation_code", "wrong_confirmation_code")
        }
    refused = host_app.post(f"{here}/accept", {**PERSON, "confirmation_code": code})
    assert faults_of(refused) == {("/confirmation_code", "confirmation_code_used_up")}
    assert status_of(host_app, asked) == "quoted"


def test_fifteen_wrong_codes_stop_a_quote_until_an_operator_who_was_told_frees_it(
    host_app: Caller, hub: Hub, clock: FixedClock, asked: str, quote: str, sms: SentMessages
) -> None:
    here = f"/instalment-requests/{asked}/quotes/{quote}"
    for tries in range(3):
        made(host_app.post(f"{here}/confirmation-codes", PERSON), 202)
        code = re.findall(r"\b\d{6}\b", sms.sent[-1][1])[0]
        wrong = "000000" if code != "000000" else "000001"
        for _ in range(5):
            host_app.post(f"{here}/accept", {**PERSON, "confirmation_code": wrong})
        with hub.reading(HUB) as tx:
            assert [each.params["tries"] for each in operator_tasks.open_tasks(tx)] == ([] if tries == 0 else [10])
        clock.at += timedelta(minutes=6)
    clock.at += timedelta(days=2)
    refused = host_app.post(f"{here}/confirmation-codes", PERSON)
    assert (refused.status_code, json_of(refused)["code"]) == (429, "confirmation_stopped")
    with hub.reading(HUB) as tx:
        [task] = operator_tasks.open_tasks(tx)
    assert task.reference is not None
    with hub.writing(HUB) as tx:
        assert freed_codes.free(tx, task.id)
    assert made(accept(host_app, sms, asked, quote), 200)["status"] == "awaiting_payment"


@pytest.mark.parametrize(("path", "status"), [("quotes/{quote}/decline", "withdrawn"), ("withdraw", "withdrawn")])
def test_the_person_can_leave_it(host_app: Caller, asked: str, quote: str, path: str, status: str) -> None:
    answer = host_app.post(f"/instalment-requests/{asked}/{path.format(quote=quote)}", {**PERSON, "text": "再想想"})
    assert made(answer, 200)["status"] == status
    again = host_app.post(f"/instalment-requests/{asked}/withdraw", PERSON)
    assert (again.status_code, json_of(again)["status_now"]) == (409, "withdrawn")


@pytest.mark.parametrize(
    ("change", "faults"),
    [
        ({"pay_fen": 703_499}, {("/pay_fen", "quote_sum")}),
        ({"interest_to_date_fen": 3_599, "pay_fen": 703_599}, {("/basis", "quote_basis")}),
        ({"interest_to_date_fen": 3_397, "pay_fen": 703_397}, {("/basis", "quote_basis")}),
        ({"interest_to_date_fen": 3_397, "pay_fen": 703_397, "basis": "\u200b"}, {("/basis", "quote_basis")}),
        ({"valid_until": "2026-11-23"}, {("/valid_until", "day_range")}),
        ({"valid_until": "2026-12-02"}, {("/valid_until", "day_range"), ("/pay_by", "day_range")}),
        ({"pay_by": "2026-12-11"}, {("/pay_by", "day_range")}),
        ({"as_of": "2026-12-11"}, {("/as_of", "day_range")}),
        ({"basis": "请用交易密码 135790 确认"}, {("/basis", "card_secret_refused")}),
        ({"basis": "按卡号 6222100000000007 计"}, {("/basis", "full_number_refused")}),
    ],
)
def test_a_quote_that_cannot_be_is_refused_and_nothing_is_written(
    icbc: Caller, asked: str, change: dict[str, Any], faults: set[tuple[str, str]]
) -> None:
    here = f"/bank/instalment-requests/{asked}"
    before = made(icbc.get(here), 200)
    assert faults_of(icbc.post(f"{here}/quotes", {**QUOTED, **change})) == faults
    assert made(icbc.get(here), 200) == before


def test_a_refusal_holds_no_secret_of_a_card_and_may_hold_days_and_numbers(icbc: Caller, asked: str) -> None:
    here = f"/bank/instalment-requests/{asked}"
    before = made(icbc.get(here), 200)
    for text, code in (("验证码是 135790", "card_secret_refused"), ("6222 1000 0000 0007", "full_number_refused")):
        refused = icbc.post(f"{here}/refuse", {"reason_code": "other", "text": text})
        assert faults_of(refused) == {("/text", code)}
        assert "请删去" in json_of(refused)["errors"][0]["message"]
    assert made(icbc.get(here), 200) == before
    text = "报价有效期至 12/10，受理号 BL-20261121-477551，请打 400-820-8820，2026-12-03 前"
    assert made(icbc.post(f"{here}/refuse", {"reason_code": "other", "text": text}), 200)["status"] == "refused"


@pytest.mark.parametrize(
    "change",
    [
        {"interest_to_date_fen": 3_598, "pay_fen": 703_598},
        {"interest_to_date_fen": 5_000, "pay_fen": 705_000, "basis": "按合同第五条计至次日。"},
    ],
)
def test_a_difference_of_one_yuan_needs_no_words_and_more_does(
    icbc: Caller, asked: str, change: dict[str, Any]
) -> None:
    answer = made(icbc.post(f"/bank/instalment-requests/{asked}/quotes", {**QUOTED, **change}), 200)
    assert answer["status"] == "quoted"
    assert answer["quotes"][-1]["difference_fen"] == change["pay_fen"] - 703_498


def test_a_second_quote_takes_the_place_of_the_first(
    host_app: Caller, icbc: Caller, asked: str, quote: str, sms: SentMessages
) -> None:
    second = quoted(icbc, asked, valid_until="2026-11-30")
    here = f"/instalment-requests/{asked}/quotes"
    assert host_app.post(f"{here}/{quote}/confirmation-codes", PERSON).status_code == 409
    assert made(accept(host_app, sms, asked, second), 200)["accepted_quote"] == second


def test_a_no_to_a_quote_that_was_replaced_leaves_the_newer_one_to_be_accepted(
    host_app: Caller, icbc: Caller, asked: str, quote: str, sms: SentMessages
) -> None:
    second = quoted(icbc, asked, valid_until="2026-11-30")
    refused = host_app.post(f"/instalment-requests/{asked}/quotes/{quote}/decline", PERSON)
    assert (refused.status_code, json_of(refused)["status_now"]) == (409, "quoted")
    assert made(accept(host_app, sms, asked, second), 200)["accepted_quote"] == second


@pytest.mark.parametrize(
    ("body", "faults"),
    [
        ({"reason_code": "contract_term"}, {("/text", "text_required")}),
        ({"reason_code": "other", "text": " "}, {("/text", "text_required")}),
        ({"reason_code": "contract_term", "text": "\u200b"}, {("/text", "text_required")}),
        ({"reason_code": "too_late"}, {("/reason_code", "unknown_choice")}),
    ],
)
def test_a_refusal_of_some_reasons_needs_words(
    icbc: Caller, asked: str, body: dict[str, str], faults: set[tuple[str, str]]
) -> None:
    assert faults_of(icbc.post(f"/bank/instalment-requests/{asked}/refuse", body)) == faults


def test_a_refusal_stands_with_its_reason(host_app: Caller, icbc: Caller, asked: str) -> None:
    body = {"reason_code": "contract_term", "text": "第八条：首期入账后三十日内不办理。"}
    assert made(icbc.post(f"/bank/instalment-requests/{asked}/refuse", body), 200)["status"] == "refused"
    (seen,) = made(host_app.get("/instalment-requests", query_string=PERSON), 200)["items"]
    assert seen["refusal"] == body


def test_a_fee_that_goes_back_is_on_the_card_within_seven_working_days(
    host_app: Caller, icbc: Caller, sms: SentMessages
) -> None:
    deal = {**DEAL, "fee_mode": "upfront", "fee_fen": 86_400}
    refund = {**ASKED, "deal": deal, "kind": "refund", "merchant_refund_fen": 1_200_000}
    asked = made(host_app.post("/instalment-requests", refund))["id"]
    parts = {"remaining_principal_fen": 0, "interest_to_date_fen": 3_594, "fees_refunded_fen": 31_610, "pay_fen": 0}
    quote = quoted(icbc, asked, **parts)
    made(accept(host_app, sms, asked, quote), 200)
    done = made(icbc.post(f"/bank/instalment-requests/{asked}/done", {"paid_on": "2026-11-21"}), 200)
    assert done["posting"]["refund_by"] == "2026-12-01"


@pytest.mark.parametrize(
    ("change", "code", "link"),
    [
        ({"deal": {**DEAL, "paid_terms": 4}}, "overdue", "/apply/"),
        ({"kind": "cancel_before_first"}, "not_cancellable_after_posting", None),
        ({"bank_code": CMB}, "service_not_offered", None),
    ],
)
def test_what_cannot_be_asked_here_leads_on(
    host_app: Caller, change: dict[str, Any], code: str, link: str | None
) -> None:
    refused = host_app.post("/instalment-requests", {**ASKED, **change})
    assert (refused.status_code, json_of(refused)["code"], json_of(refused).get("link")) == (409, code, link)
    assert made(host_app.get("/instalment-requests", query_string=PERSON), 200)["items"] == []


def test_an_overdue_bill_of_the_card_leads_to_the_bank(host_app: Caller) -> None:
    bill = {
        "subject": "person-1",
        "bank_code": ICBC,
        "card_last4": "0007",
        "due_on": "2026-11-10",
        "statement_fen": 120_000,
        "minimum_fen": 12_000,
        "is_overdue": True,
    }
    made(host_app.put("/bills/one", bill), 201)
    refused = host_app.post("/instalment-requests", ASKED)
    assert (refused.status_code, json_of(refused)["code"]) == (409, "overdue")
    assert host_app.post("/instalment-requests", {**ASKED, "card_last4": "0008"}).status_code == 201


def test_a_bill_under_another_code_of_the_bank_is_that_banks_bill(host_app: Caller, hub: Hub) -> None:
    with hub.writing(HUB) as tx:
        bank_rows.set_settings(tx, CITIC, {"services": "instalments"})
    bill = {"subject": "person-1", "bank_code": CITIC_CARDS, "card_last4": "0007", "due_on": "2026-11-10"}
    made(host_app.put("/bills/one", {**bill, "statement_fen": 120_000, "minimum_fen": 1, "is_overdue": True}), 201)
    refused = host_app.post("/instalment-requests", {**ASKED, "bank_code": CITIC})
    assert (refused.status_code, json_of(refused)["code"]) == (409, "overdue")


def test_a_row_of_a_plan_under_article_70_is_no_deal(host_app: Caller, hub: Hub, agreed: str) -> None:
    of_its_person = {"subject": subject_of(hub, agreed), "card_last4": card(ICBC)[-4:]}
    refused = host_app.post("/instalment-requests", {**ASKED, **of_its_person})
    told = json_of(refused)
    early = f"/my/negotiations/{agreed.rpartition('/')[2]}/early-settlement"
    assert (refused.status_code, told["code"], told["link"]) == (409, "plan_under_article_70", early)
    of_its_person["card_last4"] = "0008"
    assert host_app.post("/instalment-requests", {**ASKED, **of_its_person}).status_code == 201


@pytest.mark.parametrize("number", ["fq-1", "FQ 1", "ＦＱ－１", "FQ\u20131\u200b", ""])
def test_one_deal_is_one_however_its_number_is_spelt(host_app: Caller, asked: str, number: str) -> None:
    refused = host_app.post("/instalment-requests", {**ASKED, "deal_no": number})
    assert (refused.status_code, json_of(refused)["code"]) == (409, "request_open")
    assert host_app.post("/instalment-requests", {**ASKED, "deal_no": "FQ-2"}).status_code == 201


def test_one_deal_is_asked_about_once_at_a_time_and_again_by_its_id(host_app: Caller, icbc: Caller, asked: str) -> None:
    refused = host_app.post("/instalment-requests", ASKED)
    assert (refused.status_code, json_of(refused)["code"]) == (409, "request_open")
    made(icbc.post(f"/bank/instalment-requests/{asked}/refuse", {"reason_code": "merchant_not_refunded"}), 200)
    again = {**PERSON, "mobile": "13800000001", "deal_id": asked, "kind": "settle_early"}
    made_again = made(host_app.post("/instalment-requests", again))
    assert (made_again["deal"], made_again["wanted_on"]) == ({**DEAL, "annual_percent": None}, "2026-11-21")
    unknown = host_app.post("/instalment-requests", {**again, "deal_id": "0" * 32})
    assert (unknown.status_code, json_of(unknown)["code"]) == (404, "deal_unknown")


def test_nobody_else_finds_it(
    host_app: Caller, bank_app: Callable[[str], Caller], caller: AddCaller, asked: str, quote: str
) -> None:
    other_bank, other_app = bank_app(CMB), caller("another app", "applications:read", "applications:write")
    here = f"/bank/instalment-requests/{asked}"
    assert other_bank.get(here).status_code == 404
    for path, body in (("quotes", QUOTED), ("refuse", {"reason_code": "overdue"}), ("done", {"paid_on": "2026-11-21"})):
        assert other_bank.post(f"{here}/{path}", body).status_code == 404
    for person in (PERSON, {"subject": "person-2"}):
        who = other_app if person == PERSON else host_app
        assert made(who.get("/instalment-requests", query_string=person), 200)["items"] == []
        for path in (f"quotes/{quote}/confirmation-codes", f"quotes/{quote}/decline", "withdraw", "paid"):
            assert who.post(f"/instalment-requests/{asked}/{path}", person).status_code == 404
