"""What a bank's people do with an agreement in the portal: payments, missed ones, the stop of collection, the end."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape

from hub.domain.actor import HUB
from hub.domain.collection import CollectionChannel, CollectionReport, HoldApplied
from hub.services.agreements import collection
from hub.services.operating import banks
from storage import communications
from tests.services.case import OFFER, Case
from tests.web.pages.clerk import Clerk, Fields, forms_of


def agreed(case: Case) -> None:
    """An agreement is in force."""
    case.accept(case.offer())


def test_a_payment_is_on_record_once_a_form(case: Case, clerk: Clerk) -> None:
    agreed(case)
    form = clerk.form("/agreement/payments")
    assert form["number"] == ["1"]
    paid = {**form, "paid_on": "11月21日", "amount_fen": "100"}
    assert [clerk.done("/agreement/payments", paid) for _ in range(2)] == ["paid", "paid"]
    assert case.rows()[0] == ("part_paid", 10_000)
    assert clerk.done("/agreement/payments", {**clerk.form("/agreement/payments"), **_same(paid)}) == "paid"
    assert case.rows()[0] == ("part_paid", 20_000)
    assert "已还 200.00 元，还差" in clerk.read()
    rest = clerk.form("/agreement/payments")
    assert clerk.done("/agreement/payments", {**rest, "paid_on": "11月21日"}) == "paid"
    assert clerk.form("/agreement/payments")["number"] == ["2"]
    assert "已还" in clerk.read()
    text, form = clerk.refused("/agreement/payments", {**clerk.form("/agreement/payments"), "paid_on": "2027-01-01"})
    assert "日期不能晚于今天" in text
    text, _ = clerk.refused("/agreement/payments", {**form, "number": "40", "paid_on": "2026-11-21"})
    assert "还款计划里没有这一期" in text
    text, _ = clerk.refused("/agreement/payments", {**form, "number": "2", "paid_on": "2026-11-20"})
    assert "日期不能早于协议签署日 2026 年 11 月 21 日" in text


def test_a_payment_is_shown_as_it_will_be_booked_before_it_is(case: Case, clerk: Clerk) -> None:
    agreed(case)
    form = {**clerk.form("/agreement/payments"), "paid_on": "11月21日", "amount_fen": "600"}
    shown = clerk.send("/agreement/payments", form, step="preview")
    text = unescape(shown.get_data(as_text=True))
    for said in ("第 1 期", "2026 年 11 月 21 日（周六）", "600.00 元", "2026 年 12 月 20 日（周日）", "不能撤回"):
        assert said in text, said
    assert "客户会看到" in text
    assert "第 1 期还款已入账，600.00 元，2026 年 11 月 21 日（周六）。" in text
    # What is more than the row goes on to the next: both are shown, and no other.
    assert re.findall(r'<td class="text-nowrap">(\d+)</td>', text) == ["1", "2"]
    assert case.rows()[0] == ("due", 0)
    changed, _ = clerk.refused("/agreement/payments", forms_of(shown)["payments"], 200, step="edit")
    assert 'value="600"' in changed
    assert clerk.done("/agreement/payments", forms_of(shown)["payments"]) == "paid"
    assert [row[0] for row in case.rows()[:2]] == ["paid", "part_paid"]
    with case.row() as (tx, _):
        entries = [each.text for each in communications.list_entries(tx, case.id)]
    assert "第 1 期还款已入账，600.00 元，2026-11-21。" in entries


def _same(fields: Fields) -> Fields:
    """What was typed, for another form."""
    return {name: fields[name] for name in ("number", "paid_on", "amount_fen")}


def test_nothing_is_offered_to_be_missed_before_it_is_due(case: Case, clerk: Clerk) -> None:
    agreed(case)
    assert "登记未到账" not in clerk.read()
    page = clerk.read("/agreement/missed")
    assert "现在没有可以登记未到账的还款" in page
    assert 'name="number"' not in page
    form = {**clerk.form("/agreement/payments"), "number": "1"}
    for step in ("preview", "send"):
        answer = clerk.send("/agreement/missed", form, step=step)
        assert answer.status_code == 409
        assert "还没有到可以登记未到账的日子，最早是 2026 年 12 月 23 日（周三）" in unescape(
            answer.get_data(as_text=True)
        )
    assert case.rows()[0] == ("due", 0)


def test_a_missed_payment_is_shown_as_the_person_will_read_it_and_can_be_taken_back(case: Case, clerk: Clerk) -> None:
    agreed(case)
    case.clock.at += timedelta(days=40)
    assert "登记未到账" in clerk.read()
    blank = clerk.form("/agreement/missed")
    assert "number" not in blank
    text, _ = clerk.refused("/agreement/missed", blank, step="preview")
    assert "请选择哪一期。" in text
    shown = clerk.send("/agreement/missed", {**blank, "number": "1"}, step="preview")
    text = unescape(shown.get_data(as_text=True))
    assert "客户会看到" in text
    assert "2026 年 12 月 20 日（周日）的还款还没有到账" in text
    assert case.rows()[0] == ("due", 0)
    assert clerk.done("/agreement/missed", forms_of(shown)["missed"]) == "missed"
    assert case.rows()[0] == ("missed", 0)
    assert "撤回“未到账”" in clerk.read()

    path = "/agreement/missed/withdraw"
    shown = clerk.send(path, {**clerk.form(path), "number": "1", "text": "登记错了。"}, step="preview")
    text = unescape(shown.get_data(as_text=True))
    assert ("客户会看到" in text, "登记错了。" in text) == (True, True)
    assert case.rows()[0] == ("missed", 0)
    assert clerk.done(path, forms_of(shown)["withdraw"]) == "taken_back"
    assert case.rows()[0] == ("due", 0)
    assert "撤回“未到账”" not in clerk.read()


def test_an_agreement_ends_with_a_reason_that_the_rules_allow_and_after_a_second_look(case: Case, clerk: Clerk) -> None:
    agreed(case)
    assert "defaulted" not in clerk.read("/agreement/end")
    text, _ = clerk.refused("/agreement/end", clerk.form("/agreement/end"), step="preview")
    assert "请选择原因。" in text
    settled = {**clerk.form("/agreement/end"), "reason": "settled"}
    text, _ = clerk.refused("/agreement/end", settled, 409, step="preview")
    assert "还有 36 期没有还清" in text
    waived = {**settled, "waive_rest": "1", "text": "余下的不再要求。"}
    shown = clerk.send("/agreement/end", waived, step="preview")
    text = unescape(shown.get_data(as_text=True))
    assert ("银行已确认结清" in text, "余下的不再要求。" in text) == (True, True)
    assert case.view()["agreement"]["status"] == "in_force"
    assert clerk.done("/agreement/end", forms_of(shown)["end"]) == "ended"
    assert case.view()["agreement"]["status"] == "settled"
    page = clerk.read()
    assert ("登记还款" in page, "银行不再要求" in page) == (False, True)


def test_default_is_offered_once_enough_was_missed(case: Case, clerk: Clerk) -> None:
    agreed(case)
    case.clock.at += timedelta(days=70)
    for number in (1, 2):
        case.miss(number)
    with case.hub.writing(case.REVIEWER) as tx:
        held = HoldApplied(by="中国工商银行", at=case.clock.at)
        collection.confirm_hold(tx, case.id, held, bank_code=case.bank_code)
    assert "已停止催收" in clerk.read().partition('id="log"')[0]
    ending = {**clerk.form("/agreement/end"), "reason": "defaulted", "text": "连续两期未还。"}
    shown = clerk.send("/agreement/end", ending, step="preview")
    text = unescape(shown.get_data(as_text=True))
    assert ("银行以没有按约还款为由结束了这份协议" in text, "终止通知书（PDF）" in text) == (True, True)
    assert clerk.done("/agreement/end", forms_of(shown)["end"]) == "ended"
    assert case.view()["agreement"]["end_reason"] == "defaulted"
    page = clerk.read()
    assert ("已停止催收" in page.partition('id="log"')[0], "下载终止通知书" in page) == (False, False)
    case.work_off()
    assert "下载终止通知书" in clerk.read()


def test_who_stopped_collecting_is_recorded_and_a_report_answered(case: Case, clerk: Clerk) -> None:
    agreed(case)
    hold = {**clerk.form("/agreement/hold-applied"), "by": "甲公司", "at": "2026-11-21 09:00"}
    assert clerk.done("/agreement/hold-applied", hold) == "hold_applied"
    assert "甲公司自" in clerk.read()
    said = CollectionReport(at=case.clock.at, channel=CollectionChannel.PHONE, caller="乙公司", text="又来电话。")
    with case.hub.writing(case.cardholder) as tx:
        report = collection.report(tx, case.id, said, client_id=case.client_id).id
    assert ("又来电话。" in clerk.read(), "11 月 25 日" in clerk.read()) == (True, True)
    path = f"/collection-reports/{report}/answer"
    assert "协议生效后仍被催收" in clerk.page("/portal/")
    assert clerk.done(path, {**clerk.form(path), "text": "已通知停止。"}) == "report_answered"
    assert case.view()["collection_reports"][0]["answer"] == "已通知停止。"
    assert "协议生效后仍被催收" not in clerk.page("/portal/")
    assert "已通知停止。" in clerk.read()
    assert clerk.get(f"{clerk.address}/collection-reports/x/answer").status_code == 404


def test_the_bank_can_write_as_long_as_an_agreement_is_in_force(case: Case, clerk: Clerk) -> None:
    agreed(case)
    assert "给客户写消息" in clerk.read()
    assert clerk.done("/messages", {**clerk.form("/messages"), "text": "已收到。"}) == "written"


def test_without_an_agreement_there_is_nothing_to_pay(clerk: Clerk) -> None:
    for act in ("payments", "missed", "missed/withdraw", "hold-applied", "end"):
        assert clerk.get(f"{clerk.address}/agreement/{act}").status_code == 404


def test_what_is_paid_on_signing_shows_the_day_by_which_it_is_due(case: Case, clerk: Clerk) -> None:
    case.accept(case.offer(replace(OFFER, down_payment_fen=100_000)))
    due_on = case.view()["agreement"]["payments"][0]["due_on"]
    assert f'<td class="text-nowrap">签署后</td>\n      <td class="text-nowrap">{due_on}</td>' in clerk.read()


def test_the_form_names_who_collects_and_the_case_who_has_not_stopped(case: Case, clerk: Clerk) -> None:
    with case.hub.writing(HUB) as tx:
        banks.change(tx, case.bank_code, {"collection_agencies": "甲公司，乙公司"})
    agreed(case)
    form = clerk.read("/agreement/hold-applied")
    assert [name for name in ("中国工商银行", "甲公司", "乙公司") if f'value="{name}"' not in form] == []
    assert "还没有登记停止催收" in clerk.read()
    for name in ("中国工商银行", "甲公司", "乙公司"):
        hold = {**clerk.form("/agreement/hold-applied"), "by": name, "at": "2026-11-21 09:00"}
        assert clerk.done("/agreement/hold-applied", hold) == "hold_applied"
    assert "还没有登记停止催收" not in clerk.read()
