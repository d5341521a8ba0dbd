"""One application to two banks, by API alone, from the first file to a signed agreement and its payments."""

import io
import zipfile
from collections.abc import Callable
from datetime import timedelta

from hub.domain.clock import FixedClock
from tests.applications import CMB, ICBC, application, pdf, terms
from tests.conftest import SentMessages
from tests.web.caller import Caller, made


def test_one_application_to_two_banks_up_to_an_agreement(
    host_app: Caller,
    bank_app: Callable[[str], Caller],
    work_off: Callable[[], int],
    sms: SentMessages,
    clock: FixedClock,
) -> None:
    file = made(host_app.upload())
    answer = host_app.post(
        "/applications", application(ICBC, CMB, evidence=[{"id": file["id"], "kind": "medical_bill"}])
    )
    submitted = made(answer)
    assert answer.headers["Location"] == f"/api/v1/applications/{submitted['id']}"
    assert {each["status"] for each in submitted["negotiations"]} == {"screening"}
    work_off()
    icbc_id, cmb_id = (each["id"] for each in submitted["negotiations"])
    icbc, cmb = bank_app(ICBC), bank_app(CMB)
    path = f"/bank/negotiations/{icbc_id}"

    queue = made(icbc.get("/bank/negotiations"), 200)["items"]
    assert [each["id"] for each in queue] == [icbc_id]
    assert queue[0]["applicant"]["name"] == "王*明"
    packet = made(icbc.get(path), 200)
    assert packet["accounts"][0]["card_number"].startswith("622210")
    assert [each["bank_code"] for each in packet["accounts"]] == [ICBC]
    assert icbc.get(f"{path}/evidence/{file['id']}").data == pdf()

    assert made(icbc.post(f"{path}/acknowledge"), 200)["status"] == "in_review"
    asked = made(icbc.post(f"{path}/request-evidence", {"kinds": ["payslip"], "text": "请补充"}), 200)
    assert asked["evidence_request"]["kinds"] == ["payslip"]
    more = made(host_app.upload())
    message = {"text": "已补充", "evidence": [{"id": more["id"], "kind": "payslip"}]}
    assert made(host_app.post(f"/negotiations/{icbc_id}/messages", message))["kind"] == "message"
    work_off()
    assert made(host_app.get(f"/negotiations/{icbc_id}"), 200)["status"] == "in_review"

    offer = made(icbc.post(f"{path}/offers", {"terms": terms()}))
    assert offer["status"] == "open"
    mine = f"/negotiations/{icbc_id}/offers"
    counter = made(host_app.post(mine, {"terms": terms(instalments=48)}))
    assert counter["by"] == "cardholder"
    better = made(icbc.post(f"{path}/offers", {"terms": terms(instalments=42)}))
    assert made(host_app.post(f"{mine}/{offer['id']}/decline", {"text": "太短"}), 200)["status"] == "offered"

    sent = host_app.post(f"{mine}/{better['id']}/confirmation-codes")
    assert made(sent, 202)["sent_to"].count("*") == 4
    code = sms.sent[-1][1][:6]
    agreed = made(host_app.post(f"{mine}/{better['id']}/accept", {"confirmation_code": code}), 200)
    assert agreed["status"] == "agreed"
    assert agreed["agreement"]["document"] is None
    work_off()
    whole = made(host_app.get(f"/negotiations/{icbc_id}"), 200)
    assert len(whole["agreement"]["document"]["sha256"]) == 64
    for name in ("application-form.pdf", "agreement.pdf"):
        assert host_app.get(f"/negotiations/{icbc_id}/{name}").data.startswith(b"%PDF-")
        assert icbc.get(f"{path}/{name}").data.startswith(b"%PDF-")
    with zipfile.ZipFile(io.BytesIO(host_app.get(f"/negotiations/{icbc_id}/record.zip").data)) as record:
        assert {"application-form.pdf", "agreement.pdf", "log.jsonl", "verify.py"} <= set(record.namelist())

    clock.at += timedelta(days=64)
    rows = whole["agreement"]["payments"]
    paid = {"number": 1, "paid_on": "2026-12-20", "amount_fen": rows[0]["total_fen"]}
    assert made(icbc.post(f"{path}/agreement/payments", paid))["payments"][0]["status"] == "paid"
    assert made(icbc.post(f"{path}/agreement/missed", {"number": 2}))["payments"][1]["status"] == "missed"
    rest = {"number": 2, "paid_on": "2027-01-22", "amount_fen": sum(row["total_fen"] for row in rows[1:])}
    assert {row["status"] for row in made(icbc.post(f"{path}/agreement/payments", rest))["payments"]} == {"paid"}
    ended = made(icbc.post(f"{path}/agreement/end", {"reason": "settled", "text": ""}), 200)
    assert ended["status"] == "settled"

    no = {"reason_code": "can_afford", "text": "还款能力足够"}
    assert made(cmb.post(f"/bank/negotiations/{cmb_id}/reject", no), 200)["rejection"]["text"] == "还款能力足够"
    again = made(host_app.get(f"/applications/{submitted['id']}"), 200)
    assert [each["status"] for each in again["negotiations"]] == ["agreed", "rejected"]
