"""The page of the audit: who may read it, what its filters leave, and that it is exported like any list."""

from __future__ import annotations

import csv
import io
from html import unescape

import pytest
from flask import Flask

from hub.domain.actor import HUB
from hub.domain.staff import Role
from hub.services.accounts import staff
from hub.services.operating import own_settings
from hub.services.operating.audit_words import READINGS, WORDS, reading_of
from hub.web.catalogue import english
from tests.applications import CMB, ICBC
from tests.services.case import Case
from tests.services.conftest import OpenCase
from tests.web.pages.clerk import Clerk, forms_of


@pytest.fixture
def case(open_case: OpenCase) -> Case:
    """A case of ICBC."""
    return open_case(ICBC)


def test_sign_ins_and_readings_are_listed_with_who_and_about_what(app: Flask, case: Case) -> None:
    Clerk(app, "reviewer", case).page(f"/portal/negotiations/{case.id}")
    text = unescape(Clerk(app, "auditor", case).page("/portal/audit"))
    for words in ("周敏", "谢岚", "登录", "查看了申请", case.reference):
        assert words in text
    text = unescape(Clerk(app, "auditor", case).page(f"/portal/audit?what=readings&case={case.reference}"))
    assert "查看了申请" in text
    assert "<td>登录" not in text
    assert "没有这样的记录。" in Clerk(app, "auditor", case).page("/portal/audit?to=2020-01-01")
    assert "2020" in Clerk(app, "auditor", case).page("/portal/audit?from=2020-13-45&what=x&who=%27")


def test_a_look_at_a_file_is_called_a_look_and_a_download_a_download() -> None:
    assert READINGS[reading_of("view/01")[0]] == "查看了材料"
    assert READINGS[reading_of("evidence/01")[0]] == "下载了材料"


def test_every_deed_is_told_as_done_in_english_too() -> None:
    told = [english()[each] for each in (*WORDS.values(), *READINGS.values())]
    assert [each for each in told if not each[0].isupper()] == []
    assert (english()[WORDS["signed_in"]], english()[WORDS["signed_out"]]) == ("Signed in", "Signed out")


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_a_day_at_the_end_of_the_calendar_narrows_nothing(app: Flask, case: Case, day: str) -> None:
    clerk = Clerk(app, "supervisor", case)
    assert clerk.page(f"/portal/audit?from={day}&to={day}").count("<td>登录") == 1
    assert "答复明细" in clerk.page(f"/portal/answers?week={day}")
    asked = clerk.web.post(
        "/portal/exports/new",
        data=forms_of(clerk.get(f"/portal/exports/new?kind=audit&to={day}"))["new"] | {"format": "csv"},
    )
    case.work_off()
    assert "可以下载" in clerk.page(asked.location)


@pytest.mark.parametrize(("role", "status"), [("supervisor", 200), ("bank-admin", 200), ("reviewer", 403)])
def test_who_may_read_it(app: Flask, case: Case, role: str, status: int) -> None:
    clerk = Clerk(app, role, case)
    assert clerk.get("/portal/audit").status_code == status
    assert clerk.get("/portal/exports/new?kind=audit").status_code == status
    assert ("审计记录" in clerk.page("/portal/exports")) == (status == 200)


def test_it_holds_nothing_of_another_bank(app: Flask, case: Case, open_case: OpenCase) -> None:
    Clerk(app, "reviewer", case).page(f"/portal/negotiations/{case.id}")
    theirs = Clerk(app, "auditor", open_case(CMB))
    assert case.reference not in theirs.page("/portal/audit")
    assert "没有这样的记录。" in theirs.page(f"/portal/audit?case={case.reference}")


def test_it_is_exported_by_the_same_job(app: Flask, case: Case) -> None:
    clerk = Clerk(app, "auditor", case)
    fields = forms_of(clerk.get("/portal/exports/new?kind=audit&what=sign_ins"))["new"] | {"format": "csv"}
    asked = clerk.web.post("/portal/exports/new", data=fields)
    case.work_off()
    taken = clerk.web.post(f"{asked.location}/file", data=forms_of(clerk.get(asked.location))["file"])
    found = list(csv.DictReader(io.StringIO(taken.data.decode("utf-8-sig"), newline="")))
    # In the words of the page.
    assert {row["操作"] for row in found} == {"登录了"}
    shown = unescape(clerk.page("/portal/audit?what=exports"))
    assert "申请了导出" in shown
    assert "下载了导出文件" in shown


def test_a_reading_is_exported_in_the_words_of_the_page(app: Flask, case: Case) -> None:
    Clerk(app, "reviewer", case).read()
    clerk = Clerk(app, "auditor", case)
    fields = forms_of(clerk.get("/portal/exports/new?kind=audit&what=readings"))["new"] | {"format": "csv"}
    asked = clerk.web.post("/portal/exports/new", data=fields)
    case.work_off()
    taken = clerk.web.post(f"{asked.location}/file", data=forms_of(clerk.get(asked.location))["file"])
    found = list(csv.DictReader(io.StringIO(taken.data.decode("utf-8-sig"), newline="")))
    assert {row["操作"] for row in found} == {"查看了申请"}


def test_a_changed_setting_is_named_and_spelt_as_on_its_page(app: Flask, case: Case) -> None:
    with case.hub.writing(HUB) as tx:
        person, _ = staff.add(tx, role=Role.BANK_ADMIN, email="a@icbc.example", bank_code=ICBC, at=tx.now, name="郭静")
        own_settings.change(tx, person, {"approval_levels": "1000000:supervisor"})
    text = unescape(Clerk(app, "auditor", case).page("/portal/audit?what=settings"))
    assert "分级复核" in text
    assert "超过 10,000.00 元：复核主管" in text
    assert "approval_levels" not in text
    assert "1000000" not in text
