"""The portal to look at: the queue by due time, a case behind masks, its files, and who may see what."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from flask import Flask

from hub.domain.bank import Bank
from hub.domain.call_word import WORDS
from hub.domain.canned_reply import DEFAULT_REPLIES
from hub.domain.clock import FixedClock
from hub.wiring import Hub
from tests.applications import CMB, ICBC, card, pdf, person
from tests.services.case import LARGE_OFFER
from tests.services.conftest import OpenCase
from tests.web.pages.clerk import Clerk, readings
from tests.web.pages.visitor import Visitor

ACTS = ("offer", "request-evidence", "reject", "messages", "calls", "reveal")


def without_tokens(page: str) -> str:
    """The page but for the tokens of its forms, which tell the second they were made in."""
    return re.sub(r'name="csrf_token" value="[^"]+"', "", page)


def test_the_queue_shows_the_most_urgent_first_and_names_behind_masks(app: Flask, open_case: OpenCase) -> None:
    early = open_case()
    early.at("2026-11-24 10:00")
    late = open_case()
    early.at("2026-12-03 10:00")
    text = unescape(Clerk(app, "reviewer", early).page("/portal/"))
    assert text.index(early.reference) < text.index(late.reference)
    assert text.index(" 已超时 <span") < text.index(early.reference) < text.index(" 今天到期 <span")
    assert "王*明" in text
    assert "王小明" not in text
    assert card() not in text
    assert card()[-4:] in text


def test_who_may_live_by_helping_and_has_no_paper_is_flagged_in_queue_and_case(app: Flask, open_case: OpenCase) -> None:
    open_case()
    helper = {"name": "陈某", "relation": "法务公司", "mobile": "13900139000"}
    clerk = Clerk(app, "reviewer", open_case(applicant=person(), representative=helper))
    for flag in ("有协助人，没有授权材料", "协助人可能是代理机构"):
        assert clerk.page("/portal/").count(flag) == 1
        assert flag in clerk.page(clerk.address)


def test_the_queue_holds_no_other_banks_negotiation(app: Flask, open_case: OpenCase) -> None:
    mine, theirs = open_case(ICBC), open_case(CMB)
    clerk = Clerk(app, "supervisor", mine)
    assert mine.reference in clerk.page("/portal/")
    assert theirs.reference not in clerk.page("/portal/")
    assert clerk.get(f"/portal/?q={mine.reference}").location == f"/portal/negotiations/{mine.id}"
    assert "没有找到。" in clerk.page(f"/portal/?q={theirs.reference}")


def test_the_queue_goes_on_from_page_to_page_without_gaps(app: Flask, open_case: OpenCase) -> None:
    cases = [open_case() for _ in range(3)]
    clerk = Clerk(app, "reviewer", cases[0])
    first = unescape(clerk.page("/portal/?limit=2&status=awaiting_bank"))
    [address] = re.findall(r'rel="next" href="([^"]+)"', first)
    second = unescape(clerk.page(address))
    assert [sum(each.reference in text for each in cases) for text in (first, second)] == [2, 1]
    assert "status=awaiting_bank" in address
    assert ("上一页" in first, "下一页" in second) == (False, False)
    [back] = re.findall(r'rel="prev" href="([^"]+)"', second)
    again = unescape(clerk.page(back))
    assert [each.reference in again for each in cases] == [each.reference in first for each in cases]
    for wrong in (address.replace("cursor=", "cursor=x"), f"{address}&sort=-owed"):
        assert clerk.get(wrong).status_code == 422


@pytest.mark.parametrize(
    ("query", "is_there"),
    [
        ("due=late", False),
        ("due=today", True),
        ("due=soon", False),
        ("status=offered", False),
        ("due=nonsense", True),
        ("reason=illness&reason=other", True),
        ("reason=unemployment", False),
        ("owed=10k-30k", True),
        ("owed=from-200k", False),
        ("owner=none&tab=unassigned", True),
        ("tab=mine", False),
        ("replied=1", False),
        ("sort=-owed", True),
    ],
)
def test_the_queue_can_be_cut_down(app: Flask, open_case: OpenCase, query: str, is_there: bool) -> None:
    case = open_case()
    case.at("2026-12-01 10:00")
    assert (case.reference in Clerk(app, "reviewer", case).page(f"/portal/?{query}")) is is_there


def test_a_case_hides_who_it_is_until_somebody_says_why(app: Flask, hub: Hub, open_case: OpenCase) -> None:
    clock = FixedClock(datetime(2026, 11, 21, 2, 0, tzinfo=UTC))
    hub.real_clock = clock
    case = open_case(applicant=person(7))
    clerk, other = Clerk(app, "reviewer", case), Clerk(app, "supervisor", case)
    text = clerk.read()
    assert "王*明" in text
    assert "住院三个月" in text
    for hidden in ("王小明", card(), "11010519900101"):
        assert hidden not in text
    page, _ = clerk.refused("/reveal", {**clerk.form("/reveal"), "reason": "other"})
    assert "请填写补充说明。" in page
    page, _ = clerk.refused("/reveal", {**clerk.form("/reveal"), "reason": "contact", "text": "长" * 41})
    assert "最多 40 个字" in page
    assert clerk.done("/reveal", {**clerk.form("/reveal"), "reason": "contact", "text": "客户来电"}) == "revealed"
    for shown in ("王小明", card(), "11010519900101"):
        assert shown in clerk.read()
        assert shown not in other.read()
    assert (clerk.email, "in_full/contact/客户来电") in readings(hub, case)
    assert "查看完整信息：联系客户 客户来电" in other.read("/readings")
    clock.at += timedelta(minutes=5)
    assert "王小明" not in clerk.read()


def test_who_signs_in_next_in_the_same_browser_has_to_say_why_again(app: Flask, open_case: OpenCase) -> None:
    case = open_case()
    clerk = Clerk(app, "reviewer", case)
    clerk.done("/reveal", {**clerk.form("/reveal"), "reason": "identity"})
    assert "王小明" in clerk.read()
    clerk.web.post("/demo/sign-in", data={"person": f"supervisor-{ICBC}"})
    assert "王小明" not in clerk.read()


def test_what_was_revealed_can_be_hidden_at_once(app: Flask, open_case: OpenCase) -> None:
    clerk = Clerk(app, "reviewer", open_case())
    clerk.done("/reveal", {**clerk.form("/reveal"), "reason": "identity"})
    assert clerk.send("/hide", clerk.form("", "hide")).status_code == 303
    assert "王小明" not in clerk.read()


def test_each_look_at_a_case_is_in_the_access_log(app: Flask, hub: Hub, open_case: OpenCase) -> None:
    case = open_case()
    auditor = Clerk(app, "auditor", case)
    auditor.read()
    [evidence] = case.sent.evidence
    auditor.done("/reveal", {**auditor.form("/reveal"), "reason": "account"})
    answer = auditor.get(f"{auditor.address}/evidence/{evidence}")
    assert answer.data == pdf()
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Content-Security-Policy"].startswith("sandbox")
    assert auditor.get(f"{auditor.address}/application-form.pdf").status_code == 200
    assert [what for who, what in readings(hub, case) if who == auditor.email] == [
        "negotiation",
        "in_full/account",
        f"evidence/{evidence}",
        "application_form",
    ]
    assert "下载了材料" in auditor.read("/readings")


@pytest.mark.parametrize("role", ["auditor", "bank-admin"])
def test_who_only_looks_gets_papers_and_files_once_they_said_why(
    app: Flask, hub: Hub, open_case: OpenCase, role: str
) -> None:
    case = open_case()
    looker, reviewer = Clerk(app, role, case), Clerk(app, "reviewer", case)
    [evidence] = case.sent.evidence
    files = ("application-form.pdf", "agreement.pdf", f"evidence/{evidence}", "file-passwords")
    for file in files:
        assert looker.get(f"{looker.address}/{file}").location == f"{looker.address}/reveal"
    assert [what for who, what in readings(hub, case) if who == looker.email] == []
    assert reviewer.get(f"{reviewer.address}/application-form.pdf").status_code == 200
    looker.done("/reveal", {**looker.form("/reveal"), "reason": "account"})
    assert looker.get(f"{looker.address}/application-form.pdf").status_code == 200


def test_who_only_looks_finds_no_button_and_no_form(app: Flask, open_case: OpenCase) -> None:
    case = open_case()
    for role in ("auditor", "bank-admin"):
        clerk = Clerk(app, role, case)
        text = clerk.read()
        assert "提出方案" not in text
        for act in (each for each in ACTS if each != "reveal"):
            assert clerk.get(f"{clerk.address}/{act}").status_code == 403
            assert clerk.post(f"{clerk.address}/{act}", {"seen": "5"}).status_code == 403
        for act in ("acknowledge", "agreement/payments"):
            assert clerk.post(f"{clerk.address}/{act}", {"seen": "5"}).status_code == 403
    assert case.status == "awaiting_bank"


@pytest.mark.parametrize("role", ["reviewer", "auditor", "bank-admin"])
def test_who_has_no_level_approves_nothing(app: Flask, open_case: OpenCase, role: str) -> None:
    case = open_case()
    offer = case.offer(LARGE_OFFER)
    clerk = Clerk(app, role, case)
    for act in ("approve", "return"):
        with case.row() as (_, row):
            form = {"seen": str(row.log_length), "text": "利率"}
        assert clerk.post(f"{clerk.address}/offers/{offer}/{act}", form).status_code == 403


def test_the_bank_admin_alone_sees_the_banks_people(app: Flask, open_case: OpenCase) -> None:
    case = open_case()
    Clerk(app, "reviewer", case)
    text = Clerk(app, "bank-admin", case).page("/portal/staff")
    assert f"reviewer-{ICBC}@demo.example" in text
    assert CMB not in text
    assert Clerk(app, "supervisor", case).get("/portal/staff").status_code == 403


def test_another_banks_case_and_an_unknown_one_are_the_same_page(app: Flask, open_case: OpenCase) -> None:
    case = open_case()
    stranger = Visitor(app, f"supervisor-{CMB}")
    [evidence] = case.sent.evidence
    unknown = without_tokens(stranger.page("/portal/negotiations/unknown", 404))
    paths = ["", "/readings", *(f"/{act}" for act in ACTS), f"/evidence/{evidence}", "/application-form.pdf"]
    for path in [*paths, "/offers/1", "/agreement/payments", "/agreement/missed", "/agreement/end"]:
        assert without_tokens(stranger.page(f"/portal/negotiations/{case.id}{path}", 404)) == unknown, path
    for path in ("/acknowledge", "/offers/1/approve"):
        form = {"seen": "5", "reason": "identity"}
        answer = stranger.post(f"/portal/negotiations/{case.id}{path}", form)
        assert (answer.status_code, without_tokens(answer.get_data(as_text=True))) == (404, unknown), path
    posted = {
        "/reveal": {"reason": "identity"},
        "/messages": {"text": "您好"},
        "/reject": {"reason_code": "other", "text": "不"},
        "/request-evidence": {"kinds": "payslip"},
        "/calls": {"at": "2026-11-20 10:00", "direction": "inbound", "text": "通话"},
    }
    for path, fields in posted.items():
        answer = stranger.post(f"/portal/negotiations/{case.id}{path}", {"seen": "5", **fields})
        assert answer.status_code == 404, path


def test_whoever_is_not_the_banks_has_to_sign_in_first(app: Flask, banks: dict[str, Bank]) -> None:
    assert Visitor(app).get("/portal/").location == "/sign-in/staff?next=/portal/"
    assert Visitor(app, "operator").get("/portal/").status_code == 403
    assert Visitor(app, "cardholder-1").get("/portal/").status_code == 303


def test_the_portal_speaks_english_where_it_is_chosen(app: Flask, open_case: OpenCase) -> None:
    case = open_case()
    clerk = Clerk(app, "supervisor", case)
    assert "Work queue" in clerk.page("/portal/?lang=en")
    for act in ("", *(f"/{act}" for act in ACTS), "/readings"):
        text = re.sub(r"<!--.*?-->|<[^>]*>", " ", clerk.read(act))
        # Names, what people wrote, what is said on the telephone, and the way to the other language.
        left = set(re.findall(r"[\u4e00-\u9fff，。：；（）]+", text)) - {
            "王",
            "明",
            "中文",
            "住院三个月",
            "周敏",
            "韩磊",
            *WORDS,
            *(each.name for each in DEFAULT_REPLIES.values()),
        }
        assert left <= {"工资单"}, act
        assert not re.findall(r"\b[a-z]+_[a-z_]+\b", re.sub(r"reviewer-\S+", "", text)), act
