"""What a bank's people do in the portal: each deed from form to log, posted twice, and on a case that moved on."""

from __future__ import annotations

import io
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from flask import Flask

from hub.domain.actor import HUB
from hub.wiring import Hub
from storage import banks as bank_rows
from storage.given_evidence import list_ever_given
from tests.applications import ICBC, card
from tests.services.case import LARGE_OFFER, Case
from tests.web.pages.clerk import Clerk, Fields, forms_of

# The head of an MP3 with an ID3 tag.
SOUND = b"ID3\x03\x00\x00\x00\x00\x00\x00" + b"\xff\xfb\x90\x00" * 200


def offer_form(clerk: Clerk, **changes: Any) -> Fields:
    """The form as it begins, with a rate."""
    return {**clerk.form("/offer"), "terms.annual_rate_percent": "3.6", **changes}


def large_offer(clerk: Clerk) -> Fields:
    """Terms that one person alone cannot let go."""
    return offer_form(clerk, **{"terms.principal_fen": "5万", "balances.0.principal_fen": "5万"})


# Short of terms.


def test_a_case_is_picked_up_once_however_often_the_button_is_pressed(case: Case, clerk: Clerk) -> None:
    form = clerk.form("", "acknowledge")
    assert [clerk.done("/acknowledge", form) for _ in range(2)] == ["acknowledged"] * 2
    assert case.kinds().count("acknowledged") == 1
    assert "已受理，客户能看到有人在处理" in clerk.read("?done=acknowledged")
    assert "受理</button>" not in clerk.read()


def test_a_case_that_a_colleague_picked_up_says_who_and_when(case: Case, clerk: Clerk, chief: Clerk) -> None:
    form = clerk.form("", "acknowledge")
    chief.done("/acknowledge", chief.form("", "acknowledge"))
    answer = clerk.send("/acknowledge", form)
    assert answer.status_code == 409
    text = unescape(answer.get_data(as_text=True))
    assert chief.name in text
    assert "2026 年 11 月 21 日" in text


def test_papers_are_asked_for_after_a_look_at_what_the_person_will_see(case: Case, clerk: Clerk) -> None:
    fields = {**clerk.form("/request-evidence"), "kinds": ["payslip", "bank_statement"], "text": "请补充流水。\n谢谢！"}
    answer = clerk.send("/request-evidence", fields, step="preview")
    text = unescape(answer.get_data(as_text=True))
    assert "请补充流水。\n谢谢！" in text
    assert "2026 年 11 月 27 日（周五）18:00 前补充" in text
    assert "计时照常" in text
    assert (case.status, case.kinds()[-1]) == ("awaiting_bank", "clock_opened")
    assert clerk.done("/request-evidence", forms_of(answer)["request-evidence"]) == "asked"
    request = case.view()["evidence_request"]
    assert (request["kinds"], request["text"]) == (["payslip", "bank_statement"], "请补充流水。\n谢谢！")
    assert "客户须在" in clerk.read()


def test_the_preview_of_a_request_says_that_the_clock_stops_where_the_bank_has_it_so(
    hub: Hub, case: Case, clerk: Clerk
) -> None:
    with hub.writing(HUB) as tx:
        bank_rows.set_settings(tx, ICBC, {"pause_on_evidence": "true"})
    fields = {**clerk.form("/request-evidence"), "kinds": "payslip"}
    text = unescape(clerk.send("/request-evidence", fields, step="preview").get_data(as_text=True))
    assert "计时会暂停，期限先移到 2026 年 12 月 8 日" in text
    assert case.due == "2026-12-01 18:00"


def test_a_request_for_nothing_comes_back_with_the_words(clerk: Clerk) -> None:
    fields = {**clerk.form("/request-evidence"), "text": "请补充"}
    text, form = clerk.refused("/request-evidence", fields, step="preview")
    assert "有 1 处需要您看一下" in text
    assert form["text"] == ["请补充"]


def test_a_no_needs_a_reason_and_words_and_is_shown_first(case: Case, clerk: Clerk) -> None:
    text, _ = clerk.refused("/reject", clerk.form("/reject"), step="preview")
    assert "有 2 处需要您看一下" in text
    fields = {**clerk.form("/reject"), "reason_code": "can_afford", "text": "收入足够，可先选择账单分期。"}
    answer = clerk.send("/reject", fields, step="preview")
    assert "提交后协商结束" in unescape(answer.get_data(as_text=True))
    assert case.status == "awaiting_bank"
    assert clerk.done("/reject", forms_of(answer)["reject"]) == "rejected"
    assert case.view()["rejection"] == {"reason_code": "can_afford", "text": "收入足够，可先选择账单分期。"}
    assert "收入足够" in clerk.read()


def test_going_back_from_a_preview_keeps_what_was_typed(clerk: Clerk) -> None:
    fields = {**clerk.form("/reject"), "reason_code": "other", "text": "第一行\n第二行"}
    preview = forms_of(clerk.send("/reject", fields, step="preview"))["reject"]
    form = forms_of(clerk.send("/reject", preview, step="edit"))["reject"]
    assert (form["reason_code"], form["text"]) == (["other"], ["第一行\n第二行"])


def test_missing_papers_are_no_reason_before_a_request_went_unanswered(case: Case, clerk: Clerk) -> None:
    fields = {**clerk.form("/reject"), "reason_code": "incomplete", "text": "材料不全。"}
    text, form = clerk.refused("/reject", fields, step="preview")
    assert "只有补充材料的要求逾期未答复后" in text
    assert form["text"] == ["材料不全。"]
    assert case.status == "awaiting_bank"


def test_a_message_is_in_the_log_once_however_often_it_is_posted(case: Case, clerk: Clerk) -> None:
    text, _ = clerk.refused("/messages", clerk.form("/messages"))
    assert "请填写要写给客户的话。" in text
    form = {**clerk.form("/messages"), "text": "您好，<b>请</b>保持电话畅通。"}
    assert [clerk.done("/messages", form) for _ in range(2)] == ["written"] * 2
    assert [each.text for each in case.log() if each.header.kind == "message"] == ["您好，<b>请</b>保持电话畅通。"]
    page = clerk.page(clerk.address)
    assert "&lt;b&gt;请&lt;/b&gt;" in page
    assert clerk.name in page


# Terms.


def test_an_offer_begins_with_what_the_person_asked_for(clerk: Clerk) -> None:
    form = clerk.form("/offer")
    assert form["terms.principal_fen"] == ["18,500.00"]
    assert form["terms.waived.interest_fen"] == ["462.00"]
    assert form["terms.instalments"] == ["36"]
    assert form["balances.0.penalty_fen"] == ["120.00"]
    assert "terms.months" not in form
    assert "terms.instalments" not in clerk.form("/offer?kind=deferral", "offer")


def test_the_preview_of_an_offer_is_the_offer_that_is_made(case: Case, clerk: Clerk) -> None:
    answer = clerk.send("/offer", offer_form(clerk), step="preview")
    text = unescape(answer.get_data(as_text=True))
    assert case.view()["offers"] == []
    assert clerk.done("/offer", forms_of(answer)["offer"]) == "offer_open"
    [offer] = case.view()["offers"]
    assert (offer["status"], offer["terms"]["instalments"]) == ("open", 36)
    for row in offer["schedule"]:
        assert f"{row['total_fen'] / 100:,.2f}" in text
        assert row["due_on"] in text
    assert f"{offer['total_fen'] / 100:,.2f} 元" in text
    assert "有效至 2026 年 11 月 28 日（周六）18:00" in text
    assert offer["balances"] == [
        {
            "card_last4": card()[-4:],
            "currency": "CNY",
            "principal_fen": 1850000,
            "interest_fen": 46200,
            "fees_fen": 0,
            "penalty_fen": 12000,
            "as_of": "2026-11-21",
        }
    ]


@pytest.mark.parametrize(
    ("kind", "fields", "total_fen"),
    [
        ("deferral", {"terms.months": "6", "terms.annual_rate_percent": "0"}, 1850000),
        ("settlement", {"terms.principal_fen": "1.2万"}, 1200000),
        (
            "lower_minimum",
            {"terms.months": "12 个月", "terms.minimum_percent": "5%", "terms.annual_rate_percent": "18.25"},
            0,
        ),
        (
            "reduction",
            {"terms.instalments": "12期", "terms.annual_rate_percent": "0", "terms.method": "interest_free"},
            1850000,
        ),
    ],
)
def test_every_kind_of_terms_can_be_offered(
    case: Case, clerk: Clerk, kind: str, fields: Fields, total_fen: int
) -> None:
    form = {**clerk.form(f"/offer?kind={kind}", "offer"), **fields}
    assert clerk.done("/offer", form) == "offer_open"
    [offer] = case.view()["offers"]
    assert (offer["terms"]["kind"], offer["total_fen"]) == (kind, total_fen)
    assert "发给客户" not in clerk.read(f"/offers/{offer['id']}")


def test_terms_that_cannot_be_come_back_as_they_were_typed(case: Case, clerk: Clerk) -> None:
    fields = offer_form(
        clerk, **{"terms.instalments": "61", "terms.principal_fen": "一万", "valid_until": "2026-11-22 18:00"}
    )
    text, form = clerk.refused("/offer", fields, step="preview")
    assert "需要修改：" in text
    assert (form["terms.instalments"], form["terms.principal_fen"]) == (["61"], ["一万"])
    assert form["balances.0.as_of"] == ["2026-11-21"]
    text, form = clerk.refused("/offer", offer_form(clerk, valid_until="2026-11-22 18:00"), step="preview")
    assert "有效期请设在 3 至 30 天之后" in text
    assert form["seen"] == fields["seen"]
    assert case.view()["offers"] == []


def test_the_banks_own_figures_stand_in_the_offer(case: Case, clerk: Clerk) -> None:
    clerk.done("/offer", offer_form(clerk, **{"balances.0.penalty_fen": "200", "balances.0.as_of": "2026/11/20"}))
    [offer] = case.view()["offers"]
    [balance] = offer["balances"]
    assert (balance["penalty_fen"], balance["as_of"], offer["left_out_fen"]) == (20_000, "2026-11-20", 8_000)


def test_what_is_left_out_is_said_before_and_after_it_is_sent(case: Case, clerk: Clerk) -> None:
    fields = offer_form(clerk, **{"terms.principal_fen": "18000", "terms.waived.interest_fen": "0"})
    left_out = "另有 962.00 元欠款没有列入方案"
    looked = clerk.send("/offer", fields, step="preview")
    assert left_out in unescape(looked.get_data(as_text=True))
    clerk.done("/offer", forms_of(looked)["offer"])
    assert left_out in clerk.read()
    text, _ = clerk.refused("/offer", offer_form(clerk, **{"terms.principal_fen": "18500.01"}), step="preview")
    assert "最多 18,500.00 元" in text


def test_two_posts_of_one_offer_make_one(case: Case, clerk: Clerk) -> None:
    form = offer_form(clerk)
    assert [clerk.done("/offer", form) for _ in range(2)] == ["offer_open"] * 2
    assert len(case.view()["offers"]) == 1


def test_an_offer_made_for_an_older_state_comes_back_with_all_that_was_typed(
    case: Case, clerk: Clerk, chief: Clerk
) -> None:
    form = offer_form(clerk, **{"terms.note": "请按月存入。", "terms.instalments": "48"})
    chief.done("/messages", {**chief.form("/messages"), "text": "正在与客户沟通。"})
    for step in ("preview", "send"):
        text, again = clerk.refused("/offer", form, 409, step=step)
        assert chief.name in text
        assert "正在与客户沟通。" in text
        assert "更新的人" in text
        assert (again["terms.note"], again["terms.instalments"]) == (["请按月存入。"], ["48"])
    assert case.view()["offers"] == []
    assert again["seen"] != form["seen"]
    assert clerk.done("/offer", again) == "offer_open"
    assert case.view()["offers"][0]["terms"]["instalments"] == 48


def test_an_offer_for_a_case_that_has_ended_is_not_made(case: Case, clerk: Clerk) -> None:
    form = offer_form(clerk)
    case.withdraw()
    text, again = clerk.refused("/offer", form, 409)
    assert "持卡人" in text
    text, again = clerk.refused("/offer", again, 409)
    assert "当前状态是“已撤回”" in text
    assert again["terms.instalments"] == ["36"]
    assert case.view()["offers"] == []


@pytest.mark.parametrize("seen", [None, "", "x", "-1", "999"])
def test_a_form_that_does_not_say_what_it_was_made_for_does_nothing(case: Case, clerk: Clerk, seen: str | None) -> None:
    form = {name: value for name, value in offer_form(clerk).items() if name != "seen"}
    assert clerk.send("/offer", form if seen is None else {**form, "seen": seen}).status_code == 409
    assert case.view()["offers"] == []


def test_a_large_offer_waits_for_another_supervisor(app: Flask, case: Case, clerk: Clerk, chief: Clerk) -> None:
    answer = clerk.send("/offer", large_offer(clerk), step="preview")
    assert "需要双人复核" in unescape(answer.get_data(as_text=True))
    assert clerk.done("/offer", forms_of(answer)["offer"]) == "offer_waiting"
    [offer] = case.view(Case.REVIEWER.party)["offers"]
    assert (offer["status"], case.status) == ("awaiting_approval", "awaiting_bank")
    assert "等待复核" in chief.page("/portal/")
    path = f"/offers/{offer['id']}"
    assert "通过并发给客户" not in clerk.read(path)
    form = chief.form(path, "approve")
    assert [chief.done(f"{path}/approve", form) for _ in range(2)] == ["approved"] * 2
    assert (case.offer_of(offer["id"])["status"], case.status) == ("open", "offered")
    assert f'处理：<bdi class="own-words">{chief.name}</bdi>' in clerk.read(path)


def test_nobody_approves_what_they_made_themselves(case: Case, chief: Clerk) -> None:
    chief.done("/offer", large_offer(chief))
    [offer] = case.view(Case.REVIEWER.party)["offers"]
    path = f"/offers/{offer['id']}"
    assert "您不能复核自己编制的方案" in chief.read(path)
    fields = {**chief.form("/messages"), "text": "可以"}
    for act in ("approve", "return"):
        answer = chief.send(f"{path}/{act}", fields)
        assert answer.status_code == 403
        assert "需要由提出方案之外的另一位同事处理" in unescape(answer.get_data(as_text=True))
    assert case.status == "awaiting_bank"


def test_a_returned_offer_goes_back_to_its_maker_with_words(case: Case, clerk: Clerk, chief: Clerk) -> None:
    clerk.done("/offer", large_offer(clerk))
    [offer] = case.view(Case.REVIEWER.party)["offers"]
    path = f"/offers/{offer['id']}"
    text, _ = chief.refused(f"{path}/return", chief.form(path, "return"))
    assert "请填写要写给编制人的话。" in text
    assert chief.done(f"{path}/return", {**chief.form(path, "return"), "text": "利率请再看看"}) == "returned"
    assert "利率请再看看" in clerk.read()
    assert case.view()["offers"] == []
    form = clerk.form(f"/offer?like={offer['id']}", "offer")
    assert form["terms.principal_fen"] == ["50,000.00"]
    smaller = {"terms.principal_fen": "18500", "balances.0.principal_fen": "18500"}
    assert clerk.done("/offer", {**form, **smaller}) == "offer_open"


def test_an_offer_that_cannot_open_any_more_is_not_approved(case: Case, chief: Clerk) -> None:
    offer = case.offer(LARGE_OFFER)
    case.clock.at = case.clock.at.replace(year=2027)
    answer = chief.send(f"/offers/{offer}/approve", chief.form(f"/offers/{offer}", "approve"))
    assert answer.status_code == 422
    assert "首次还款日最早为" in unescape(answer.get_data(as_text=True))


def test_a_counter_offer_can_be_taken_up_as_it_is(case: Case, clerk: Clerk) -> None:
    case.offer()
    counter = case.counter()
    assert f"/offer?like={counter}" in clerk.read()
    form = clerk.form(f"/offer?like={counter}", "offer")
    assert form["terms.note"] == [""]
    assert clerk.done("/offer", form) == "offer_open"
    assert case.offer_of(counter)["status"] == "superseded"


# Calls.


def call_form(clerk: Clerk, path: str = "/calls", **changes: Any) -> Fields:
    """A call that the bank made."""
    filled = {"at": "2026-11-20 16:30", "direction": "outbound", "text": "客户愿意分期。"}
    return {**clerk.form(path, "calls"), **filled, **changes}


def test_a_call_is_in_the_log(case: Case, clerk: Clerk) -> None:
    assert clerk.done("/calls", call_form(clerk)) == "call"
    entry = case.log()[-1]
    assert entry.header.kind == "call"
    assert entry.text == "通话时间：2026 年 11 月 20 日 16:30\n方向：银行拨出\n客户愿意分期。"


def test_a_recording_needs_the_word_that_the_person_was_told(case: Case, clerk: Clerk) -> None:
    text, form = clerk.refused("/calls", call_form(clerk, recording_reference="R-88213"))
    assert 'href="#f-told"' in text
    assert form["recording_reference"] == ["R-88213"]
    assert clerk.done("/calls", call_form(clerk, recording_reference="R-88213", told="1")) == "call"
    assert "录音编号：R-88213" in (case.log()[-1].text or "")
    assert (case.log()[-1].text or "").endswith("已告知持卡人通话录音。")


def test_a_recording_is_kept_once_and_can_be_heard_again(
    hub: Hub, case: Case, clerk: Clerk, work_off: Callable[[], int]
) -> None:
    form = call_form(clerk, told="1")

    def send() -> str:
        return clerk.done("/calls", {**form, "recording": (io.BytesIO(SOUND), "通话.mp3")})

    assert [send(), send()] == ["call", "call"]
    work_off()
    [attachment] = case.log()[-1].header.attachments
    assert attachment.kind == "recording"
    assert clerk.get(f"{clerk.address}/evidence/{attachment.id}").data == SOUND
    assert f"/evidence/{attachment.id}" in clerk.read()
    with case.row() as (tx, _):
        assert [each.kind for each in list_ever_given(tx, case.id)].count("recording") == 1
    assert len(list(hub.settings.home.glob("evidence/**/*"))) >= 1


def test_what_is_no_recording_is_refused_at_its_field(case: Case, clerk: Clerk) -> None:
    fields = {**call_form(clerk, told="1"), "recording": (io.BytesIO(b"%PDF-1.7 no sound"), "通话.mp3")}
    text, form = clerk.refused("/calls", fields)
    assert "请上传 MP3" in text
    assert form["text"] == ["客户愿意分期。"]
    assert "call" not in case.kinds()


def test_terms_of_a_call_need_its_recording_and_wait_for_the_persons_code(case: Case, clerk: Clerk) -> None:
    rate = {"terms.annual_rate_percent": "3.6"}
    path = "/calls?oral=instalments"
    text, _ = clerk.refused("/calls", call_form(clerk, path, **rate))
    assert "口头协议需要录音文件或录音编号" in text
    fields = call_form(clerk, path, **rate, recording_reference="R-1", told="1")
    looked = clerk.send("/calls", fields, step="preview")
    assert "口头方案的还款计划" in unescape(looked.get_data(as_text=True))
    assert case.view()["offers"] == []
    assert clerk.done("/calls", forms_of(looked)["calls"]) == "oral"
    [offer] = case.view()["offers"]
    assert (offer["oral"], offer["status"], case.status) == (True, "open", "offered")


def test_a_form_without_the_sites_token_does_nothing(case: Case, clerk: Clerk) -> None:
    form = {name: value for name, value in clerk.form("", "acknowledge").items() if name != "csrf_token"}
    assert clerk.send("/acknowledge", form).status_code == 400
    assert case.status == "awaiting_bank"


def test_a_form_longer_than_any_recording_is_not_read(case: Case, clerk: Clerk) -> None:
    body, form = bytes(10 * 2**20 + 2**17), "multipart/form-data; boundary=x"
    assert clerk.web.post(f"{clerk.address}/calls", data=body, content_type=form).status_code == 413
    assert "call" not in case.kinds()
