"""Authorisations to deduct by API: recorded, changed as versions, listed, taken away; to each client its people."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from hub.domain.actor import HUB
from hub.services.operating.invariants import breaches
from hub.wiring import Hub
from storage.records import MandateRecord
from tests.applications import CMB, ICBC
from tests.conftest import AddCaller
from tests.web.api.faults import faults_of
from tests.web.api.test_people import erase
from tests.web.caller import Caller, json_of, made

MONTHLY: dict[str, Any] = {
    "subject": "person-1",
    "payee_kind": "creditor",
    "payee_code": ICBC,
    "account_bank": CMB,
    "account_last4": "4401",
    "is_own_account": True,
    "use": "还贷款",
    "cap_fen": 500_000,
    "frequency": "monthly",
    "valid_from": "2026-01-01",
    "valid_to": "2027-12-31",
    "next_on": "2026-12-04",
    "source_doc": "借款合同第八条",
    "mobile": "13900001234",
    "email": "xm@example.com",
}


def recorded(caller: Caller, **changes: Any) -> Any:
    return made(caller.post("/mandates", {**MONTHLY, **changes}), 201)


def listed(caller: Caller, subject: str = "person-1") -> list[Any]:
    return list(made(caller.get("/mandates", query_string={"subject": subject}), 200)["items"])


def count(hub: Hub) -> int:
    with hub.reading(HUB) as tx:
        return tx.session.scalar(sa.select(sa.func.count()).select_from(MandateRecord)) or 0


def test_a_mandate_is_recorded_with_the_day_to_revoke_it_by(host_app: Caller) -> None:
    answer = recorded(host_app)
    assert answer == {
        "id": answer["id"],
        "status": "recorded",
        "version": 1,
        "payee_kind": "creditor",
        "payee_code": ICBC,
        "payee_name": None,
        "account_bank": CMB,
        "account_last4": "4401",
        "use": "还贷款",
        "cap_fen": 500_000,
        "frequency": "monthly",
        "valid_from": "2026-01-01",
        "valid_to": "2027-12-31",
        "next_on": "2026-12-04",
        "source_doc": "借款合同第八条",
        "next_run_on": "2026-12-04",
        "revoke_by": "2026-12-03",
        "recorded_at": answer["recorded_at"],
        "updated_at": answer["updated_at"],
    }
    assert listed(host_app) == [answer]
    one = host_app.get(f"/mandates/{answer['id']}", query_string={"subject": "person-1"})
    assert made(one, 200) == {**answer, "revocation": None}


def test_a_change_makes_a_new_version_and_the_same_again_none(host_app: Caller) -> None:
    path = f"/mandates/{recorded(host_app)['id']}"
    changed = made(host_app.put(path, {**MONTHLY, "cap_fen": 300_000}), 200)
    assert (changed["version"], changed["cap_fen"], changed["status"]) == (2, 300_000, "recorded")
    assert made(host_app.put(path, {**MONTHLY, "cap_fen": 300_000}), 200)["version"] == 2


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"subject": None}, ("/subject", "null")),
        ({"cap_fen": 0}, ("/cap_fen", "too_small")),
        ({"cap_fen": 10**12 + 1}, ("/cap_fen", "too_large")),
        ({"account_last4": "6222020000000007"}, ("/account_last4", "full_number_refused")),
        ({"is_own_account": False}, ("/is_own_account", "mandate_of_third_person")),
        ({"payee_name": "某支付有限公司"}, ("/payee_name", "not_with_this_payee")),
        ({"valid_to": "9999-12-31"}, ("/valid_to", "term_far")),
        ({"status": "revoked"}, ("/status", "unknown_field")),
        *(({name: "123456"}, (f"/{name}", "card_secret_refused")) for name in ("payment_password", "pin", "app_login")),
        *(({name: "支付密码 123456"}, (f"/{name}", "card_secret_refused")) for name in ("use", "source_doc")),
        *(({name: "622"}, (f"/{name}", "full_number_refused")) for name in ("account_number", "card_no")),
    ],
)
def test_what_is_refused_writes_nothing(
    host_app: Caller, hub: Hub, changes: dict[str, Any], fault: tuple[str, str]
) -> None:
    assert fault in faults_of(host_app.post("/mandates", {**MONTHLY, **changes}))
    assert count(hub) == 0


def test_a_mandate_is_taken_out_of_the_register(host_app: Caller, hub: Hub) -> None:
    path = f"/mandates/{recorded(host_app)['id']}?subject=person-1"
    assert host_app.delete(path).status_code == 204
    assert count(hub) == 0
    assert host_app.delete(path).status_code == 404


def test_only_the_subjects_own_token_sees_it(host_app: Caller, icbc: Caller, caller: AddCaller) -> None:
    mandate_id = recorded(host_app)["id"]
    other = caller("another app", "applications:write", "applications:read")
    assert listed(other) == listed(host_app, "person-2") == []
    for who, subject in ((other, "person-1"), (host_app, "person-2")):
        path = f"/mandates/{mandate_id}"
        for answer in (
            who.get(path, query_string={"subject": subject}),
            who.put(path, {**MONTHLY, "subject": subject}),
            who.delete(f"{path}?subject={subject}"),
        ):
            assert (answer.status_code, json_of(answer)["code"]) == (404, "not_found")
    assert icbc.get("/mandates?subject=person-1").status_code == 403
    assert icbc.post("/mandates", MONTHLY).status_code == 403
    assert host_app.web.get("/api/v1/mandates?subject=person-1").status_code == 401


def test_no_more_than_a_hundred_in_force_are_kept(host_app: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hub.services.mandates.mandates.MOST_MANDATES", 1)
    recorded(host_app)
    assert faults_of(host_app.post("/mandates", MONTHLY)) == {("", "mandates_too_many")}


def test_mandates_are_exported_and_erased_with_the_person(host_app: Caller) -> None:
    recorded(host_app)
    recorded(host_app, subject="person-2")
    assert host_app.get("/people/person-1/export").status_code == 200
    goes = made(erase(host_app, "person-1"), 202)["goes"]
    assert "mandates" in {each["what"] for each in goes}
    assert listed(host_app) == []
    assert len(listed(host_app, "person-2")) == 1
    assert erase(host_app, "person-1").status_code == 404


def test_the_check_names_a_mandate_that_is_not_what_its_row_says(host_app: Caller, hub: Hub) -> None:
    recorded(host_app)
    with hub.reading(HUB) as tx:
        assert [each for each in breaches(tx, hub.store) if each.invariant == "mandates"] == []
    with hub.writing(HUB) as tx:
        tx.session.scalars(sa.select(MandateRecord)).one().version = 3
    with hub.reading(HUB) as tx:
        assert len([each for each in breaches(tx, hub.store) if each.invariant == "mandates"]) == 1
