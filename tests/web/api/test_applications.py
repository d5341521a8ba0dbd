"""Applications by API: what is taken, what is refused and how, and that a refusal writes nothing."""

import json
from collections.abc import Callable

import pytest

from hub.domain.actor import HUB
from hub.services.operating import banks as bank_deeds
from hub.wiring import Hub
from storage import communications
from tests.applications import CITIC, CITIC_CARDS, CMB, ICBC, account, application, consent, id_number, person
from tests.conftest import AddCaller, Submit
from tests.web.api.faults import faults_of
from tests.web.caller import Caller, made


def negotiations_stored(hub: Hub) -> int:
    with hub.reading(HUB) as tx:
        return len(list(communications.iterate_negotiations(tx)))


def test_an_application_is_seen_masked_with_its_negotiations(host_app: Caller) -> None:
    body = application(ICBC, CMB, applicant=person(1))
    answer = host_app.post("/applications", body)
    told = made(answer)
    assert told["applicant"] == {
        "subject": "host-app-user-1",
        "name": "王*明",
        "id_type": "resident_id",
        "id_number": "1101************" + id_number(1)[-2:],
        "mobile": "138****0001",
        "email": "x***@example.com",
    }
    assert [each["bank"]["code"] for each in told["negotiations"]] == [ICBC, CMB]
    payments = [each["proposal"]["monthly_payment_fen"] for each in told["negotiations"]]
    assert sum(payments) == 53000
    assert made(host_app.get(f"/applications/{told['id']}"), 200) == told


def test_both_codes_of_a_bank_reach_the_same_one(host_app: Caller) -> None:
    told = made(host_app.post("/applications", application(CITIC_CARDS)))
    assert [each["bank"]["code"] for each in told["negotiations"]] == [CITIC]


@pytest.mark.parametrize(("named", "proposed"), [(CITIC_CARDS, CITIC), (CITIC, CITIC_CARDS)])
def test_a_proposal_may_name_its_bank_by_the_other_of_its_codes(host_app: Caller, named: str, proposed: str) -> None:
    body = application(named)
    body["proposals"] = [{**body.pop("proposal"), "bank_code": proposed}]
    told = made(host_app.post("/applications", body))
    assert [each["bank"]["code"] for each in told["negotiations"]] == [CITIC]


def test_every_fault_is_told_at_once_those_of_the_hubs_own_knowledge_too(hub: Hub, host_app: Caller) -> None:
    body = application(ICBC, evidence=[{"id": "unknown", "kind": "payslip"}], surprise=1)
    body["accounts"].append(account(ICBC) | {"bank_code": "01030000", "card_number": "4"})
    body["accounts"][0]["principal_fen"] = "1"
    faults = faults_of(host_app.post("/applications", body))
    assert faults >= {
        ("/accounts/0/principal_fen", "type_whole_number"),
        ("/accounts/1/card_number", "card_length"),
        ("/accounts/1/bank_code", "bank_unknown"),
        ("/consents", "consent_missing_for_bank"),
        ("/evidence/0/id", "evidence_unknown"),
        ("/surprise", "unknown_field"),
    }
    assert negotiations_stored(hub) == 0


def test_each_consent_that_is_missing_is_named(hub: Hub, host_app: Caller) -> None:
    given = [each for each in application(ICBC)["consents"] if each["purpose"] == "medical_data"]
    errors = host_app.post("/applications", application(ICBC, consents=given)).get_json()["errors"]
    named = [(each["code"], each["purpose"], each.get("bank_code")) for each in errors]
    assert named == [
        ("consent_missing", "sensitive_data", None),
        ("consent_missing", "truthful", None),
        ("consent_missing_for_bank", "share_with_bank", ICBC),
    ]
    assert negotiations_stored(hub) == 0


def test_a_bank_that_is_closed_takes_no_new_application(hub: Hub, host_app: Caller) -> None:
    with hub.writing(HUB) as tx:
        bank_deeds.open_or_close(tx, ICBC, is_open=False)
    answer = host_app.post("/applications", application(ICBC), headers={"Accept-Language": "en"})
    [fault] = answer.get_json()["errors"]
    assert (answer.status_code, fault["pointer"], fault["code"]) == (422, "/accounts/0/bank_code", "bank_closed")
    assert "takes no new applications" in fault["message"]
    assert negotiations_stored(hub) == 0
    assert ICBC not in [each["code"] for each in made(host_app.get("/banks"), 200)["items"]]
    with hub.writing(HUB) as tx:
        bank_deeds.open_or_close(tx, ICBC, is_open=True)
    made(host_app.post("/applications", application(ICBC)))


def test_a_fault_speaks_the_callers_language(host_app: Caller) -> None:
    body = application()
    body["accounts"][0]["card_number"] = "6222100000000008"
    english = host_app.post("/applications", body, headers={"Accept-Language": "en-GB,en;q=0.9"}).get_json()
    chinese = host_app.post("/applications", body, headers={"Accept-Language": "zh-CN,zh;q=0.9,en;q=0.5"}).get_json()
    [in_english], [in_chinese] = english["errors"], chinese["errors"]
    assert (in_english["pointer"], in_english["code"]) == ("/accounts/0/card_number", "luhn")
    assert in_english["message"].isascii()
    assert in_chinese["message"] == "卡号可能有一位输错，请对照卡面再核对一遍；如果卡面上就是这样，请确认后继续。"
    assert host_app.post("/applications", body).get_json()["errors"] == chinese["errors"]


def test_a_problem_has_its_form(host_app: Caller) -> None:
    answer = host_app.post("/applications", {})
    told = answer.get_json()
    assert answer.content_type == "application/problem+json"
    assert {"type", "title", "status", "detail", "code", "errors"} == set(told)
    assert (told["status"], told["code"]) == (422, "invalid_input")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "body_empty"),
        (b"{", "json_syntax"),
        (b'{"channel": "app", "channel": "app"}', "json_duplicate_key"),
        (b'{"a": NaN}', "json_number"),
        (b"\xef\xbb\xbf{}", "json_encoding"),
        ('{"a": "王"}'.encode("gb18030"), "json_encoding"),
        (b"[" * 100_000, "json_depth"),
        (b'{"a": "\\ud800"}', "json_surrogate"),
    ],
)
def test_a_body_that_cannot_be_read_is_400(host_app: Caller, body: bytes, code: str) -> None:
    answer = host_app.post("/applications", data=body, content_type="application/json")
    assert (answer.status_code, answer.get_json()["code"]) == (400, code)


def test_an_array_is_no_application(host_app: Caller) -> None:
    assert faults_of(host_app.post("/applications", [])) == {("", "type_object")}


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", None])
def test_a_body_that_is_not_called_json_is_415(host_app: Caller, content_type: str | None) -> None:
    answer = host_app.post("/applications", data=json.dumps(application()), content_type=content_type)
    assert (answer.status_code, answer.get_json()["code"]) == (415, "media_type")


@pytest.mark.parametrize(
    "content_type", ["application/json; charset=utf-8", "application/json;charset=UTF-8", "application/json"]
)
def test_json_may_name_its_encoding(host_app: Caller, content_type: str) -> None:
    data = json.dumps(application())
    assert host_app.post("/applications", data=data, content_type=content_type).status_code == 201


def test_json_over_a_mebibyte_is_413(host_app: Caller) -> None:
    answer = host_app.post("/applications", data=b" " * (2**20 + 1), content_type="application/json")
    assert (answer.status_code, answer.get_json()["limit"]) == (413, 2**20)


def test_an_unknown_address_and_a_wrong_method_are_problems_too(host_app: Caller) -> None:
    unknown, wrong = host_app.get("/nothing"), host_app.delete("/banks")
    assert (unknown.status_code, unknown.get_json()["code"]) == (404, "not_found")
    assert (wrong.status_code, wrong.get_json()["code"]) == (405, "method_not_allowed")
    assert "GET" in wrong.headers["Allow"]


def test_a_second_open_negotiation_names_the_first_to_its_own_client_alone(
    hub: Hub, host_app: Caller, caller: AddCaller
) -> None:
    first = made(host_app.post("/applications", application(applicant=person(7))))["negotiations"][0]
    again = host_app.post("/applications", application(applicant=person(7, subject="another")))
    told = again.get_json()
    assert (again.status_code, told["code"]) == (409, "negotiation_already_open")
    assert (told["negotiation"], told["reference"]) == (first["id"], first["reference"])
    assert first["reference"] in told["detail"]
    stranger = caller("stranger", "applications:write").post("/applications", application(applicant=person(7)))
    assert stranger.status_code == 409
    assert first["id"] not in stranger.get_data(as_text=True)
    assert first["reference"] not in stranger.get_data(as_text=True)
    assert negotiations_stored(hub) == 1


def test_one_permit_in_another_spelling_is_the_same_person(hub: Hub, host_app: Caller) -> None:
    def apply(number: str) -> int:
        applicant = person(7, id_type="taiwan_permit", id_number=number)
        return host_app.post("/applications", application(applicant=applicant)).status_code

    assert [apply(number) for number in ("1234567890", "1234567890(B)", "1234567890B")] == [201, 409, 409]
    assert negotiations_stored(hub) == 1


def test_a_card_as_printed_reaches_the_bank_with_a_word_of_it(
    host_app: Caller, icbc: Caller, work_off: Callable[[], int]
) -> None:
    body = application()
    body["accounts"][0] |= {"card_number": "6222100000000008", "as_printed": True}
    there = made(host_app.post("/applications", body))["negotiations"][0]
    work_off()
    packet = made(icbc.get(f"/bank/negotiations/{there['id']}"), 200)
    assert [(each["card_number"], each["as_printed"]) for each in packet["accounts"]] == [("6222100000000008", True)]


def test_a_second_one_with_another_bank_is_taken(host_app: Caller) -> None:
    assert host_app.post("/applications", application(ICBC, applicant=person(8))).status_code == 201
    assert host_app.post("/applications", application(CMB, applicant=person(8))).status_code == 201


def test_medical_papers_need_their_own_consent(host_app: Caller) -> None:
    file = made(host_app.upload())["id"]
    consents = [consent("share_with_bank", ICBC), consent("sensitive_data"), consent("truthful")]
    body = application(evidence=[{"id": file, "kind": "diagnosis"}], consents=consents)
    assert faults_of(host_app.post("/applications", body)) == {("/consents", "consent_missing")}


def test_the_kind_of_the_application_overrules_that_of_the_upload(
    host_app: Caller, bank_app: Callable[[str], Caller], work_off: Callable[[], int]
) -> None:
    file = made(host_app.upload(kind="other"))["id"]
    told = made(host_app.post("/applications", application(evidence=[{"id": file, "kind": "payslip"}])))
    work_off()
    packet = made(bank_app(ICBC).get(f"/bank/negotiations/{told['negotiations'][0]['id']}"), 200)
    assert [each["kind"] for each in packet["evidence"]] == ["payslip"]


def test_anothers_file_is_unknown(host_app: Caller, caller: AddCaller) -> None:
    file = made(caller("stranger", "applications:write").upload())["id"]
    body = application(evidence=[{"id": file, "kind": "payslip"}])
    assert faults_of(host_app.post("/applications", body)) == {("/evidence/0/id", "evidence_unknown")}


def test_a_name_keeps_every_character_it_can_have(host_app: Caller, bank_app: Callable[[str], Caller]) -> None:
    body = application(applicant=person(9, name=" 𠮷田·買買提‍江 "))
    assert host_app.post("/applications", body).status_code == 201


def test_the_submitted_factory_and_the_api_agree(host_app: Caller, submitted: Submit) -> None:
    there = submitted(ICBC, CMB, client=host_app.client)
    seen = made(host_app.get(f"/applications/{there.id}"), 200)
    assert {each["bank"]["code"]: each["id"] for each in seen["negotiations"]} == there.negotiations


@pytest.mark.parametrize("digits", [13, 20, 21, 31, 5000])
def test_an_amount_beyond_all_bounds_is_refused_by_name_however_long(host_app: Caller, digits: int) -> None:
    body = json.dumps(application()).replace("1850000", "9" * digits)
    answer = host_app.post("/applications", data=body, content_type="application/json")
    assert faults_of(answer) == {("/accounts/0/principal_fen", "too_large")}
