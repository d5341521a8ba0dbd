"""Offers by API: made, countered, declined, confirmed by a code, and too large for one pair of eyes."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from hub.domain.clock import FixedClock
from tests.applications import terms
from tests.conftest import SentMessages
from tests.web.api.faults import faults_of
from tests.web.caller import Caller, made


def negotiation_of(offer_path: str) -> str:
    return offer_path.partition("/offers/")[0]


def test_an_offer_has_every_field_of_the_contract(icbc: Caller, delivered: str) -> None:
    offer = made(icbc.post(f"/bank{delivered}/offers", {"terms": terms()}))
    assert set(offer) == {
        *("id", "by", "status", "terms", "balances", "schedule", "total_fen", "annual_cost", "valid_until", "oral"),
        *("planned", "left_out_fen", "texts", "clauses", "digest", "down_payment_days"),
        *("legal_stage", "court", "case_number", "approvals", "reason_over_80"),
    }
    assert len(offer["schedule"]) == 36
    assert offer["annual_cost"] == {
        "nominal_percent": "3.60",
        "effective_percent": "3.66",
        "by_dates_percent": None,
    }
    assert offer["balances"][0]["card_last4"] == "0002"[-4:] or offer["balances"][0]["card_last4"].isdigit()
    assert (offer["by"], offer["oral"], offer["status"]) == ("bank", False, "open")
    assert offer["valid_until"] == "2026-11-28T18:00:00+08:00"


def test_a_counter_offer_is_the_banks_turn_again(host_app: Caller, offered: str) -> None:
    path = negotiation_of(offered)
    made(host_app.post(f"{path}/offers", {"terms": terms(instalments=60)}))
    told = made(host_app.get(path), 200)
    assert (told["status"], len(told["clocks"])) == ("awaiting_bank", 2)
    refused = host_app.post(f"{path}/offers", {"terms": terms(instalments=48)})
    assert (refused.status_code, refused.get_json()["code"]) == (409, "status_conflict")


def test_counter_offers_run_out(host_app: Caller, icbc: Caller, offered: str) -> None:
    path = negotiation_of(offered)
    for months in (60, 59, 58):
        made(host_app.post(f"{path}/offers", {"terms": terms(instalments=months)}))
        made(icbc.post(f"/bank{path}/offers", {"terms": terms()}))
    refused = host_app.post(f"{path}/offers", {"terms": terms(instalments=57)})
    told = refused.get_json()
    assert (refused.status_code, told["code"], told["limit"]) == (409, "counter_offers_exhausted", 3)
    assert "3" in told["detail"]


def test_the_code_goes_to_the_applicants_mobile_alone(host_app: Caller, offered: str, sms: SentMessages) -> None:
    answer = host_app.post(f"{offered}/confirmation-codes")
    told = made(answer, 202)
    [(number, text)] = sms.sent
    sent_to = f"{number[:3]}****{number[-4:]}"
    assert told == {"expires_at": "2026-11-21T10:10:00+08:00", "sent_to": sent_to, "mandates_above": []}
    assert text[:6] not in answer.get_data(as_text=True)


def test_a_wrong_code_is_422_and_counts(host_app: Caller, offered: str, sms: SentMessages) -> None:
    made(host_app.post(f"{offered}/confirmation-codes"), 202)
    right = sms.sent[0][1][:6]
    wrong = f"{(int(right) + 1) % 10**6:06d}"
    for _ in range(5):
        answer = host_app.post(f"{offered}/accept", {"confirmation_code": wrong})
        assert faults_of(answer) == {("/confirmation_code", "wrong_confirmation_code")}
    used_up = host_app.post(f"{offered}/accept", {"confirmation_code": right})
    assert faults_of(used_up) == {("/confirmation_code", "confirmation_code_used_up")}
    assert made(host_app.get(negotiation_of(offered)), 200)["status"] == "offered"


def test_a_wrong_code_is_not_kept_under_its_key(host_app: Caller, offered: str, sms: SentMessages) -> None:
    made(host_app.post(f"{offered}/confirmation-codes"), 202)
    right = sms.sent[0][1][:6]
    wrong = {"confirmation_code": f"{(int(right) + 1) % 10**6:06d}"}
    assert host_app.post(f"{offered}/accept", wrong, key="k").status_code == 422
    assert host_app.post(f"{offered}/accept", {"confirmation_code": right}, key="k").status_code == 200


def test_a_code_is_good_for_ten_minutes(host_app: Caller, offered: str, sms: SentMessages, clock: FixedClock) -> None:
    made(host_app.post(f"{offered}/confirmation-codes"), 202)
    clock.at += timedelta(minutes=10)
    answer = host_app.post(f"{offered}/accept", {"confirmation_code": sms.sent[0][1][:6]})
    assert faults_of(answer) == {("/confirmation_code", "confirmation_code_expired")}


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ({}, ("/confirmation_code", "required")),
        ({"confirmation_code": 123456}, ("/confirmation_code", "type_text")),
        ({"confirmation_code": "12345"}, ("/confirmation_code", "confirmation_code_form")),
    ],
)
def test_a_code_is_six_digits_as_a_text(
    host_app: Caller, offered: str, body: dict[str, Any], fault: tuple[str, str]
) -> None:
    assert faults_of(host_app.post(f"{offered}/accept", body)) == {fault}


def test_codes_that_are_asked_for_too_often_are_429_with_the_time_to_wait(
    host_app: Caller, offered: str, sms: SentMessages
) -> None:
    answers = [host_app.post(f"{offered}/confirmation-codes") for _ in range(3)]
    assert [each.status_code for each in answers] == [202, 202, 429]
    assert (answers[-1].headers["Retry-After"], answers[-1].get_json()["code"]) == ("60", "too_many_tries")
    assert len(sms.sent) == 2


def test_fifteen_wrong_tries_stop_an_offer_and_say_that_nobody_is_to_blame(
    host_app: Caller, offered: str, sms: SentMessages, clock: FixedClock
) -> None:
    for _ in range(3):
        made(host_app.post(f"{offered}/confirmation-codes"), 202)
        clock.at += timedelta(minutes=1)
        right = sms.sent[-1][1][:6]
        for _ in range(5):
            host_app.post(f"{offered}/accept", {"confirmation_code": f"{(int(right) + 1) % 10**6:06d}"})
    refused = host_app.post(f"{offered}/accept", {"confirmation_code": right})
    assert (refused.status_code, refused.get_json()["code"]) == (429, "confirmation_stopped")
    assert "工作人员核实后就能继续" in refused.get_json()["detail"]
    assert refused.headers["Retry-After"]


def test_an_offer_that_was_declined_is_open_no_more(host_app: Caller, offered: str) -> None:
    assert made(host_app.post(f"{offered}/decline", {"text": "太高"}), 200)["status"] == "awaiting_bank"
    assert made(host_app.post(f"{offered}/decline"), 200)["status"] == "awaiting_bank"
    refused = host_app.post(f"{offered}/confirmation-codes")
    told = refused.get_json()
    assert (refused.status_code, told["code"]) == (409, "offer_not_open")
    assert (told["offer_status"], told["status_now"]) == ("declined", "awaiting_bank")


def test_an_offer_past_its_time_cannot_be_accepted(
    host_app: Caller, offered: str, sms: SentMessages, clock: FixedClock
) -> None:
    made(host_app.post(f"{offered}/confirmation-codes"), 202)
    clock.at += timedelta(days=8)
    refused = host_app.post(f"{offered}/accept", {"confirmation_code": sms.sent[0][1][:6]})
    assert (refused.status_code, refused.get_json()["offer_status"]) == (409, "lapsed")


def test_accepting_twice_is_answered_not_refused(host_app: Caller, offered: str, sms: SentMessages) -> None:
    made(host_app.post(f"{offered}/confirmation-codes"), 202)
    code = {"confirmation_code": sms.sent[0][1][:6]}
    first = made(host_app.post(f"{offered}/accept", code), 200)
    assert made(host_app.post(f"{offered}/accept", code), 200) == first


def test_the_banks_turn_ends_with_the_agreement(
    host_app: Caller, icbc: Caller, offered: str, sms: SentMessages, work_off: Callable[[], int]
) -> None:
    made(host_app.post(f"{offered}/confirmation-codes"), 202)
    made(host_app.post(f"{offered}/accept", {"confirmation_code": sms.sent[0][1][:6]}), 200)
    path = negotiation_of(offered)
    refused = icbc.post(f"/bank{path}/reject", {"reason_code": "other", "text": "晚了"})
    assert (refused.status_code, refused.get_json()["status_now"]) == (409, "agreed")


@pytest.mark.parametrize(
    ("wish", "expected"),
    [
        # 53,000 fen a month for 36 months are 1,908,000 fen: of 1,908,200 that are owed, 200 are left out.
        ({"monthly_payment_fen": 53_000, "instalments": 36}, (1_908_000, 36, 200)),
        ({"monthly_payment_fen": 80_000, "instalments": 36}, (1_908_200, 36, 0)),
        ({"monthly_payment_fen": 53_000}, (1_908_000 + 200, 37, 0)),
        ({"instalments": 12, "waived": {"interest_fen": 46_200, "penalty_fen": 12_000}}, (1_850_000, 12, 0)),
    ],
)
def test_a_short_counter_offer_is_worked_out_and_shown(
    host_app: Caller, icbc: Caller, delivered: str, wish: dict[str, Any], expected: tuple[int, int, int]
) -> None:
    made(icbc.post(f"/bank{delivered}/offers", {"terms": terms()}))
    body = {"terms": {"kind": "instalments", "first_due_on": "2026-12-20", **wish}}
    offer = made(host_app.post(f"{delivered}/offers", body))
    assert (offer["terms"]["annual_rate_percent"], offer["terms"]["method"]) == ("0.00", "interest_free")
    assert (offer["terms"]["principal_fen"], len(offer["schedule"]), offer["left_out_fen"]) == expected


@pytest.mark.parametrize(
    ("wish", "fault"),
    [
        (
            {"kind": "instalments", "instalments": 36, "monthly_payment_fen": 0},
            ("/terms/monthly_payment_fen", "too_small"),
        ),
        ({"kind": "settlement", "monthly_payment_fen": 9}, ("/terms/monthly_payment_fen", "not_for_this_kind")),
        (
            {"kind": "instalments", "instalments": 2, "monthly_payment_fen": 9, "principal_fen": 18},
            ("/terms/monthly_payment_fen", "not_with_principal"),
        ),
        ({"kind": "instalments"}, ("/terms/instalments", "required")),
        (
            {"kind": "instalments", "instalments": 36, "waived": {"fees_fen": 1}},
            ("/terms/waived/fees_fen", "more_than_owed"),
        ),
    ],
)
def test_a_short_counter_offer_that_says_too_little_or_too_much_is_refused(
    host_app: Caller, icbc: Caller, delivered: str, wish: dict[str, Any], fault: tuple[str, str]
) -> None:
    made(icbc.post(f"/bank{delivered}/offers", {"terms": terms()}))
    before = host_app.get(delivered).get_json()
    answer = host_app.post(f"{delivered}/offers", {"terms": {"first_due_on": "2026-12-20", **wish}})
    assert faults_of(answer) == {fault}
    assert host_app.get(delivered).get_json() == before
