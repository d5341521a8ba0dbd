"""A clerk notes a call."""

from __future__ import annotations

import io
from collections.abc import Callable
from html import unescape
from typing import Any

from hub.wiring import Hub
from storage.evidence import kind_of
from storage.given_evidence import list_ever_given
from tests.services.case import Case
from tests.web.pages.clerk import Clerk, Fields, forms_of

# The head of an MP3 with an ID3 tag.
SOUND = b"ID3\x03\x00\x00\x00\x00\x00\x00" + b"\xff\xfb\x90\x00" * 200


def call_form(clerk: Clerk, path: str = "/calls", **changes: Any) -> Fields:
    """A call that the bank made."""
    filled = {"at": "2026-11-20 16:30", "direction": "outbound", "text": "客户愿意分期。"}
    return {**clerk.form(path, "calls"), **filled, **changes}


def test_a_call_is_in_the_log(case: Case, clerk: Clerk) -> None:
    assert clerk.done("/calls", call_form(clerk)) == "call"
    entry = case.log()[-1]
    assert entry.header.kind == "call"
    # Nothing is said of a recording where the box was not ticked, and the form comes without a tick.
    assert entry.text == "通话时间：2026 年 11 月 20 日 16:30\n方向：银行拨出\n客户愿意分期。"
    assert "told" not in call_form(clerk)


def test_a_recording_needs_the_word_that_the_person_was_told(case: Case, clerk: Clerk) -> None:
    text, form = clerk.refused("/calls", call_form(clerk, recording_reference="R-88213"))
    assert 'href="#f-told"' in text
    assert form["recording_reference"] == ["R-88213"]
    assert clerk.done("/calls", call_form(clerk, recording_reference="R-88213", told="1")) == "call"
    assert "录音编号：R-88213" in (case.log()[-1].text or "")
    assert (case.log()[-1].text or "").endswith("已告知通话录音。")


def test_a_recording_is_kept_once_and_can_be_heard_again(
    hub: Hub, case: Case, clerk: Clerk, work_off: Callable[[], int]
) -> None:
    form = call_form(clerk, told="1")

    def send() -> str:
        return clerk.done("/calls", {**form, "recording": (io.BytesIO(SOUND), "通话.mp3")})

    assert [send(), send()] == ["call", "call"]
    work_off()
    [attachment] = case.log()[-1].header.attachments
    assert attachment.kind == "evidence"
    assert clerk.get(f"{clerk.address}/evidence/{attachment.id}").data == SOUND
    assert f"/evidence/{attachment.id}" in clerk.read()
    with case.row() as (tx, _):
        assert [kind_of(tx, each) for each in list_ever_given(tx, case.id)].count("recording") == 1
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


def test_an_oral_agreement_needs_the_customer_told_and_the_recording_by_article_70(case: Case, clerk: Clerk) -> None:
    fields = call_form(clerk, "/calls?oral=instalments", **{"terms.annual_rate_percent": "3.6"})
    before = case.kinds()
    for missing, field in (({"told": "1"}, "recording"), ({"recording_reference": "R-1"}, "told"), ({}, "told")):
        text, form = clerk.refused("/calls", {**fields, **missing})
        assert f'href="#f-{field}"' in text
        assert "第七十条" in text
        assert form["text"] == ["客户愿意分期。"]
    assert (case.kinds(), case.view()["offers"]) == (before, [])


def test_a_call_has_its_outcome_and_the_number_is_masked(case: Case, clerk: Clerk) -> None:
    assert "138****" in clerk.read("/calls")
    refused, _ = clerk.refused("/calls", call_form(clerk, outcome="sang"))
    assert 'href="#f-outcome"' in refused
    assert clerk.done("/calls", call_form(clerk, outcome="no_answer")) == "call"
    assert "结果：无人接听。" in clerk.read()


def test_a_form_longer_than_any_recording_is_not_read(case: Case, clerk: Clerk) -> None:
    body, form = bytes(10 * 2**20 + 2**17), "multipart/form-data; boundary=x"
    assert clerk.web.post(f"{clerk.address}/calls", data=body, content_type=form).status_code == 413
    assert "call" not in case.kinds()
