"""Consents by API: what was agreed to, and what follows when it is taken back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from hub.domain.actor import HUB
from hub.domain.masks import mask_card, mask_id, mask_mobile
from hub.services.operating.invariants import breaches
from hub.wiring import Hub
from storage import consents
from storage.records import NegotiationRecord
from tests.applications import CMB, ICBC
from tests.conftest import Submit
from tests.web.api.faults import faults_of
from tests.web.caller import Caller, made

WHOLE_CASE = ["share_with_bank", "sensitive_data"]


def withdrawn(host_app: Caller, path: str, purpose: str) -> Any:
    return made(host_app.post(f"{path}/consents/withdraw", {"purpose": purpose}), 200)


def kinds(host_app: Caller, path: str) -> list[str]:
    return [each["kind"] for each in made(host_app.get(f"{path}/communications"), 200)["items"]]


@pytest.fixture
def medical(host_app: Caller, submitted: Submit, work_off: Callable[[], int]) -> tuple[str, str]:
    """The path of a negotiation that its bank has, and the id of its medical file."""
    file = made(host_app.upload(kind="medical_bill"))["id"]
    there = submitted(ICBC, client=host_app.client, evidence=[{"id": file, "kind": "medical_bill"}])
    work_off()
    return f"/negotiations/{there.negotiation}", file


def test_what_was_agreed_to_stands_in_the_ledger(host_app: Caller, medical: tuple[str, str]) -> None:
    path, file = medical
    listed = {each["purpose"]: each for each in made(host_app.get(f"{path}/consents"), 200)["items"]}
    assert set(listed) == {"share_with_bank", "sensitive_data", "medical_data", "truthful"}
    texts = {each["purpose"]: each for each in made(host_app.get("/consent-texts"), 200)["items"]}
    for purpose, each in listed.items():
        assert (each["version"], each["sha256"]) == (texts[purpose]["version"], texts[purpose]["sha256"])
        assert (each["given_at"], each["door"]) == ("2026-11-21T10:00:00+08:00", "host_app")
        assert each["withdrawn_at"] is None
        assert each["can_be_withdrawn"] is (purpose != "truthful")
        assert each["evidence_ids"] == ([file] if purpose == "medical_data" else [])


@pytest.mark.parametrize("purpose", WHOLE_CASE)
def test_before_delivery_the_negotiation_is_withdrawn_and_nothing_is_sent(
    host_app: Caller, icbc: Caller, submitted: Submit, work_off: Callable[[], int], purpose: str
) -> None:
    path = f"/negotiations/{submitted(ICBC, client=host_app.client).negotiation}"
    told = withdrawn(host_app, path, purpose)
    assert (told["status"], told["withdrawal_reason"]) == ("withdrawn", "consent_withdrawn")
    assert told["rejection"] is None
    work_off()
    assert kinds(host_app, path).count("consent_withdrawn") == 1
    assert icbc.get(f"/bank{path}").status_code == 404


@pytest.mark.parametrize("purpose", WHOLE_CASE)
def test_after_delivery_the_bank_is_told_and_given_nothing_more(
    host_app: Caller, icbc: Caller, medical: tuple[str, str], work_off: Callable[[], int], purpose: str
) -> None:
    path, file = medical
    before = made(icbc.get(f"/bank{path}"), 200)
    assert [each["id"] for each in before["evidence"]] == [file]
    told = withdrawn(host_app, path, purpose)
    work_off()
    assert (told["status"], told["withdrawal_reason"]) == ("awaiting_bank", None)
    assert told["withdrawn_consents"] == [purpose]
    said = kinds(host_app, path)
    assert said[said.index("consent_withdrawn") + 1] == "delivered"
    after = made(icbc.get(f"/bank{path}"), 200)
    assert (after["evidence"], after["withdrawn_consents"]) == ([], [purpose])
    assert after["applicant"]["id_number"] == mask_id(before["applicant"]["id_number"])
    assert after["applicant"]["mobile"] == mask_mobile(before["applicant"]["mobile"])
    assert after["accounts"][0]["card_number"] == mask_card(before["accounts"][0]["card_number"])
    assert (after["hardship"]["reasons"], after["hardship"]["description"]) == ([], "")
    assert before["finances"]["monthly_income_fen"]
    assert after["finances"] is None
    assert after["proposal"] == before["proposal"] | {"note": ""}
    for below in (f"/evidence/{file}", "/application-form.pdf"):
        refused = made(icbc.get(f"/bank{path}{below}"), 410)
        assert refused["code"] == "consent_withdrawn"
        assert "客户已撤回同意" in refused["detail"]
        english = made(icbc.get(f"/bank{path}{below}", headers={"Accept-Language": "en"}), 410)
        assert english["detail"].isascii()


def test_the_person_still_has_their_own(host_app: Caller, medical: tuple[str, str]) -> None:
    path, file = medical
    withdrawn(host_app, path, "share_with_bank")
    assert host_app.get(f"/evidence/{file}/content").status_code == 200
    assert host_app.get(f"{path}/record.zip").status_code == 200


@pytest.mark.parametrize("purpose", WHOLE_CASE)
def test_no_file_goes_to_the_bank_afterwards_but_words_do(host_app: Caller, delivered: str, purpose: str) -> None:
    withdrawn(host_app, delivered, purpose)
    later = made(host_app.upload())["id"]
    body = {"text": "请看", "evidence": [{"id": later, "kind": "payslip"}]}
    refused = host_app.post(f"{delivered}/messages", body)
    assert faults_of(refused) == {("/evidence/0/kind", "consent_withdrawn")}
    assert made(host_app.get(f"/evidence/{later}"), 200)["status"] == "checking"
    made(host_app.delete(f"/evidence/{later}"), 204)
    made(host_app.post(f"{delivered}/messages", {"text": "只有文字"}))


def test_medical_files_alone_are_kept_back(
    host_app: Caller, icbc: Caller, submitted: Submit, work_off: Callable[[], int]
) -> None:
    bill, slip = (made(host_app.upload(kind=kind))["id"] for kind in ("medical_bill", "payslip"))
    there = submitted(
        ICBC,
        client=host_app.client,
        evidence=[{"id": bill, "kind": "medical_bill"}, {"id": slip, "kind": "payslip"}],
    )
    work_off()
    path = f"/negotiations/{there.negotiation}"
    told = withdrawn(host_app, path, "medical_data")
    work_off()
    assert (told["status"], told["withdrawn_consents"]) == ("awaiting_bank", ["medical_data"])
    packet = made(icbc.get(f"/bank{path}"), 200)
    assert [each["id"] for each in packet["evidence"]] == [slip]
    assert packet["applicant"]["mobile"].isdigit()
    assert icbc.get(f"/bank{path}/evidence/{slip}").status_code == 200
    assert made(icbc.get(f"/bank{path}/evidence/{bill}"), 410)["code"] == "consent_withdrawn"
    assert icbc.get(f"/bank{path}/application-form.pdf").status_code == 200
    made(icbc.post(f"/bank{path}/acknowledge"), 200)
    again = made(host_app.upload(kind="diagnosis"))["id"]
    body = {"text": "", "evidence": [{"id": again, "kind": "diagnosis"}]}
    assert faults_of(host_app.post(f"{path}/messages", body)) == {("/consents", "consent_missing")}


def test_medical_files_are_kept_back_before_delivery_too(
    host_app: Caller, icbc: Caller, submitted: Submit, work_off: Callable[[], int]
) -> None:
    bill = made(host_app.upload(kind="medical_bill"))["id"]
    there = submitted(ICBC, client=host_app.client, evidence=[{"id": bill, "kind": "medical_bill"}])
    path = f"/negotiations/{there.negotiation}"
    assert withdrawn(host_app, path, "medical_data")["status"] == "screening"
    work_off()
    assert made(icbc.get(f"/bank{path}"), 200)["evidence"] == []


def test_a_second_time_changes_nothing(host_app: Caller, delivered: str, work_off: Callable[[], int]) -> None:
    withdrawn(host_app, delivered, "sensitive_data")
    work_off()
    before = kinds(host_app, delivered)
    withdrawn(host_app, delivered, "sensitive_data")
    assert kinds(host_app, delivered) == before
    day = {each["purpose"]: each["withdrawn_at"] for each in made(host_app.get(f"{delivered}/consents"), 200)["items"]}
    assert day["sensitive_data"] is not None
    assert day["share_with_bank"] is None


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ({"purpose": "truthful"}, ("/purpose", "statement_stays")),
        ({"purpose": "family_data"}, ("/purpose", "consent_not_given")),
        ({"purpose": "marketing"}, ("/purpose", "unknown_choice")),
        ({}, ("/purpose", "required")),
    ],
)
def test_what_cannot_be_taken_back_is_refused_and_nothing_written(
    hub: Hub, host_app: Caller, delivered: str, body: dict[str, str], fault: tuple[str, str]
) -> None:
    before = kinds(host_app, delivered)
    refused = host_app.post(f"{delivered}/consents/withdraw", body)
    assert faults_of(refused) == {fault}
    assert kinds(host_app, delivered) == before
    with hub.reading(HUB) as tx:
        assert consents.list_withdrawn(tx, delivered.rsplit("/", 1)[1]) == {}


def test_anothers_negotiation_is_not_found(
    host_app: Caller, submitted: Submit, caller: Callable[..., Caller], delivered: str
) -> None:
    stranger = caller("another app", "applications:write", "applications:read")
    assert stranger.post(f"{delivered}/consents/withdraw", {"purpose": "sensitive_data"}).status_code == 404
    assert stranger.get(f"{delivered}/consents").status_code == 404


def test_one_banks_consent_is_not_anothers(
    host_app: Caller, icbc: Caller, submitted: Submit, work_off: Callable[[], int]
) -> None:
    there = submitted(ICBC, CMB, client=host_app.client)
    work_off()
    withdrawn(host_app, f"/negotiations/{there.negotiations[CMB]}", "share_with_bank")
    assert made(icbc.get(f"/bank/negotiations/{there.negotiations[ICBC]}"), 200)["evidence"] != []


def test_the_invariants_find_a_row_that_says_otherwise(hub: Hub, host_app: Caller, delivered: str) -> None:
    withdrawn(host_app, delivered, "sensitive_data")
    with hub.reading(HUB) as tx:
        assert list(breaches(tx, hub.store)) == []
    with hub.writing(HUB) as tx:
        tx.session.execute(sa.update(NegotiationRecord).values(withdrawn_purposes=None))
    with hub.reading(HUB) as tx:
        assert [each.invariant for each in breaches(tx, hub.store)] == ["consents"]
