"""The pages of exports: asked for from a list, decided by a second person, waited for without a script, taken."""

from __future__ import annotations

import csv
import io
import re
from html import unescape

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.applications import CMB, ICBC, card
from tests.services.case import Case, everything_stored
from tests.services.conftest import OpenCase
from tests.web.pages.clerk import Clerk, Fields, forms_of


@pytest.fixture
def case(open_case: OpenCase) -> Case:
    """A case of ICBC with an agreement in force."""
    case = open_case(ICBC)
    case.accept(case.offer())
    return case


def form_at(clerk: Clerk, address: str) -> Fields:
    return forms_of(clerk.get(address))["new"]


def test_what_a_list_shows_is_exported_masked_and_taken(app: Flask, case: Case) -> None:
    clerk = Clerk(app, "reviewer", case)
    listed = unescape(clerk.page("/portal/agreements?tab=in_force"))
    [address] = re.findall(r"/portal/exports/new\?[^\"]+", listed)
    fields = form_at(clerk, address) | {"format": "csv"}
    assert "in_full" not in unescape(clerk.page(address))
    asked = clerk.web.post("/portal/exports/new", data=fields)
    assert asked.status_code == 303
    waiting = clerk.get(asked.location)
    assert (waiting.headers["Refresh"], "正在生成" in waiting.get_data(as_text=True)) == ("3", True)
    case.work_off()
    ready = clerk.get(asked.location)
    assert "Refresh" not in ready.headers
    taken = clerk.web.post(f"{asked.location}/file", data=forms_of(ready)["file"])
    assert taken.headers["Content-Disposition"].startswith("attachment; filename*=UTF-8''")
    assert taken.content_type == "text/csv; charset=utf-8"
    [row] = csv.DictReader(io.StringIO(taken.data.decode("utf-8-sig"), newline=""))
    assert (row["编号"], row["客户姓名"]) == (case.reference, "王*明")
    assert card().encode() not in taken.data
    assert "履约跟踪" in unescape(clerk.page("/portal/exports"))


def test_in_full_is_decided_by_another_supervisor(app: Flask, case: Case) -> None:
    admin, chief = Clerk(app, "bank-admin", case), Clerk(app, "supervisor", case)
    fields = form_at(admin, "/portal/exports/new?kind=queue") | {"extent": "in_full"}
    refused = admin.web.post("/portal/exports/new", data=fields)
    assert (refused.status_code, "field-error" in refused.get_data(as_text=True)) == (422, True)
    asked = admin.web.post("/portal/exports/new", data=fields | {"reason": "监管报送"})
    assert "等待另一位复核主管同意" in admin.page(asked.location)
    assert "同意</button>" not in admin.page(asked.location)
    decision = forms_of(chief.get(asked.location))["decision"]
    empty = chief.web.post(f"{asked.location}/decision", data=decision | {"do": "return"})
    assert (empty.status_code, "field-error" in empty.get_data(as_text=True)) == (422, True)
    done = chief.web.post(f"{asked.location}/decision", data=decision | {"do": "approve"})
    assert done.status_code == 303
    case.work_off()
    assert "只有申请人可以下载" in chief.page(asked.location)
    taken = admin.web.post(f"{asked.location}/file", data=forms_of(admin.get(asked.location))["file"])
    assert taken.data.startswith(b"PK")


def test_a_clerk_cannot_ask_in_full_whatever_the_form_says(app: Flask, case: Case) -> None:
    clerk = Clerk(app, "reviewer", case)
    fields = form_at(clerk, "/portal/exports/new?kind=queue")
    before = everything_stored(case.hub)
    refused = clerk.web.post("/portal/exports/new", data=fields | {"extent": "in_full", "reason": "好奇"})
    assert refused.status_code == 422
    assert everything_stored(case.hub)["export"] == before["export"] == []


def test_another_banks_export_is_as_unknown(app: Flask, case: Case, open_case: OpenCase) -> None:
    clerk, theirs = Clerk(app, "supervisor", case), Clerk(app, "supervisor", open_case(CMB))
    fields = form_at(clerk, "/portal/exports/new?kind=queue")
    address = clerk.web.post("/portal/exports/new", data=fields).location
    case.work_off()
    token = forms_of(theirs.get("/portal/exports/new"))["new"]
    unknown = "/portal/exports/" + "0" * 32
    for path, post in (("", False), ("/file", True), ("/decision", True)):
        answers = [
            theirs.web.post(f"{at}{path}", data=token) if post else theirs.get(f"{at}{path}")
            for at in (address, unknown)
        ]
        assert [each.status_code for each in answers] == [404, 404]
    assert "还没有导出。" in theirs.page("/portal/exports")


def test_sessions_that_are_not_fresh_are_asked_first(app: Flask, case: Case) -> None:
    clerk = Clerk(app, "reviewer", case)
    fields = form_at(clerk, "/portal/exports/new?kind=queue")
    with case.hub.database.writing() as session:
        session.execute(sa.text("UPDATE page_session SET proved_at = NULL"))
    answer = clerk.web.post("/portal/exports/new", data=fields)
    assert answer.status_code == 401
    assert "请确认是您本人" in answer.get_data(as_text=True)
    assert everything_stored(case.hub)["export"] == []


def test_the_queue_leads_to_a_table_of_its_filters_or_of_the_chosen_cases(
    app: Flask, case: Case, open_case: OpenCase
) -> None:
    other = open_case()
    clerk = Clerk(app, "reviewer", other)
    listed = unescape(clerk.page("/portal/?status=awaiting_bank"))
    [address] = re.findall(r"/portal/exports/new\?kind=queue[^\"]*", listed)
    assert 'formaction="/portal/exports/new"' in listed
    for at, many in ((address, 1), (f"/portal/exports/new?case={other.id}&case={case.id}&from=", 2)):
        asked = clerk.web.post("/portal/exports/new", data=form_at(clerk, at) | {"format": "csv"})
        case.work_off()
        taken = clerk.web.post(f"{asked.location}/file", data=forms_of(clerk.get(asked.location))["file"])
        rows = list(csv.DictReader(io.StringIO(taken.data.decode("utf-8-sig"), newline="")))
        assert other.reference in {row["编号"] for row in rows}
        assert len(rows) == many
