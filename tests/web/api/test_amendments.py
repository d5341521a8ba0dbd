"""Amendments of an agreement by the API, on both sides."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.conftest import SentMessages
from tests.web.api.faults import faults_of
from tests.web.caller import Caller, made

QUOTE = {
    "principal_fen": 1_850_000,
    "interest_fen": 3_000,
    "fee_fen": 0,
    "valid_until": "2026-12-05T18:00:00+08:00",
}


def asked(host_app: Caller, agreed: str, settle_on: str = "2026-12-10") -> str:
    """The path of a request for an early settlement, below the negotiation."""
    body = {"settle_on": settle_on, "text": "年终奖到了"}
    shown = made(host_app.post(f"{agreed}/agreement/early-settlement", body))
    return f"{agreed}/agreement/early-settlement/{shown['early_settlement']['id']}"


def code_of(host_app: Caller, sms: SentMessages, path: str) -> dict[str, str]:
    sent = made(host_app.post(f"{path}/confirmation-codes"), 202)
    assert sent["sent_to"].startswith("138****")
    assert "补充协议" in sms.sent[-1][1]
    return {"confirmation_code": sms.sent[-1][1][:6]}


def test_an_early_settlement_from_the_request_to_its_paper(
    host_app: Caller, icbc: Caller, agreed: str, sms: SentMessages, work_off: Callable[[], int]
) -> None:
    path = asked(host_app, agreed)
    waiting = made(icbc.get(f"/bank{agreed}"), 200)["agreement"]["early_settlement"]
    assert (waiting["status"], waiting["estimate"]["interest_fen"], waiting["quote"]) == ("with_bank", 3_467, None)
    quoted = made(icbc.post(f"/bank{path}/quote", QUOTE), 200)["early_settlement"]
    assert quoted["quote"]["total_fen"] == 1_853_000
    code = code_of(host_app, sms, path)
    signed = made(host_app.post(f"{path}/accept", code), 200)
    assert [row["due_on"] for row in signed["payments"]] == ["2026-12-10"]
    assert signed["early_settlement"]["quote"]["digest"] == signed["amendments"][0]["digest"]
    work_off()
    shown = made(host_app.get(agreed), 200)["agreement"]
    [amendment] = shown["amendments"]
    assert amendment["number"] == f"{shown['number']}-01"
    for who, face in ((host_app, ""), (icbc, "/bank")):
        paper = who.get(f"{face}{agreed}/agreement/amendments/{amendment['id']}/paper.pdf")
        assert (paper.status_code, paper.data[:5]) == (200, b"%PDF-")
    made(
        icbc.post(
            f"/bank{agreed}/agreement/payments",
            {
                "number": 1,
                "paid_on": "2026-11-21",
                "amount_fen": 1_853_000,
            },
        )
    )
    assert made(host_app.get(agreed), 200)["agreement"]["status"] == "settled"


def test_another_pay_day_is_agreed_or_confirmed(host_app: Caller, icbc: Caller, agreed: str, sms: SentMessages) -> None:
    shown = made(host_app.post(f"{agreed}/agreement/pay-day", {"day": 5}))
    path = f"{agreed}/agreement/pay-day/{shown['pay_day']['id']}"
    agreed_on = made(icbc.post(f"/bank{path}/agree"), 200)
    assert agreed_on["payments"][0]["due_on"] == "2026-12-05"
    proposed = made(icbc.post(f"/bank{agreed}/agreement/pay-day", {"day": 28, "text": "改到月底"}))["pay_day"]
    path = f"{agreed}/agreement/pay-day/{proposed['id']}"
    confirmed = made(host_app.post(f"{path}/accept", code_of(host_app, sms, path)), 200)
    assert confirmed["payments"][0]["due_on"] == "2026-12-28"
    assert [each["kind"] for each in confirmed["amendments"]] == ["pay_day", "pay_day"]


def test_both_sides_can_say_no(host_app: Caller, icbc: Caller, agreed: str) -> None:
    path = asked(host_app, agreed)
    assert faults_of(icbc.post(f"/bank{path}/refuse", {"text": ""})) == {("/text", "text_required")}
    refused = made(icbc.post(f"/bank{path}/refuse", {"text": "请到网点办理。"}), 200)["early_settlement"]
    assert (refused["status"], refused["answer"]) == ("refused", "请到网点办理。")
    path = asked(host_app, agreed)
    assert made(host_app.post(f"{path}/withdraw"), 200)["early_settlement"]["status"] == "withdrawn"
    path = asked(host_app, agreed)
    made(icbc.post(f"/bank{path}/quote", QUOTE), 200)
    assert made(host_app.post(f"{path}/decline", {"text": "再想想"}), 200)["early_settlement"]["status"] == "declined"
    assert host_app.post(f"{path}/accept", {"confirmation_code": "123456"}).status_code == 409


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"principal_fen": 1_850_001}, ("/principal_fen", "more_than_left")),
        ({"interest_fen": 5_551}, ("/interest_fen", "more_than_left")),
        ({"fee_fen": 100}, ("/fee_fen", "fee_not_agreed")),
        ({"valid_until": "2026-12-11T00:01:00+08:00"}, ("/valid_until", "quote_valid_until")),
        ({"principal_fen": -1}, ("/principal_fen", "too_small")),
    ],
)
def test_a_quote_that_cannot_be_is_refused_at_its_place(
    host_app: Caller, icbc: Caller, agreed: str, change: dict[str, Any], fault: tuple[str, str]
) -> None:
    path = asked(host_app, agreed)
    assert faults_of(icbc.post(f"/bank{path}/quote", {**QUOTE, **change})) == {fault}
    assert made(host_app.get(agreed), 200)["agreement"]["early_settlement"]["status"] == "with_bank"


@pytest.mark.parametrize(
    ("path", "body", "fault"),
    [
        ("early-settlement", {"settle_on": "2026-11-21"}, ("/settle_on", "day_range")),
        ("early-settlement", {"settle_on": "2026-12-22"}, ("/settle_on", "day_range")),
        ("early-settlement", {}, ("/settle_on", "required")),
        ("pay-day", {"day": 20}, ("/day", "pay_day_same")),
        ("pay-day", {"day": 32}, ("/day", "too_large")),
        ("pay-day", {"day": 0}, ("/day", "too_small")),
    ],
)
def test_a_request_that_cannot_be_is_refused_at_its_place(
    host_app: Caller, agreed: str, path: str, body: dict[str, Any], fault: tuple[str, str]
) -> None:
    assert faults_of(host_app.post(f"{agreed}/agreement/{path}", body)) == {fault}


def test_one_request_is_open_at_a_time(host_app: Caller, icbc: Caller, agreed: str) -> None:
    asked(host_app, agreed)
    for who, path in ((host_app, agreed), (icbc, f"/bank{agreed}")):
        answer = who.post(f"{path}/agreement/pay-day", {"day": 5})
        assert (answer.status_code, answer.get_json()["code"]) == (409, "amendment_open")
        assert answer.get_json()["detail"] == "已有一项对协议的调整正在进行，请等它结束后再提出。"
