"""Revocations at a bank's desk: what reached it, its yes, its no with a reason, and an answer to a report."""

from __future__ import annotations

import pytest
from flask import Flask

from hub.domain.actor import HUB
from hub.services.operating import banks as bank_settings
from hub.wiring import Hub
from tests.applications import CITIC, CMB, ICBC
from tests.conftest import SentMessages
from tests.services.conftest import OpenCase
from tests.web.api.test_mandates import recorded
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
    for words in ("张三", "4401", "还贷款", "确认不再扣款", "须在此前答复", "中国工商银行", "招商银行", "从哪天起撤回"):
        assert words in page, words
    assert CMB not in page
    assert "等本行答复" in page
    clerk.post(f"/portal/mandates/{revocation}/confirm")
    assert "已确认" in clerk.page("/portal/mandates")
    [found] = made(host_app.get("/mandates?subject=person-1"), 200)["items"]
    assert found["status"] == "revoked"


def test_a_refusal_by_contract_quotes_its_clause(app: Flask, open_case: OpenCase, revocation: str) -> None:
    clerk = Clerk(app, "reviewer", open_case())
    path = f"/portal/mandates/{revocation}"
    refused = clerk.post(path, {"reason_code": "required_by_contract"})
    assert refused.status_code == 422
    clerk.post(path, {"reason_code": "required_by_contract", "text": "第八条：结清前不得撤回。"})
    assert "第八条：结清前不得撤回。" in clerk.page(path)


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
