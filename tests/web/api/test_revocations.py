"""Revocations and reports of deductions by API, of the person's side and of the bank's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from hub.domain.actor import HUB
from hub.domain.clock import FixedClock
from hub.services.operating import banks as bank_settings
from hub.wiring import Hub
from storage.records import MailRecord
from tests.applications import CMB, ICBC
from tests.conftest import AddCaller, SentMessages
from tests.web.api.faults import faults_of
from tests.web.api.test_mandates import MONTHLY, recorded
from tests.web.api.test_people import subject_of
from tests.web.caller import Caller, json_of, made

DEDUCTION: dict[str, Any] = {
    "subject": "person-1",
    "creditor_code": ICBC,
    "at": "2026-11-20T10:00:00+08:00",
    "amount_fen": 100_000,
    "account_last4": "4401",
    "text": "没有约定过这笔扣款",
}


def switch_on(hub: Hub, *codes: str) -> None:
    with hub.writing(HUB) as tx:
        for code in codes:
            bank_settings.change(tx, code, {"services": "mandates"})


@pytest.fixture
def mandate_id(host_app: Caller, hub: Hub, icbc: Caller) -> str:
    switch_on(hub, ICBC)
    return str(recorded(host_app)["id"])


def revoked(host_app: Caller, sms: SentMessages, mandate_id: str) -> Any:
    made(host_app.post(f"/mandates/{mandate_id}/confirmation-codes", {"subject": "person-1"}), 202)
    body = {"subject": "person-1", "holder_name": "张三", "confirmation_code": sms.sent[-1][1][:6]}
    return made(host_app.post(f"/mandates/{mandate_id}/revocations", body), 200)


def test_a_mandate_is_revoked_with_the_code_and_says_who_was_told(
    host_app: Caller, sms: SentMessages, mandate_id: str
) -> None:
    answer = revoked(host_app, sms, mandate_id)
    assert sms.sent[-1][0] == MONTHLY["mobile"]
    assert answer["status"] == "revoking"
    [receiver] = answer["revocation"]["receivers"]
    assert (receiver["bank_code"], receiver["status"], receiver["is_late"]) == (ICBC, "with_bank", False)
    # The bank of the account does not take revocations here: a letter goes to it.
    assert answer["revocation"]["letters_to"] == [CMB]
    again = {"subject": "person-1", "holder_name": "张三", "confirmation_code": "000000"}
    assert made(host_app.post(f"/mandates/{mandate_id}/revocations", again), 200) == answer


def test_a_wrong_code_revokes_nothing(host_app: Caller, sms: SentMessages, mandate_id: str) -> None:
    path = f"/mandates/{mandate_id}"
    made(host_app.post(f"{path}/confirmation-codes", {"subject": "person-1"}), 202)
    wrong = "000000" if sms.sent[-1][1][:6] != "000000" else "111111"
    body = {"subject": "person-1", "holder_name": "张三", "confirmation_code": wrong}
    assert faults_of(host_app.post(f"{path}/revocations", body)) == {("/confirmation_code", "wrong_confirmation_code")}
    shown = made(host_app.get(path, query_string={"subject": "person-1"}), 200)
    assert (shown["status"], shown["revocation"]) == ("recorded", None)


def test_after_fifteen_wrong_codes_a_mandate_rests_for_a_day_and_is_told_for_how_long(
    host_app: Caller, clock: FixedClock, sms: SentMessages, mandate_id: str
) -> None:
    path, began = f"/mandates/{mandate_id}", clock.at
    for _ in range(3):
        made(host_app.post(f"{path}/confirmation-codes", {"subject": "person-1"}), 202)
        wrong = "000000" if sms.sent[-1][1][:6] != "000000" else "111111"
        body = {"subject": "person-1", "holder_name": "张三", "confirmation_code": wrong}
        for _ in range(5):
            host_app.post(f"{path}/revocations", body)
        clock.at += timedelta(minutes=6)
    refused = host_app.post(f"{path}/confirmation-codes", {"subject": "person-1"})
    assert (refused.status_code, refused.get_json()["code"]) == (429, "confirmation_paused")
    # The first of the three codes is a day old then.
    wait = timedelta(seconds=int(refused.headers["Retry-After"]))
    assert clock.at + wait == began + timedelta(days=1)
    clock.at += wait
    assert revoked(host_app, sms, mandate_id)["status"] == "revoking"


def test_nobody_revokes_anothers_mandate(host_app: Caller, mandate_id: str, caller: AddCaller, icbc: Caller) -> None:
    other = caller("another app", "applications:write")
    path = f"/mandates/{mandate_id}/confirmation-codes"
    assert other.post(path, {"subject": "person-1"}).status_code == 404
    assert host_app.post(path, {"subject": "person-2"}).status_code == 404
    assert icbc.post(path, {"subject": "person-1"}).status_code == 403


def test_the_bank_confirms_and_the_person_sees_it(
    host_app: Caller, icbc: Caller, sms: SentMessages, mandate_id: str
) -> None:
    revocation = revoked(host_app, sms, mandate_id)["revocation"]["id"]
    [found] = made(icbc.get("/bank/mandates"), 200)["revocations"]
    assert found["id"] == revocation
    assert found["holder"]["name"] == "张三"
    assert made(icbc.post(f"/bank/mandates/{revocation}/confirm", {}), 200)["status"] == "confirmed"
    shown = made(host_app.get(f"/mandates/{mandate_id}", query_string={"subject": "person-1"}), 200)
    assert shown["status"] == "revoked"
    conflict = icbc.post(f"/bank/mandates/{revocation}/refuse", {"reason_code": "not_ours"})
    assert conflict.status_code == 409
    # What was answered is due no more, to neither side.
    [found] = made(icbc.get("/bank/mandates"), 200)["revocations"]
    [receiver] = shown["revocation"]["receivers"]
    assert (found["due_at"], receiver["due_at"]) == (None, None)


@pytest.mark.parametrize("reason", ["not_ours", "already_ended", "court_order"])
def test_the_bank_refuses_with_a_reason(
    host_app: Caller, icbc: Caller, sms: SentMessages, mandate_id: str, reason: str
) -> None:
    path = f"/bank/mandates/{revoked(host_app, sms, mandate_id)['revocation']['id']}/refuse"
    assert made(icbc.post(path, {"reason_code": reason}), 200)["answer"] == {"reason_code": reason, "text": None}
    shown = made(host_app.get(f"/mandates/{mandate_id}", query_string={"subject": "person-1"}), 200)
    assert shown["status"] == "revocation_refused"


def test_a_contract_that_forbids_it_is_quoted(
    host_app: Caller, icbc: Caller, sms: SentMessages, mandate_id: str
) -> None:
    path = f"/bank/mandates/{revoked(host_app, sms, mandate_id)['revocation']['id']}/refuse"
    refused = icbc.post(path, {"reason_code": "required_by_contract"})
    assert faults_of(refused) == {("/text", "clause_text_required")}
    unseen = icbc.post(path, {"reason_code": "required_by_contract", "text": "\u200b"})
    assert faults_of(unseen) == {("/text", "clause_text_required")}
    assert faults_of(icbc.post(path, {"reason_code": "other"})) == {("/reason_code", "unknown_choice")}
    assert made(icbc.post(path, {"reason_code": "required_by_contract", "text": "第八条"}), 200)["status"] == "refused"


def test_a_banks_words_about_a_revocation_or_a_deduction_hold_no_secret_of_a_card(
    host_app: Caller, hub: Hub, icbc: Caller, sms: SentMessages, mandate_id: str
) -> None:
    switch_on(hub, ICBC)
    revocation = f"/bank/mandates/{revoked(host_app, sms, mandate_id)['revocation']['id']}"
    reported = made(host_app.post("/deductions", DEDUCTION), 201)["id"]
    told = {"text": "请把支付密码 123456 告诉我们"}
    for path, body in (
        (f"{revocation}/refuse", {"reason_code": "required_by_contract", **told}),
        (f"{revocation}/confirm", told),
        (f"/bank/deductions/{reported}/answer", told),
    ):
        assert faults_of(icbc.post(path, body)) == {("/text", "card_secret_refused")}, path
    shown = made(icbc.get("/bank/mandates"), 200)
    assert [each["answer"] for each in (*shown["revocations"], *shown["deductions"])] == [None, None]


def test_another_bank_sees_and_answers_nothing(
    host_app: Caller, hub: Hub, bank_app: Callable[[str], Caller], sms: SentMessages, mandate_id: str
) -> None:
    revocation = revoked(host_app, sms, mandate_id)["revocation"]["id"]
    other = bank_app(CMB)
    assert made(other.get("/bank/mandates"), 200) == {"revocations": [], "deductions": []}
    for path, body in (("confirm", {}), ("refuse", {"reason_code": "not_ours"})):
        answer = other.post(f"/bank/mandates/{revocation}/{path}", body)
        assert (answer.status_code, json_of(answer)["code"]) == (404, "not_found")


def mails(hub: Hub) -> list[str]:
    with hub.reading(HUB) as tx:
        return [row.reader for row in tx.session.query(MailRecord).filter_by(kind="deduction_during_hold")]


def test_a_deduction_inside_a_hold_and_above_the_due_row_is_told_to_desk_and_supervisors_once(
    host_app: Caller, hub: Hub, icbc: Caller, agreed: str
) -> None:
    switch_on(hub, ICBC)
    subject = subject_of(hub, agreed)
    row_fen = made(host_app.get(agreed), 200)["agreement"]["payments"][0]["total_fen"]
    now = hub.clock.now().isoformat()
    fair = {**DEDUCTION, "subject": subject, "at": now, "amount_fen": row_fen}
    assert made(host_app.post("/deductions", fair), 201)["during_hold"] is False
    assert mails(hub) == []
    before = {**fair, "at": "2026-10-01T10:00:00+08:00", "amount_fen": row_fen + 1}
    assert made(host_app.post("/deductions", before), 201)["during_hold"] is False
    taken = made(host_app.post("/deductions", {**fair, "amount_fen": row_fen + 1}), 201)
    assert taken["during_hold"] is True
    assert sorted(mails(hub)) == ["desk", "supervisors"]


def test_a_report_is_answered_by_the_creditor_alone(
    host_app: Caller, hub: Hub, icbc: Caller, bank_app: Callable[[str], Caller]
) -> None:
    switch_on(hub, ICBC)
    reported = made(host_app.post("/deductions", DEDUCTION), 201)
    assert reported["sent"]["status"] == "with_bank"
    path = f"/bank/deductions/{reported['id']}/answer"
    assert bank_app(CMB).post(path, {"text": "已退回"}).status_code == 404
    assert made(icbc.post(path, {"text": "已退回"}), 200)["status"] == "answered"
    assert made(icbc.post(path, {"text": "已退回"}), 200)["answer"] == "已退回"
    assert icbc.post(path, {"text": "另一句"}).status_code == 409
    [shown] = made(host_app.get("/deductions?subject=person-1"), 200)["items"]
    assert (shown["sent"]["answer"], shown["sent"]["due_at"]) == ("已退回", None)
    [found] = made(icbc.get("/bank/mandates"), 200)["deductions"]
    assert (found["status"], found["due_at"]) == ("answered", None)


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"creditor_code": None}, ("/creditor_code", "mandate_or_creditor")),
        ({"amount_fen": 0}, ("/amount_fen", "too_small")),
        ({"at": "2030-01-01T00:00:00+08:00"}, ("/at", "time_in_future")),
        ({"at": "1900-01-01T00:00:00+08:00"}, ("/at", "date_too_long_ago")),
        ({"account_last4": "6222020000000007"}, ("/account_last4", "full_number_refused")),
        ({"password": "1"}, ("/password", "card_secret_refused")),
        ({"text": "支付密码 123456"}, ("/text", "card_secret_refused")),
    ],
)
def test_what_no_report_may_say(host_app: Caller, changes: dict[str, Any], fault: tuple[str, str]) -> None:
    assert fault in faults_of(host_app.post("/deductions", {**DEDUCTION, **changes}))
    assert made(host_app.get("/deductions?subject=person-1"), 200)["items"] == []


def test_an_active_mandate_above_the_row_is_a_warning_before_signing(host_app: Caller, hub: Hub, offered: str) -> None:
    subject = subject_of(hub, offered.partition("/offers/")[0])
    above = recorded(host_app, subject=subject, payee_code=ICBC)["id"]
    recorded(host_app, subject=subject, payee_code=CMB)
    recorded(host_app, subject=subject, payee_code=ICBC, cap_fen=1)
    answer = made(host_app.post(f"{offered}/confirmation-codes"), 202)
    assert answer["mandates_above"] == [above]
