"""The last look before an application is sent."""

from __future__ import annotations

import threading
from collections.abc import Callable

from flask import Flask

from hub.domain.actor import HUB
from hub.services.evidence import judging
from hub.wiring import Hub
from storage.evidence import file_name_of
from storage.records import ApplicationRecord, ApplicationTraceRecord, DraftRecord, EvidenceRecord
from tests.applications import id_number
from tests.web.caller import Caller
from tests.web.pages.apply.rows import count
from tests.web.pages.cardholders import filled_in, launched
from tests.web.pages.reader import Reader


def test_pressing_twice_at_once_makes_one_application(reader: Reader, hub: Hub, app: Flask) -> None:
    checked = filled_in(reader)
    address, data = checked.sent("提交给 2 家银行")
    cookie = reader.web.get_cookie("hub_session")
    assert cookie is not None
    answers: list[str] = []

    def press() -> None:
        browser = app.test_client()
        browser.set_cookie("hub_session", cookie.value)
        answers.append(browser.post(address, data=data).headers["Location"])

    presses = [threading.Thread(target=press) for _ in range(6)]
    for each in presses:
        each.start()
    for each in presses:
        each.join()
    assert count(hub, ApplicationRecord) == 1
    assert len(set(answers)) == 1
    # Back to the page that it was sent from: what became of it.
    assert reader.open("/apply/check").address == answers[0]


def test_two_windows_make_one_application(reader: Reader, hub: Hub) -> None:
    first, second = filled_in(reader), reader.open("/apply/check")
    done = first.press("提交给 2 家银行")
    assert second.press("提交给 2 家银行").address == done.address
    assert count(hub, ApplicationRecord) == 1


def test_a_change_from_the_check_leads_back_to_it(reader: Reader) -> None:
    checked = filled_in(reader)
    assert "/apply/reason?from=check" in checked.links
    back = reader.open("/apply/reason?from=check").press("保存并继续", {"hardship.description": "又失业了"})
    assert back.address == "/apply/check"
    assert "又失业了" in back.text


def test_what_was_answered_is_shown_as_it_was_said_with_nothing_of_nought(reader: Reader) -> None:
    cards = {"accounts.0.interest_fen": "", "accounts.0.fees_fen": "", "accounts.0.penalty_fen": "12.50"}
    filled_in(reader)
    reader.open("/apply/cards?from=check").press("保存并继续", cards)
    checked = reader.open("/apply/reason?from=check").press("保存并继续", {"hardship.since": "2026年6月"})
    assert "违约金 12.50 元" in checked.text
    assert "费用 0.00" not in checked.text
    assert "从什么时候开始 2026 年 6 月 您的说明" in checked.text


def test_a_negotiation_that_opened_meanwhile_stops_the_sending_with_nothing_written(
    app: Flask, host_app: Caller, hub: Hub
) -> None:
    body = {"id_number": id_number(8), "mobile": "13900000008"}
    first, second = launched(app, host_app, **body), launched(app, host_app, **body)
    checked = filled_in(first)
    with hub.reading(HUB) as tx:
        [draft] = list(tx.session.query(DraftRecord))
        names = ("id", "owner_index", "client_id", "body_sealed", "changed_at", "expires_at")
        saved = {name: getattr(draft, name) for name in names}
    page = second.open("/apply/check")
    checked.press("提交给 2 家银行")
    with hub.writing(HUB) as tx:
        tx.session.add(DraftRecord(**saved))
    refused = page.press("提交给 2 家银行")
    assert (refused.status, refused.address) == (422, "/apply/check?mend=1#error-summary")
    assert "没有提交任何内容" in refused.text
    assert count(hub, ApplicationRecord) == 1


def test_a_file_that_turned_out_unusable_has_to_go_first(reader: Reader, hub: Hub) -> None:
    filled_in(reader)
    with hub.reading(HUB) as tx:
        [file] = [each.id for each in tx.session.query(EvidenceRecord) if file_name_of(tx, each) == "工资单.pdf"]
    judging.judge(hub, hub.store, lambda *_: "password", [file])
    checked = reader.open("/apply/check")
    assert "还有几项没有填好" in checked.text
    assert "提交给" not in checked.text
    assert "请去掉密码后重新上传" in checked.text
    assert "请去掉密码后重新上传" in reader.open("/apply/evidence").text


def test_anothers_confirmation_is_as_unknown_as_none(app: Flask, host_app: Caller) -> None:
    done = filled_in(launched(app, host_app)).press("提交给 2 家银行")
    other = launched(app, host_app)
    theirs, none = other.open(done.address), other.open("/apply/done/" + "0" * 32)
    assert (theirs.status, theirs.without_token) == (404, none.without_token)


def test_what_was_changed_after_the_last_look_is_not_sent_unseen(reader: Reader, hub: Hub) -> None:
    read = filled_in(reader)
    reader.open("/apply/reason").press("保存并继续", {"hardship.description": "又失业了"})
    again = read.press("提交给 2 家银行")
    assert again.address == "/apply/check?changed=1"
    assert "您打开核对页之后，申请内容有改动" in again.text
    assert "又失业了" in again.text
    assert count(hub, ApplicationRecord) == 0
    assert again.press("提交给 2 家银行").address.startswith("/apply/done/")


def test_words_that_wait_in_another_window_are_not_left_behind(reader: Reader, hub: Hub) -> None:
    read = filled_in(reader)
    reader.open("/apply/reason").press("保存并继续", {"hardship.since": "上个月"})
    again = read.press("提交给 2 家银行")
    assert (again.address, count(hub, ApplicationRecord)) == ("/apply/check?changed=1", 0)
    assert "/apply/reason?from=check" in again.links
    assert "提交给" not in again.text


def test_sending_again_after_a_lost_answer_shows_what_was_sent(reader: Reader, hub: Hub) -> None:
    page = filled_in(reader)
    address, form = page.sent("提交给 2 家银行")
    lost = reader.web.post(address, data=form)
    assert reader.send(address, form).address == lost.headers["Location"]
    form["once"] = "another-window-of-this-one"
    assert reader.send(address, form).address == lost.headers["Location"]
    assert count(hub, ApplicationRecord) == 1


def test_whoever_leaves_the_last_look_sends_nothing(reader: Reader, hub: Hub) -> None:
    assert filled_in(reader).press("稍后再填").address == "/apply/steps"
    assert count(hub, ApplicationRecord) == 0


def test_what_became_of_it_has_numbers_telephones_and_the_paper_to_keep(
    reader: Reader, hub: Hub, work_off: Callable[[], int]
) -> None:
    done = filled_in(reader).press("提交给 2 家银行")
    assert done.text.count("协商编号") == 2
    assert "tel:95588" in done.links
    assert not any(each.endswith("application-form.pdf") for each in done.links)
    work_off()
    kept = reader.open(done.address)
    papers = [each for each in kept.links if each.endswith("application-form.pdf")]
    assert len(papers) == 2
    assert reader.web.get(papers[0]).data.startswith(b"%PDF")


def test_a_browser_that_sent_an_application_is_known_again_by_a_hash_alone(reader: Reader, hub: Hub) -> None:
    assert reader.web.get_cookie("sent_from") is None
    filled_in(reader).press("提交给 2 家银行")
    cookie = reader.web.get_cookie("sent_from")
    assert cookie is not None
    assert cookie.http_only
    with hub.reading(HUB) as tx:
        [trace] = [each for each in tx.session.query(ApplicationTraceRecord) if each.sort == "device"]
        assert trace.digest in tx.keyring.indexes(cookie.value, purpose="trace/device")
        assert cookie.value.encode() not in trace.digest
