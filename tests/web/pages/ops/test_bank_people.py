"""A bank's people at the operator's pages: its first administrator is invited, accounts renewed and removed."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from hub.domain.actor import HUB
from hub.domain.bank import Bank
from hub.domain.staff import Role
from hub.services.accounts import staff
from hub.services.operating import audit
from hub.wiring import Hub
from storage.records import MailRecord, PageSessionRecord
from storage.staff import email_of, find_by_email, list_of_bank
from tests.applications import CMB, ICBC
from tests.web.pages.operator import Operator
from tests.web.pages.visitor import Visitor

HERE = f"/ops/banks/{ICBC}"
NEW = "first@icbc.example"


@pytest.fixture
def database(sqlite_database: str) -> str:
    """One kind of database will do: nothing here asks it anything of its own."""
    return sqlite_database


def send(browser: Visitor, path: str, **form: str) -> TestResponse:
    """The answer to the form; who has to prove again who they are presses the demo's button."""
    data: dict[str, Any] = {"csrf_token": browser.token(), **form}
    answer = browser.web.post(path, data=data)
    if answer.status_code == 401 and b"confirm.press" in answer.data:
        answer = browser.web.post(path, data={**data, "confirm.press": "1"})
    return answer


def id_of(hub: Hub, email: str) -> str:
    with hub.reading(HUB) as tx:
        found = find_by_email(tx, email)
    assert found is not None
    return found.id


def added(hub: Hub, email: str, role: Role = Role.BANK_ADMIN) -> str:
    with hub.writing(HUB) as tx:
        return staff.add(tx, role=role, email=email, bank_code=ICBC, at=tx.now)[0].id


def state(hub: Hub) -> list[tuple[Any, ...]]:
    with hub.reading(HUB) as tx:
        return [(email_of(tx, each), each.role, each.active, each.enrolment_digest) for each in list_of_bank(tx, ICBC)]


def noted(hub: Hub, kind: str) -> list[tuple[str | None, str]]:
    with hub.reading(HUB) as tx:
        return [(each.bank_code, each.about) for each in audit.newest(tx) if each.kind == kind]


def test_an_administrator_is_invited_by_mail_alone_and_the_banks_audit_has_it(operator: Operator, hub: Hub) -> None:
    answer = send(operator, f"{HERE}/staff", email=NEW, name="周敏")
    assert (answer.status_code, answer.location) == (303, f"{HERE}?done=invited")
    assert "72 小时内有效" in operator.read(f"{HERE}?done=invited")
    person = id_of(hub, NEW)
    with hub.reading(HUB) as tx:
        [mail] = tx.session.query(MailRecord).filter_by(kind="enrolment", staff_id=person).all()
        account = staff.get_of_bank(tx, person, bank_code=ICBC)
    assert account.role == Role.BANK_ADMIN
    assert mail.bank_code == ICBC
    assert (ICBC, NEW) in noted(hub, "staff_added")
    page = operator.read(HERE)
    assert NEW in page
    assert "/sign-in/enrol/" not in page


@pytest.mark.parametrize(("do", "kind"), [("renew", "staff_renewed"), ("remove", "staff_removed")])
def test_an_account_is_renewed_or_removed_and_the_banks_audit_has_it(
    operator: Operator, hub: Hub, do: str, kind: str
) -> None:
    person = added(hub, NEW)
    answer = send(operator, f"{HERE}/staff/{person}", do=do)
    assert (answer.status_code, answer.location) == (303, f"{HERE}?done={do}{'d' if do == 'remove' else 'ed'}")
    assert (ICBC, NEW) in noted(hub, kind)
    with hub.reading(HUB) as tx:
        record = find_by_email(tx, NEW)
        assert record is not None
        assert record.active == (do == "renew")


@pytest.mark.parametrize(("email", "words"), [("", "邮箱"), ("no address", "邮箱"), (f"reviewer-x@{ICBC}", "邮箱")])
def test_what_cannot_be_is_said_and_nothing_is_written(operator: Operator, hub: Hub, email: str, words: str) -> None:
    before = state(hub)
    answer = send(operator, f"{HERE}/staff", email=email, name="周敏")
    assert answer.status_code == 422
    text = answer.get_data(as_text=True)
    assert 'aria-invalid="true"' in text
    assert words in text
    assert 'value="周敏"' in text
    assert state(hub) == before


def test_a_bank_is_never_without_an_administrator(operator: Operator, hub: Hub) -> None:
    person = added(hub, NEW)
    with hub.writing(HUB) as tx:
        for each in list_of_bank(tx, ICBC):
            if each.role == Role.BANK_ADMIN and each.id != person:
                each.active = False
    before = state(hub)
    answer = send(operator, f"{HERE}/staff/{person}", do="remove")
    assert answer.status_code == 422
    assert 'role="alert"' in answer.get_data(as_text=True)
    assert state(hub) == before


def test_another_banks_account_and_an_unknown_deed_are_refused(operator: Operator, hub: Hub) -> None:
    person = added(hub, NEW)
    before = state(hub)
    assert send(operator, f"/ops/banks/{CMB}/staff/{person}", do="remove").status_code == 404
    assert send(operator, "/ops/banks/99999999/staff", email="x@y.example", name="").status_code == 404
    assert send(operator, f"{HERE}/staff/{person}", do="promote").status_code == 400
    assert state(hub) == before


def test_it_needs_a_fresh_sign_in(operator: Operator, hub: Hub) -> None:
    before = state(hub)
    with hub.writing(HUB) as tx:
        tx.session.query(PageSessionRecord).update({"proved_at": None})
    answer = operator.web.post(f"{HERE}/staff", data={"csrf_token": operator.token(), "email": NEW, "name": ""})
    assert answer.status_code == 401
    assert state(hub) == before


@pytest.mark.parametrize("person", [f"reviewer-{ICBC}", f"bank-admin-{ICBC}"])
def test_people_of_a_bank_cannot(app: Flask, banks: dict[str, Bank], hub: Hub, person: str) -> None:
    browser = Visitor(app, person)
    before = state(hub)
    assert browser.web.post(f"{HERE}/staff", data={"csrf_token": browser.token(), "email": NEW}).status_code == 403
    assert browser.web.get(HERE).status_code == 403
    assert state(hub) == before


def test_the_page_says_role_second_factor_and_last_sign_in(operator: Operator, hub: Hub) -> None:
    person = added(hub, NEW)
    page = operator.read(HERE)
    row = re.sub(r"<[^>]+>", " ", page[page.index(NEW) : page.index(f"{HERE}/staff/{person}")])
    assert {"本行管理员", "没有", "从未", "等待开通"} <= set(row.split())
    assert "谁可以修改" in page
