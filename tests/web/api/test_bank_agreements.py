"""What a bank says of an agreement, by the API."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from hub.domain.clock import FixedClock
from tests.web.api.faults import faults_of
from tests.web.caller import Caller, made


def test_a_payment_comes_as_often_as_it_is_told_but_once_a_key(host_app: Caller, icbc: Caller, agreed: str) -> None:
    body = {"number": 1, "paid_on": "2026-11-21", "amount_fen": 20000}
    path = f"/bank{agreed}/agreement/payments"
    for key in ("one", "one", "two"):
        made(icbc.post(path, body, key=key))
    [first, *others] = made(host_app.get(agreed), 200)["agreement"]["payments"]
    came = {"paid_on": "2026-11-21", "amount_fen": 20000, "at": "2026-11-21T10:00:00+08:00"}
    assert first == {
        "number": 1,
        "due_on": "2026-12-20",
        "total_fen": first["total_fen"],
        "paid_fen": 40000,
        "status": "part_paid",
        "reported": [came, came],
    }
    assert {row["status"] for row in others} == {"due"}
    for _ in range(2):
        made(icbc.post(path, {**body, "amount_fen": 1}, key=None))
    assert made(host_app.get(agreed), 200)["agreement"]["payments"][0]["paid_fen"] == 40002


@pytest.mark.parametrize(
    ("deed", "body", "fault"),
    [
        ("payments", {"number": 37, "paid_on": "2026-11-21", "amount_fen": 1}, ("/number", "number_unknown")),
        ("payments", {"number": 1, "paid_on": "2026-11-22", "amount_fen": 1}, ("/paid_on", "date_in_future")),
        ("payments", {"number": 1, "paid_on": "2026-11-21", "amount_fen": 1.5}, ("/amount_fen", "type_whole_number")),
        ("payments", {"number": 1, "paid_on": "2026-11-20", "amount_fen": 1}, ("/paid_on", "before_signing")),
        ("payments", {"number": 1, "paid_on": "2026-11-21", "amount_fen": 10**12}, ("/amount_fen", "more_than_open")),
        ("missed", {"number": 0}, ("/number", "number_unknown")),
        ("missed/withdraw", {"number": 0}, ("/number", "number_unknown")),
        ("end", {"reason": "defaulted", "text": ""}, ("/text", "text_required")),
        ("end", {"reason": "settled", "waive_rest": True}, ("/text", "text_required")),
        ("hold-applied", {"by": "甲公司", "at": "2026-11-22T10:00:00+08:00"}, ("/at", "time_in_future")),
        ("end", {"reason": "tired"}, ("/reason", "unknown_choice")),
    ],
)
def test_what_is_said_of_an_agreement_has_to_make_sense(
    icbc: Caller, agreed: str, deed: str, body: dict[str, Any], fault: tuple[str, str]
) -> None:
    assert faults_of(icbc.post(f"/bank{agreed}/agreement/{deed}", body)) == {fault}


def test_an_agreement_ends_once(icbc: Caller, agreed: str) -> None:
    ending = {"reason": "settled", "text": "余下的不再要求", "waive_rest": True}
    for _ in range(2):
        ended = made(icbc.post(f"/bank{agreed}/agreement/end", ending), 200)
        assert [ended[name] for name in ("status", "end_reason", "ended_at")] == [
            "settled",
            "settled",
            "2026-11-21T10:00:00+08:00",
        ]
    refused = icbc.post(f"/bank{agreed}/agreement/missed", {"number": 1})
    assert (refused.status_code, refused.get_json()["status_now"]) == (409, "settled")


def test_what_is_not_due_yet_is_refused_with_the_day_and_the_number(
    icbc: Caller, agreed: str, clock: FixedClock
) -> None:
    def refusal(deed: str, body: dict[str, Any]) -> dict[str, Any]:
        answer = icbc.post(f"/bank{agreed}/agreement/{deed}", body)
        assert answer.status_code == 409, answer.get_data(as_text=True)
        problem: dict[str, Any] = answer.get_json()
        return problem

    early = refusal("missed", {"number": 1})
    assert (early["code"], early["earliest"], early["status_now"]) == ("not_due", "2026-12-23", "in_force")
    assert refusal("missed/withdraw", {"number": 1, "text": ""})["code"] == "not_missed"
    assert refusal("end", {"reason": "settled", "text": "好"})["code"] == "rows_open"
    assert refusal("end", {"reason": "defaulted", "text": "两期"})["code"] == "not_defaulted"
    clock.at += timedelta(days=32)
    made(icbc.post(f"/bank{agreed}/agreement/missed", {"number": 1}))
    taken_back = made(icbc.post(f"/bank{agreed}/agreement/missed/withdraw", {"number": 1, "text": "登记错了"}), 200)
    assert taken_back["payments"][0]["status"] == "due"


def test_who_stopped_collecting_and_what_was_reported_is_there_for_both_sides(
    host_app: Caller, icbc: Caller, agreed: str
) -> None:
    at = "2026-11-21T09:30:00+08:00"
    made(icbc.post(f"/bank{agreed}/agreement/hold-applied", {"by": "甲公司", "at": at}))
    said = {"at": at, "channel": "phone", "caller": "乙公司", "text": "又来电话。", "evidence": []}
    report = made(host_app.post(f"{agreed}/collection-reports", said))
    assert {name: report[name] for name in said} == said
    path = f"/bank{agreed}/collection-reports/{report['id']}/answer"
    answered = made(icbc.post(path, {"text": "已通知停止。"}))
    for shown in (made(host_app.get(agreed), 200), made(icbc.get(f"/bank{agreed}"), 200)):
        assert shown["agreement"]["hold_applied"] == [{"by": "甲公司", "at": at}]
        assert shown["collection_reports"] == [answered]
    refused = icbc.post(path, {"text": "另有说法。"})
    assert (refused.status_code, refused.get_json()["code"]) == (409, "already_answered")
    assert icbc.post(path.replace(report["id"], "x"), {"text": "好"}).status_code == 404


def test_both_sides_write_while_an_agreement_is_in_force(host_app: Caller, icbc: Caller, agreed: str) -> None:
    made(host_app.post(f"{agreed}/messages", {"text": "下月可能晚两天。"}))
    made(icbc.post(f"/bank{agreed}/messages", {"text": "好的。"}))
    made(icbc.post(f"/bank{agreed}/agreement/end", {"reason": "settled", "text": "好", "waive_rest": True}), 200)
    for who, path in ((host_app, agreed), (icbc, f"/bank{agreed}")):
        refused = who.post(f"{path}/messages", {"text": "还在吗"})
        assert (refused.status_code, refused.get_json()["status_now"]) == (409, "agreed")
        assert "已结束" in refused.get_json()["detail"]


def test_without_an_agreement_there_is_nothing_to_pay(icbc: Caller, delivered: str) -> None:
    refused = icbc.post(f"/bank{delivered}/agreement/missed", {"number": 1})
    assert (refused.status_code, refused.get_json()["status_now"]) == (409, "awaiting_bank")


def test_the_agreements_address_is_one_that_the_bank_can_use(
    icbc: Caller, agreed: str, work_off: Callable[[], int]
) -> None:
    work_off()
    document = made(icbc.get(f"/bank{agreed}"), 200)["agreement"]["document"]
    path = document["url"].partition("/api/v1")[2]
    assert icbc.get(path).data.startswith(b"%PDF-")
