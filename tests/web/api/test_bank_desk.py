"""A bank's own work on a case by API: whose it is, what was found of files, what papers show; nobody else's to see."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from hub.domain.actor import HUB
from hub.domain.recognised_amounts import RecognisedAmount
from hub.domain.staff import Role
from hub.services.accounts import staff
from hub.services.operating import audit
from hub.wiring import Hub
from storage import given_evidence, recognised_amounts
from storage.records import MailRecord
from tests.applications import CMB, ICBC
from tests.web.api.faults import faults_of
from tests.web.caller import Caller, made

CLERK, AUDITOR, STRANGER = "clerk@icbc.example", "audit@icbc.example", "clerk@cmb.example"


@pytest.fixture
def people(hub: Hub, delivered: str) -> None:
    """A clerk and an auditor of the bank, and a clerk of another one."""
    del delivered
    with hub.writing(HUB) as tx:
        for role, email, bank in (
            (Role.REVIEWER, CLERK, ICBC),
            (Role.AUDITOR, AUDITOR, ICBC),
            (Role.REVIEWER, STRANGER, CMB),
        ):
            staff.add(tx, role=role, email=email, bank_code=bank, at=tx.now)


def desk(icbc: Caller, delivered: str) -> Any:
    return made(icbc.get(f"/bank{delivered}/desk"), 200)


def audited(hub: Hub, kind: str) -> int:
    with hub.reading(HUB) as tx:
        return sum(each.kind == kind for each in audit.newest(tx))


@pytest.mark.usefixtures("people")
def test_a_case_is_given_to_one_of_the_banks_people_and_to_nobody(hub: Hub, icbc: Caller, delivered: str) -> None:
    assert desk(icbc, delivered)["owner"] is None
    given = made(icbc.post(f"/bank{delivered}/owner", {"email": CLERK.upper()}), 200)
    assert given["owner"]["email"] == CLERK
    # The same again is the same, and tells nobody twice.
    assert made(icbc.post(f"/bank{delivered}/owner", {"email": CLERK}), 200) == given == desk(icbc, delivered)
    with hub.reading(HUB) as tx:
        assert tx.session.query(MailRecord).filter_by(kind="assigned").count() == 1
    assert audited(hub, "case_assigned") == 1
    assert made(icbc.post(f"/bank{delivered}/owner", {"email": None}), 200)["owner"] is None


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ({}, ("/email", "required")),
        ({"email": ""}, ("/email", "text_required")),
        ({"email": "nobody@icbc.example"}, ("/email", "owner_unknown")),
        ({"email": STRANGER}, ("/email", "owner_unknown")),
        ({"email": AUDITOR}, ("/email", "owner_not_acting")),
        ({"email": CLERK, "team": "1"}, ("/team", "unknown_field")),
    ],
)
def test_who_may_not_have_a_case_is_refused_and_nothing_changes(
    hub: Hub, icbc: Caller, delivered: str, body: dict[str, Any], fault: tuple[str, str]
) -> None:
    assert faults_of(icbc.post(f"/bank{delivered}/owner", body)) == {fault}
    assert (desk(icbc, delivered)["owner"], audited(hub, "case_assigned")) == (None, 0)


@pytest.mark.usefixtures("people")
def test_a_case_that_is_over_has_no_new_owner(icbc: Caller, delivered: str) -> None:
    made(icbc.post(f"/bank{delivered}/reject", {"reason_code": "other", "text": "这次没有达成一致。"}), 200)
    assert faults_of(icbc.post(f"/bank{delivered}/owner", {"email": CLERK})) == {("/owner", "case_has_ended")}


def test_a_file_is_checked_or_doubtful_with_words(hub: Hub, icbc: Caller, delivered: str) -> None:
    file = made(icbc.get(f"/bank{delivered}"), 200)["evidence"][0]["id"]
    there = f"/bank{delivered}/evidence/{file}/check"
    assert faults_of(icbc.post(there, {"verdict": "doubtful"})) == {("/text", "text_required")}
    assert faults_of(icbc.post(there, {"verdict": "fine"})) == {("/verdict", "unknown_choice")}
    assert desk(icbc, delivered)["evidence_checks"] == []
    icbc.post(there, {"verdict": "doubtful", "text": "日期看不清"})
    for _ in range(2):
        found = made(icbc.post(there, {"verdict": "checked"}), 200)["evidence_checks"]
    assert [(each["evidence_id"], each["verdict"], each["text"]) for each in found] == [(file, "checked", "")]
    assert audited(hub, "evidence_checked") == 2
    assert icbc.post(f"/bank{delivered}/evidence/{'0' * 32}/check", {"verdict": "checked"}).status_code == 404


def test_what_papers_show_stands_beside_what_was_declared(hub: Hub, icbc: Caller, delivered: str) -> None:
    file = made(icbc.get(f"/bank{delivered}"), 200)["evidence"][0]["id"]
    there = f"/bank{delivered}/evidenced-figures"
    unknown = {"line": "income.luck", "amount_fen": 1, "evidence_id": "0" * 32}
    assert faults_of(icbc.post(there, unknown)) == {("/line", "line_unknown"), ("/evidence_id", "file_not_given")}
    assert desk(icbc, delivered)["evidenced_figures"] == []
    body = {"line": "income", "amount_fen": 512_300, "evidence_id": file, "note": "三个月平均"}
    [found] = made(icbc.post(there, body), 200)["evidenced_figures"]
    assert {name: found[name] for name in body} == body
    icbc.post(there, {"line": "income", "amount_fen": 500_000})
    [found] = desk(icbc, delivered)["evidenced_figures"]
    assert (found["amount_fen"], found["evidence_id"]) == (500_000, None)
    for _ in range(2):
        assert made(icbc.post(f"{there}/take-back", {"line": "income"}), 200)["evidenced_figures"] == []
    assert (audited(hub, "figure_read"), audited(hub, "figure_taken_back")) == (2, 1)


def test_another_bank_and_a_host_app_find_none_of_it(
    bank_app: Callable[[str], Caller], host_app: Caller, icbc: Caller, delivered: str
) -> None:
    cmb = bank_app(CMB)
    file = made(icbc.get(f"/bank{delivered}"), 200)["evidence"][0]["id"]
    calls: list[tuple[str, dict[str, Any]]] = [
        ("owner", {"email": None}),
        (f"evidence/{file}/check", {"verdict": "checked"}),
        ("evidenced-figures", {"line": "income", "amount_fen": 1}),
        ("evidenced-figures/take-back", {"line": "income"}),
    ]
    for path, body in calls:
        assert cmb.post(f"/bank{delivered}/{path}", body).status_code == 404
        assert host_app.post(f"/bank{delivered}/{path}", body).status_code == 403
    assert cmb.get(f"/bank{delivered}/desk").status_code == 404
    seen = made(host_app.get(delivered), 200)
    assert {"owner", "evidence_checks", "evidenced_figures"}.isdisjoint(seen)


def test_amounts_that_a_machine_read_are_told_with_their_files(hub: Hub, icbc: Caller, delivered: str) -> None:
    assert desk(icbc, delivered)["recognised_amounts"] == []
    with hub.writing(HUB) as tx:
        [file] = [each.id for each in given_evidence.list_ever_given(tx, delivered.rpartition("/")[2])]
        recognised_amounts.ask(tx, file)
        tx.session.flush()
        record = recognised_amounts.find(tx, file, lock=True)
        assert record is not None
        recognised_amounts.settle(tx, record, [RecognisedAmount(label="实发工资", amount_fen=840_000, page=2)])
    assert desk(icbc, delivered)["recognised_amounts"] == [
        {"evidence_id": file, "page": 2, "label": "实发工资", "amount_fen": 840_000}
    ]
