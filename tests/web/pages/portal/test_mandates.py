"""Revocations at a bank's desk: what reached it, its yes, its no with a reason, and an answer to a report."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from hub.domain.actor import HUB
from hub.domain.masks import mask_mobile
from hub.services.mandates import at_bank
from hub.services.operating import audit
from hub.services.operating import banks as bank_settings
from hub.web.pages.portal import mandates
from hub.wiring import Hub
from storage import communications, service_requests
from storage.log_tables import OF_REQUESTS
from tests.applications import CITIC, CMB, ICBC
from tests.conftest import SentMessages
from tests.services.conftest import OpenCase
from tests.web.api.test_mandates import MONTHLY, recorded
from tests.web.api.test_revocations import DEDUCTION, revoked
from tests.web.caller import Caller, made
from tests.web.pages.clerk import Clerk


@pytest.fixture
def revocation(host_app: Caller, hub: Hub, icbc: Caller, sms: SentMessages) -> str:
    with hub.writing(HUB) as tx:
        bank_settings.change(tx, ICBC, {"services": "mandates"})
    found = revoked(host_app, sms, recorded(host_app)["id"])["revocation"]["id"]
    sms.sent.clear()
    return str(found)


def test_a_clerk_reads_and_confirms_it(app: Flask, open_case: OpenCase, revocation: str, host_app: Caller) -> None:
    clerk = Clerk(app, "reviewer", open_case())
    assert f"/portal/mandates/{revocation}" in clerk.page("/portal/mandates")
    page = clerk.page(f"/portal/mandates/{revocation}")
    for words in ("张*", "4401", "还贷款", "确认不再扣款", "须在此前答复", "中国工商银行", "招商银行", "从哪天起撤回"):
        assert words in page, words
    assert CMB not in page
    assert "等本行答复" in page
    clerk.post(f"/portal/mandates/{revocation}/confirm")
    assert "已确认" in clerk.page("/portal/mandates")
    [found] = made(host_app.get("/mandates?subject=person-1"), 200)["items"]
    assert found["status"] == "revoked"


def test_a_revocation_says_masked_whom_it_concerns_and_in_full_once_the_clerk_says_why(
    app: Flask, open_case: OpenCase, revocation: str, hub: Hub
) -> None:
    clerk, here = Clerk(app, "reviewer", open_case()), f"/portal/mandates/{revocation}"
    page = clerk.page(here)
    assert mask_mobile(MONTHLY["mobile"]) in page
    assert not [words for words in (MONTHLY["mobile"], "张三") if words in page]
    refused = clerk.post(f"{here}/reveal", {"why": " "})
    assert (refused.status_code, MONTHLY["mobile"] in refused.get_data(as_text=True)) == (422, False)
    assert clerk.post(f"{here}/reveal", {"why": "联系户主"}).status_code == 303
    shown = clerk.page(here)
    assert [words for words in (MONTHLY["mobile"], "张三") if words not in shown] == []
    with hub.reading(HUB) as tx:
        record = service_requests.find_of_bank(tx, revocation, bank_code=ICBC)
        last = communications.list_entries(tx, record.id, log=OF_REQUESTS)[-1]
        assert [each.about for each in audit.newest(tx) if each.kind == "request_person_read"] == [record.reference]
    assert (last.header.kind, "联系户主" in (last.text or "")) == ("request_person_shown", True)
    assert Clerk(app, "reviewer", open_case(CITIC)).post(f"{here}/reveal", {"why": "看看"}).status_code == 404
    assert "看完整的姓名和手机号" not in Clerk(app, "auditor", open_case()).page(here)


def test_a_clerk_takes_a_revocation_on_its_own_page_and_stays_there(
    app: Flask, open_case: OpenCase, revocation: str
) -> None:
    clerk, here = Clerk(app, "reviewer", open_case()), f"/portal/mandates/{revocation}"
    found = re.search(
        r'name="then" value="(stay)"><button[^>]* name="owner" value="([^"]+)">我来经办', clerk.page(here)
    )
    assert found is not None
    took = clerk.post(f"/portal/requests/{revocation}/owner", {"owner": found[2], "seen_owner": "", "then": found[1]})
    assert (took.status_code, took.headers["Location"]) == (303, f"/portal/requests/{revocation}")
    page = clerk.page(here)
    assert ("我来经办" in page, "转交" in page) == (False, True)
    assert "我来经办" not in Clerk(app, "auditor", open_case()).page(here)


def test_a_list_that_may_be_cut_says_how_many_it_holds(
    app: Flask, open_case: OpenCase, revocation: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    clerk = Clerk(app, "reviewer", open_case())
    assert "最多列出" not in clerk.page("/portal/mandates")
    for each in (at_bank, mandates):
        monkeypatch.setattr(each, "MOST_LISTED", 1)
    assert clerk.page("/portal/mandates").count("这里最多列出 1 件") == 1


def test_a_refusal_by_contract_quotes_its_clause(app: Flask, open_case: OpenCase, revocation: str) -> None:
    clerk = Clerk(app, "reviewer", open_case())
    path = f"/portal/mandates/{revocation}"
    form = {"reason_code": "required_by_contract"}
    refused = clerk.post(path, form)
    assert refused.status_code == 422
    form["text"] = "第八条：结清前不得撤回。"
    shown = clerk.post(path, {**form, "step": "preview"}).get_data(as_text=True)
    told = ("客户会看到", "合同约定不能单独撤回", form["text"], "不能撤回")
    assert [words for words in told if words not in shown] == []
    assert form["text"] in clerk.post(path, {**form, "step": "edit"}).get_data(as_text=True)
    assert "等本行答复" in clerk.page(path)
    assert clerk.post(path, {**form, "step": "send"}).status_code == 303
    assert form["text"] in clerk.page(path)


def test_a_refusal_after_a_colleagues_answer_is_not_sent(app: Flask, open_case: OpenCase, revocation: str) -> None:
    clerk, path = Clerk(app, "reviewer", open_case()), f"/portal/mandates/{revocation}"
    clerk.post(f"{path}/confirm")
    answer = clerk.post(path, {"reason_code": "not_ours", "step": "send"})
    assert (answer.status_code, "这一步没有完成" in answer.get_data(as_text=True)) == (409, True)
    assert "不是本机构的授权" not in clerk.page(path)


def test_an_auditor_looks_and_another_bank_does_not(app: Flask, open_case: OpenCase, revocation: str) -> None:
    auditor = Clerk(app, "auditor", open_case())
    assert "确认不再扣款" not in auditor.page(f"/portal/mandates/{revocation}")
    other = Clerk(app, "reviewer", open_case(CITIC))
    assert revocation not in other.page("/portal/mandates")
    assert other.web.get(f"/portal/mandates/{revocation}").status_code == 404


def test_a_report_is_answered(app: Flask, open_case: OpenCase, revocation: str, host_app: Caller) -> None:
    reported = made(host_app.post("/deductions", DEDUCTION), 201)["id"]
    clerk = Clerk(app, "reviewer", open_case())
    assert "没有约定过这笔扣款" in clerk.page(f"/portal/deductions/{reported}")
    clerk.post(f"/portal/deductions/{reported}", {"text": "多扣的已经退回。"})
    [shown] = made(host_app.get("/deductions?subject=person-1"), 200)["items"]
    assert shown["sent"]["answer"] == "多扣的已经退回。"


def test_a_report_says_masked_whom_it_concerns_and_in_full_once_the_clerk_says_why(
    app: Flask, open_case: OpenCase, revocation: str, host_app: Caller, hub: Hub
) -> None:
    [mandate] = made(host_app.get("/mandates?subject=person-1"), 200)["items"]
    by_mandate = {name: value for name, value in DEDUCTION.items() if name != "creditor_code"}
    body = {**by_mandate, "mandate_id": mandate["id"], "account_last4": "4401"}
    reported = made(host_app.post("/deductions", body), 201)["id"]
    clerk, here = Clerk(app, "reviewer", open_case()), f"/portal/deductions/{reported}"
    page = clerk.page(here)
    assert mask_mobile(MONTHLY["mobile"]) in page
    assert MONTHLY["mobile"] not in page
    refused = clerk.post(f"{here}/reveal", {"why": " "})
    assert (refused.status_code, MONTHLY["mobile"] in refused.get_data(as_text=True)) == (422, False)
    assert clerk.post(f"{here}/reveal", {"why": "核对账户"}).status_code == 303
    assert MONTHLY["mobile"] in clerk.page(here)
    with hub.reading(HUB) as tx:
        (record,) = service_requests.list_of_matter(tx, reported)
        last = communications.list_entries(tx, record.id, log=OF_REQUESTS)[-1]
    assert (last.header.kind, "核对账户" in (last.text or "")) == ("request_person_shown", True)
    other = Clerk(app, "reviewer", open_case(CITIC))
    assert other.post(f"{here}/reveal", {"why": "核对账户"}).status_code == 404
    auditor = Clerk(app, "auditor", open_case())
    assert "看完整的姓名和手机号" not in auditor.page(here)


def test_a_report_of_whom_nothing_else_is_known_names_nobody(revocation: str, host_app: Caller, icbc: Caller) -> None:
    reported = made(host_app.post("/deductions", DEDUCTION), 201)["id"]
    found = made(icbc.get("/bank/mandates"), 200)["deductions"]
    assert [(each["id"], each["holder"]) for each in found] == [(reported, {"name": None, "mobile": None})]
