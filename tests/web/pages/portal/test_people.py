"""How a bank's administrator looks after its people and teams, by the page."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from hub.domain.actor import HUB
from hub.domain.bank import Bank
from hub.domain.clock import FixedClock
from hub.domain.staff import Role
from hub.domain.visit import Visitor as Visits
from hub.services.accounts import staff, teams
from hub.services.appointments import slots
from hub.services.operating import audit
from hub.web.pages.portal.people import RIGHTS
from hub.wiring import Hub
from storage import negotiation_locks
from storage.records import MailRecord
from storage.staff import email_of, find_by_email, list_of_bank
from tests.applications import CMB, ICBC
from tests.mail.server import text_of
from tests.services.case import Case
from tests.services.posting import Posting
from tests.web.pages.visitor import Visitor

HERE = "/portal/staff"
NEW = "new@icbc.example"
ADMIN = f"bank-admin-{ICBC}"


@pytest.fixture
def admin(app: Flask, banks: dict[str, Bank]) -> Visitor:
    return Visitor(app, ADMIN)


def send(browser: Visitor, path: str, **form: Any) -> TestResponse:
    """The answer to the form; who has to prove again who they are presses the demo's button."""
    data: dict[str, Any] = {"csrf_token": browser.token(), **form}
    answer = browser.web.post(path, data=data)
    if answer.status_code in (401, 403) and b"confirm.press" in answer.data:
        answer = browser.web.post(path, data={**data, "confirm.press": "1"})
    return answer


def id_of(hub: Hub, role: str, bank: str = ICBC) -> str:
    with hub.reading(HUB) as tx:
        return next(each.id for each in list_of_bank(tx, bank) if each.role == role)


def everybody(hub: Hub) -> list[tuple[Any, ...]]:
    with hub.reading(HUB) as tx:
        return [
            (
                email_of(tx, each),
                each.role,
                each.name,
                each.active,
                each.team_id,
                each.fs_uniquifier,
                each.enrolment_digest,
            )
            for bank in (ICBC, CMB)
            for each in list_of_bank(tx, bank)
        ]


def test_a_new_colleague_enrols_by_a_mail_that_nobody_else_sees(
    app: Flask, hub: Hub, clock: FixedClock, admin: Visitor
) -> None:
    answer = send(admin, HERE, email=NEW, name="新同事", role="reviewer")
    assert (answer.status_code, answer.location) == (303, f"{HERE}?done=added")
    shown = admin.page(f"{HERE}?done=added")
    assert "等待开通" in shown
    assert "/sign-in/enrol/" not in shown
    with hub.reading(HUB) as tx:
        [waiting] = tx.session.query(MailRecord).filter_by(kind="enrolment")
        assert waiting.token_sealed is not None
    posting = Posting(hub=hub, clock=clock)
    assert [(to, subject[:6]) for to, subject in posting.send()] == [(NEW, "【开通账号】")]
    [link] = set(re.findall(r"http://127.0.0.1:8000(/sign-in/enrol/\S+)", text_of(posting.kept.sent[0])))
    assert Visitor(app).get(link).status_code == 200
    with hub.reading(HUB) as tx:
        [sent] = tx.session.query(MailRecord).filter_by(kind="enrolment")
        assert (sent.status, sent.token_sealed) == ("sent", None)
        [line] = [each for each in audit.newest(tx) if each.kind == "staff_added" and each.about == NEW]
        assert (line.email, line.details["role"]) == (f"bank-admin-{ICBC}@demo.example", "reviewer")


def test_only_the_newest_link_works_and_an_older_one_is_not_sent_any_more(
    app: Flask, hub: Hub, clock: FixedClock, admin: Visitor
) -> None:
    send(admin, HERE, email=NEW, name="", role="auditor")
    with hub.reading(HUB) as tx:
        person = find_by_email(tx, NEW)
        assert person is not None
    assert send(admin, f"{HERE}/{person.id}", do="renew").location == f"{HERE}/{person.id}?done=renewed"
    assert [to for to, _ in Posting(hub=hub, clock=clock).send()] == [NEW]


def test_role_name_team_and_leaving_each_count_and_are_in_the_audit_with_before_and_after(
    hub: Hub, admin: Visitor, case: Case
) -> None:
    clerk = id_of(hub, "reviewer")
    with hub.writing(HUB) as tx:
        team = teams.add(tx, "三组", bank_code=ICBC)
        negotiation_locks.lock(tx, case.id).owner_id = clerk
    there = f"{HERE}/{clerk}"
    assert send(admin, there, do="name", name="李静").location == f"{there}?done=named"
    assert send(admin, there, do="team", team=team.id).location == f"{there}?done=placed"
    assert send(admin, there, do="role", role="auditor").location == f"{there}?done=role"
    with hub.reading(HUB) as tx:
        [row] = [each for each in list_of_bank(tx, ICBC) if each.id == clerk]
        assert (row.name, row.role, row.team_id) == ("李静", "auditor", team.id)
        lines = {each.kind: each.details for each in audit.newest(tx)}
        assert (lines["staff_renamed"]["before"], lines["staff_renamed"]["after"]) == ("周敏", "李静")
        assert (lines["staff_role_changed"]["before"], lines["staff_role_changed"]["after"]) == ("reviewer", "auditor")
    with case.row() as (_, negotiation):
        assert negotiation.owner_id is None
    assert send(admin, there, do="remove").location == f"{there}?done=removed"
    assert "已离开" in admin.page(there)


def test_removing_says_first_what_it_brings_and_where_else_the_person_stands(hub: Hub, admin: Visitor) -> None:
    there = f"{HERE}/{id_of(hub, 'reviewer')}"
    step = admin.page(there).partition("<summary>移除这位同事</summary>")[2].partition("</details>")[0]
    for words in ("马上退出登录", "变为未分派", 'value="remove"'):
        assert words in step
    assert "谁见客户" not in admin.page(there).partition("<main")[2]
    with hub.writing(HUB) as tx:
        slots.name_visitor(tx, Visits(number="A1", name="周敏"), bank_code=ICBC, active=True)
        slots.name_visitor(tx, Visits(number="A2", name="李华"), bank_code=ICBC, active=True)
    send(admin, there, do="remove")
    page = admin.page(there)
    assert ("工号 A1" in page, "工号 A2" in page) == (True, False)
    assert 'href="/portal/appointments/set-up#visitors"' in page
    with hub.writing(HUB) as tx:
        slots.stop_visitor(tx, "A1", bank_code=ICBC)
    assert "工号 A1" not in admin.page(there)


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"email": "nonsense", "name": "", "role": "reviewer"}, "email"),
        ({"email": f"reviewer-{CMB}@demo.example", "name": "", "role": "reviewer"}, "email"),
        ({"email": NEW, "name": "x" * 81, "role": "reviewer"}, "name"),
        ({"email": NEW, "name": "x\r\nBcc: y@z.example\x00", "role": "reviewer"}, "name"),
        ({"email": NEW, "name": "", "role": "operator"}, "role"),
        ({"email": f"{NEW}\r\nBcc: x@y.example", "name": "", "role": "reviewer"}, "email"),
    ],
    ids=str,
)
def test_who_cannot_be_added_is_refused_at_the_field_and_nothing_is_written(
    app: Flask, hub: Hub, clock: FixedClock, admin: Visitor, form: dict[str, str], field: str
) -> None:
    Visitor(app, f"reviewer-{CMB}")
    admin.page(HERE)
    before = everybody(hub)
    answer = send(admin, HERE, **form)
    assert answer.status_code == 422
    assert f'id="f-{field}-error"' in answer.get_data(as_text=True)
    assert everybody(hub) == before
    assert Posting(hub=hub, clock=clock).send() == []


@pytest.mark.parametrize("deed", [{"do": "role", "role": "reviewer"}, {"do": "remove"}, {"do": "renew"}], ids=str)
def test_nobody_changes_their_own_account(hub: Hub, admin: Visitor, deed: dict[str, str]) -> None:
    own, before = id_of(hub, "bank_admin"), everybody(hub)
    answer = send(admin, f"{HERE}/{own}", **deed)
    assert (answer.status_code, "不能修改自己的角色和账号" in answer.get_data(as_text=True)) == (422, True)
    assert everybody(hub) == before


@pytest.mark.parametrize("deed", [{"do": "role", "role": "reviewer"}, {"do": "remove"}], ids=str)
def test_a_bank_is_never_without_an_administrator(
    hub: Hub, clock: FixedClock, admin: Visitor, deed: dict[str, str]
) -> None:
    with hub.writing(HUB) as tx:
        second, _ = staff.add(tx, role=Role.BANK_ADMIN, email=NEW, bank_code=ICBC, at=clock.at)
    assert send(admin, f"{HERE}/{second.id}", **deed).status_code == 303
    with hub.writing(HUB) as tx:
        third, _ = staff.add(tx, role=Role.BANK_ADMIN, email="third@icbc.example", bank_code=ICBC, at=clock.at)
        staff.remove(tx, f"bank-admin-{ICBC}@demo.example")
    assert admin.get(HERE).status_code == 303  # signed out with the account
    with hub.reading(HUB) as tx:
        [left] = [each for each in list_of_bank(tx, ICBC) if each.active and each.role == Role.BANK_ADMIN]
        assert left.id == third.id


@pytest.mark.parametrize("role", ["reviewer", "supervisor", "auditor"])
def test_others_see_and_change_nobody(app: Flask, hub: Hub, admin: Visitor, role: str) -> None:
    other, whose = Visitor(app, f"{role}-{ICBC}"), id_of(hub, "bank_admin")
    before = everybody(hub)
    for path in (HERE, f"{HERE}/{whose}"):
        assert other.get(path).status_code == 403
        assert send(other, path, do="remove").status_code == 403
    assert everybody(hub) == before


def test_another_banks_people_are_unknown(app: Flask, hub: Hub, admin: Visitor) -> None:
    Visitor(app, f"reviewer-{CMB}")
    theirs, before = id_of(hub, "reviewer", CMB), everybody(hub)
    unknown = admin.get(f"{HERE}/{'0' * 32}")
    assert (admin.get(f"{HERE}/{theirs}").status_code, unknown.status_code) == (404, 404)
    for deed in ({"do": "remove"}, {"do": "renew"}, {"do": "name", "name": "x"}, {"do": "team", "team": ""}):
        assert send(admin, f"{HERE}/{theirs}", **deed).status_code == 404
    assert everybody(hub) == before


def test_teams_are_added_renamed_and_removed(hub: Hub, admin: Visitor) -> None:
    assert send(admin, f"{HERE}/teams", do="add", team="一组").location == f"{HERE}?done=team_added"
    with hub.reading(HUB) as tx:
        [team] = teams.list_of_bank(tx, ICBC)
    assert send(admin, f"{HERE}/teams", do="add", team="一组").status_code == 422
    assert send(admin, f"{HERE}/teams", do="name", id=team.id, team="二组").status_code == 303
    assert "二组" in admin.page(HERE)
    assert send(admin, f"{HERE}/teams", do="remove", id=team.id).status_code == 303
    assert send(admin, f"{HERE}/teams", do="remove", id=team.id).status_code == 404
    assert send(admin, f"{HERE}/teams", do="close", id=team.id).status_code == 400


def test_a_change_that_matters_asks_who_it_is_once_more(
    app: Flask, hub: Hub, admin: Visitor, real_clock: FixedClock
) -> None:
    admin.page(HERE)
    real_clock.at += timedelta(minutes=11)
    before = everybody(hub)
    answer = admin.web.post(HERE, data={"csrf_token": admin.token(), "email": NEW, "role": "reviewer"})
    assert answer.status_code != 303
    assert everybody(hub) == before


def test_what_the_table_says_of_roles_is_what_pages_let_them_do(app: Flask, admin: Visitor, case: Case) -> None:
    pages = {
        "查看本行的全部申请、材料和沟通记录": f"/portal/negotiations/{case.id}",
        "受理、提出方案、联系客户": f"/portal/negotiations/{case.id}/reject",
        "查看工作日历": "/portal/calendar",
        "管理人员与小组、修改本行设置": HERE,
    }
    rights = dict(RIGHTS)
    for role in ("reviewer", "supervisor", "auditor", "bank_admin"):
        browser = Visitor(app, f"{role.replace('_', '-')}-{ICBC}")
        may = {what: browser.get(path).status_code == 200 for what, path in pages.items()}
        assert may == {what: role in rights[what] for what in pages}, role


def test_the_calendar_names_holidays_days_made_up_and_years_that_are_open(app: Flask, admin: Visitor) -> None:
    text = admin.page("/portal/calendar")
    for words in ("国庆节", "正式通知", "国办发明电", "暂定", "调休上班的周末"):
        assert words in text
    assert "<form" not in text.partition("<main")[2].partition("</main>")[0]
