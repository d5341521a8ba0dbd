"""Medical papers that come after the application: with a consent of their own, or not at all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from hub.domain.actor import HUB
from hub.domain.clock import FixedClock
from hub.services.operating.invariants import breaches
from hub.wiring import Hub
from tests.applications import FINANCES, ICBC, account, consent, pdf
from tests.conftest import Submit
from tests.jobs.working_off import working_off
from tests.web.api.faults import faults_of
from tests.web.caller import Caller, made

MISSING = {("/consents", "consent_missing")}
ALL_BUT_MEDICAL = [consent("share_with_bank", ICBC), consent("sensitive_data"), consent("truthful")]
MEDICAL = consent("medical_data")


@pytest.fixture
def path(host_app: Caller, submitted: Submit, work_off: Callable[[], int]) -> str:
    """The path of a negotiation that its bank has, without a word about medical papers."""
    there = submitted(ICBC, client=host_app.client, consents=ALL_BUT_MEDICAL)
    work_off()
    return f"/negotiations/{there.negotiation}"


@pytest.fixture
def returned(hub: Hub, host_app: Caller, submitted: Submit) -> str:
    """The path of such a negotiation that came back for a file nobody can open."""
    there = submitted(ICBC, client=host_app.client, consents=ALL_BUT_MEDICAL)
    working_off(hub, inspect=lambda _chunks, _type: "unreadable", printer=lambda _: pdf())()
    return f"/negotiations/{there.negotiation}"


def paper(host_app: Caller, kind: str = "diagnosis") -> dict[str, str]:
    return {"id": made(host_app.upload(kind=kind))["id"], "kind": kind}


def correction(*files: dict[str, str], **more: Any) -> dict[str, Any]:
    return {"accounts": [account(ICBC)], "finances": dict(FINANCES), "evidence": list(files), **more}


def of_bank(icbc: Caller, path: str) -> list[str]:
    """The files that the bank is given."""
    return [each["id"] for each in made(icbc.get(f"/bank{path}"), 200)["evidence"]]


def purposes(host_app: Caller, path: str) -> dict[str, Any]:
    return {each["purpose"]: each for each in made(host_app.get(f"{path}/consents"), 200)["items"]}


def sound(hub: Hub) -> bool:
    with hub.reading(HUB) as tx:
        return list(breaches(tx, hub.store)) == []


@pytest.mark.parametrize("kind", ["medical_bill", "diagnosis", "disability_proof"])
def test_no_medical_paper_comes_with_a_message_without_its_consent(host_app: Caller, path: str, kind: str) -> None:
    file = paper(host_app, kind)
    before = made(host_app.get(f"{path}/communications"), 200)["items"]
    assert faults_of(host_app.post(f"{path}/messages", {"text": "x", "evidence": [file]})) == MISSING
    assert made(host_app.get(f"{path}/communications"), 200)["items"] == before
    assert "medical_data" not in purposes(host_app, path)
    made(host_app.delete(f"/evidence/{file['id']}"), 204)


def test_it_comes_with_the_consent_which_stands_from_then_on(
    hub: Hub, host_app: Caller, icbc: Caller, path: str, work_off: Callable[[], int]
) -> None:
    first, second = paper(host_app), paper(host_app, "medical_bill")
    made(host_app.post(f"{path}/messages", {"text": "x", "evidence": [first], "consents": [MEDICAL]}))
    made(host_app.post(f"{path}/messages", {"text": "y", "evidence": [second]}))
    work_off()
    assert set(of_bank(icbc, path)) >= {first["id"], second["id"]}
    given = purposes(host_app, path)["medical_data"]
    assert given["evidence_ids"] == [first["id"], second["id"]]
    assert (given["version"], given["door"], given["can_be_withdrawn"]) == ("2026-11", "host_app", True)
    assert sound(hub)


def test_a_withdrawn_consent_is_asked_for_anew_and_can_be_taken_back_again(
    hub: Hub, clock: FixedClock, host_app: Caller, icbc: Caller, path: str, work_off: Callable[[], int]
) -> None:
    first, second = paper(host_app), paper(host_app)
    made(host_app.post(f"{path}/messages", {"text": "x", "evidence": [first], "consents": [MEDICAL]}))
    clock.at += timedelta(hours=1)
    made(host_app.post(f"{path}/consents/withdraw", {"purpose": "medical_data"}), 200)
    clock.at += timedelta(hours=1)
    body = {"text": "y", "evidence": [second]}
    assert faults_of(host_app.post(f"{path}/messages", body)) == MISSING
    # The consent of before the withdrawal is none that was given anew.
    assert faults_of(host_app.post(f"{path}/messages", {**body, "consents": [MEDICAL]})) == MISSING
    anew = {**MEDICAL, "given_at": "2026-11-21T12:00:00+08:00"}
    made(host_app.post(f"{path}/messages", {**body, "consents": [anew]}))
    work_off()
    assert made(host_app.get(path), 200)["withdrawn_consents"] == []
    assert second["id"] in of_bank(icbc, path)
    assert first["id"] not in of_bank(icbc, path)
    assert sound(hub)
    clock.at += timedelta(hours=1)
    made(host_app.post(f"{path}/consents/withdraw", {"purpose": "medical_data"}), 200)
    work_off()
    assert made(host_app.get(path), 200)["withdrawn_consents"] == ["medical_data"]
    assert not {first["id"], second["id"]} & set(of_bank(icbc, path))
    assert sound(hub)


def test_a_correction_needs_it_as_much(
    hub: Hub, host_app: Caller, icbc: Caller, returned: str, work_off: Callable[[], int]
) -> None:
    bill = paper(host_app, "medical_bill")
    assert faults_of(host_app.put(f"{returned}/correction", correction(bill))) == MISSING
    assert made(host_app.get(returned), 200)["status"] == "returned"
    assert "medical_data" not in purposes(host_app, returned)
    made(host_app.put(f"{returned}/correction", correction(bill, consents=[MEDICAL])), 200)
    work_off()
    assert of_bank(icbc, returned) == [bill["id"]]
    assert purposes(host_app, returned)["medical_data"]["evidence_ids"] == [bill["id"]]
    assert sound(hub)


def test_a_question_about_an_entry_at_the_credit_register_needs_it_too(host_app: Caller, path: str) -> None:
    body = {"kind": "settled", "text": "已还清", "evidence": [paper(host_app)]}
    assert faults_of(host_app.post(f"{path}/credit-notes", body)) == MISSING
    made(host_app.post(f"{path}/credit-notes", {**body, "consents": [MEDICAL]}))


def test_a_report_of_collection_needs_it_too(host_app: Caller, agreed: str) -> None:
    made(host_app.post(f"{agreed}/consents/withdraw", {"purpose": "medical_data"}), 200)
    at = "2026-11-21T09:00:00+08:00"
    body = {"at": at, "channel": "phone", "text": "催收", "evidence": [paper(host_app)]}
    assert faults_of(host_app.post(f"{agreed}/collection-reports", body)) == MISSING
    anew = {**MEDICAL, "given_at": "2026-11-21T10:03:00+08:00"}
    made(host_app.post(f"{agreed}/collection-reports", {**body, "consents": [anew]}))


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"version": "2020-01"}, ("/consents/0/version", "consent_version")),
        ({"given_at": "2026-11-22T10:00:00+08:00"}, ("/consents/0/given_at", "time_in_future")),
        ({"given_at": "2026-10-31T10:00:00+08:00"}, ("/consents/0/given_at", "consent_before_its_text")),
        ({"purpose": "share_with_bank"}, ("/consents/0/purpose", "unknown_choice")),
        ({"bank_code": ICBC}, ("/consents/0/bank_code", "unknown_field")),
    ],
)
def test_a_later_consent_is_read_as_strictly_as_one_of_an_application(
    host_app: Caller, path: str, change: dict[str, str], fault: tuple[str, str]
) -> None:
    body = {"text": "x", "evidence": [paper(host_app)], "consents": [{**MEDICAL, **change}]}
    assert faults_of(host_app.post(f"{path}/messages", body)) == {fault}
