"""What people do while they fill in an application: press the big button, stop halfway, choose nothing, take back."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from flask import Flask

from hub.domain.actor import HUB
from hub.domain.china import CHINA
from hub.domain.ready_plans import first_day
from hub.services.evidence import judging
from hub.wiring import Hub
from schemas.application import load_application
from storage.records import EvidenceRecord
from tests import applications
from tests.applications import ICBC, card, pdf
from tests.conftest import SentMessages
from tests.web.caller import Caller
from tests.web.pages.cardholders import fill_cards, fill_month, fill_reason, filled_in, launched, texted
from tests.web.pages.reader import Page, Reader

PAYSLIP = {"files.income": ("工资单.pdf", pdf("payslip"))}


@pytest.fixture
def database(sqlite_database: str) -> str:
    """One kind of database will do: nothing here asks it anything of its own."""
    return sqlite_database


@pytest.fixture
def reader(app: Flask, host_app: Caller) -> Reader:
    """A person whom the host app sent over, with a card of ICBC and one of CMB."""
    return launched(app, host_app)


@pytest.fixture
def evidence(reader: Reader) -> Page:
    """The page of the files."""
    return fill_month(fill_reason(fill_cards(reader)))


def files_in(hub: Hub) -> int:
    with hub.reading(HUB) as tx:
        return tx.session.query(EvidenceRecord).count()


@pytest.mark.parametrize(("button", "after"), [("保存并继续", "/apply/plan"), ("稍后再填", "/apply/steps")])
def test_a_chosen_file_is_there_whichever_button_is_pressed(evidence: Page, hub: Hub, button: str, after: str) -> None:
    assert evidence.press(button, files=PAYSLIP).address == after
    assert files_in(hub) == 1
    assert "工资单.pdf" in evidence.reader.open("/apply/evidence").text


def test_what_a_file_is_is_guessed_and_can_be_said_otherwise(evidence: Page, hub: Hub) -> None:
    there = evidence.press("上传", files={"files.income": ("工资卡流水.pdf", pdf("statement"))})
    with hub.reading(HUB) as tx:
        [file] = [each.id for each in tx.session.query(EvidenceRecord)]
    name = f"kinds.{file}"
    assert (name, "bank_statement") in there.form("保存并继续").fields
    assert there.press("保存并继续", {name: "no_such_kind"}).address == "/apply/plan"
    there.reader.open("/apply/evidence").press("保存并继续", {name: "medical_bill"})
    assert (name, "medical_bill") in evidence.reader.open("/apply/evidence").form("保存并继续").fields


def test_a_file_that_is_not_taken_stops_whoever_goes_on_or_leaves(evidence: Page, hub: Hub) -> None:
    for button in ("保存并继续", "稍后再填", "上传"):
        refused = evidence.press(button, files={"files.income": ("表.xlsx", b"PK\x03\x04" + b"0" * 64)})
        assert refused.status == 422
        assert "“表.xlsx”没有保存：" in refused.text
    assert files_in(hub) == 0


def test_deleting_one_file_keeps_the_one_that_was_just_chosen(evidence: Page, hub: Hub) -> None:
    there = evidence.press("上传", files=PAYSLIP)
    other = {"files.income": ("流水.pdf", pdf("statement"))}
    left = there.press(
        "删除 工资单.pdf" if "删除 工资单.pdf" in there.forms[-1].buttons else "删除工资单.pdf", files=other
    )
    assert "流水.pdf" in left.text
    assert "工资单.pdf" not in left.text
    assert files_in(hub) == 1


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("password", "文件设了打开密码，请去掉密码后重新上传。"),
        ("too_many_pages", "文件页数过多，请分成几个文件上传。"),
        ("unreadable", "文件打不开，或有一部分缺失。请重新保存或导出后上传，也可以打印出来拍照上传。"),
    ],
)
def test_why_a_file_cannot_be_used_is_said_wherever_it_is_listed(
    evidence: Page, hub: Hub, reason: str, said: str
) -> None:
    evidence.press("上传", files=PAYSLIP)
    with hub.reading(HUB) as tx:
        [file] = [each.id for each in tx.session.query(EvidenceRecord)]
    judging.judge(hub, hub.store, lambda *_: reason, [file])
    for path in ("/apply/evidence", "/apply/check"):
        assert said in evidence.reader.open(path).text


def _every_day() -> list[date]:
    return [date(2026, 1, 1) + timedelta(days=number) for number in range(3 * 365)]


def test_the_longest_plan_fits_the_first_day_that_the_page_proposes_on_every_day() -> None:
    for today in _every_day():
        first = first_day(today)
        body = applications.application(ICBC)
        terms = {"instalments": 60, "monthly_payment_fen": 40_000, "first_due_on": first.isoformat()}
        body["proposal"] = {**body["proposal"], **terms}
        assert today + timedelta(days=19) < first, today
        faults = load_application(body, now=datetime.combine(today, time(12), CHINA)).faults
        assert not [each for each in faults if each.pointer.startswith("/proposal")], (today, faults)


def test_a_plan_above_what_is_suggested_is_said_before_it_is_sent(reader: Reader) -> None:
    filled_in(reader)
    assert "超过了建议" not in reader.open("/apply/check").text
    plan = reader.open("/apply/plan")
    own = {"option": ["own"], "own.monthly_payment_fen": "6500"}
    assert "这比您每月剩下的钱多" in plan.press("算一算", own).text
    plan.press("保存并继续", own)
    assert "每月的金额超过了建议的 1,560.00 元" in reader.open("/apply/check").text


def test_whoever_stops_leaves_and_finds_what_they_typed(app: Flask, sms: SentMessages, banks: object) -> None:
    reader = texted(app, sms, "13512345678")
    typed = {"accounts.0.bank_code": ICBC, "accounts.0.card_number": "6222 1", "accounts.0.principal_fen": "很多"}
    assert reader.open("/apply/cards").press("稍后再填", typed).address == "/apply/steps"
    again = reader.open("/apply/cards")
    for value in ("6222 1", "很多"):
        assert f'value="{value}"' in again.html
    right = {"accounts.0.card_number": card(ICBC), "accounts.0.principal_fen": "500"}
    assert again.press("保存并继续", right).address == "/apply/reason"
    assert "很多" not in reader.open("/apply/cards").html


@pytest.mark.parametrize(
    ("step", "typed"),
    [
        ("reason", {"hardship.since": "上个月", "hardship.reasons": ["other"]}),
        ("money", {"finances.income.0.amount_fen": "abc", "finances.dependants": "两个"}),
        ("plan", {"option": ["own"], "own.monthly_payment_fen": "九百"}),
        ("contact", {"applicant.email": "someone", "representative.name": "李"}),
    ],
)
def test_every_step_can_be_left_with_what_is_wrong_in_it(
    reader: Reader, step: str, typed: dict[str, str | list[str]]
) -> None:
    fill_cards(reader)
    assert reader.open(f"/apply/{step}").press("稍后再填", typed).address == "/apply/steps"
    again = reader.open(f"/apply/{step}")
    assert again.status == 200
    for name, value in typed.items():
        assert (name, value if isinstance(value, str) else value[0]) in again.form("保存并继续").fields
    assert "进行中" in reader.open("/apply/steps").text


def test_an_empty_form_of_cards_stays_and_names_what_is_missing(app: Flask, sms: SentMessages, banks: object) -> None:
    reader = texted(app, sms, "13512345678")
    refused = reader.open("/apply/cards").press("保存并继续")
    assert "请至少选一张卡，或填写一笔贷款。" in refused.text
    assert "f-accounts-0-card_number" in refused.ids
    some = refused.press("保存并继续", {"accounts.0.card_number": card(ICBC)})
    wanted = ["第 1 张卡的银行", "第 1 张卡的欠款本金"]
    places = [some.text.index(f"请选择{wanted[0]}。"), some.text.index(f"请填写{wanted[1]}。")]
    assert places == sorted(places)


def test_a_card_can_be_taken_off_again(app: Flask, sms: SentMessages, banks: object) -> None:
    reader = texted(app, sms, "13512345678")
    first = {"accounts.0.bank_code": ICBC, "accounts.0.card_number": card(ICBC), "accounts.0.principal_fen": "500"}
    two = reader.open("/apply/cards").press("再添加一张卡", first)
    second = {
        "accounts.1.bank_code": ICBC,
        "accounts.1.card_number": card(ICBC, 42),
        "accounts.1.principal_fen": "7",
        "accounts.0.take": ["1"],
    }
    second.pop("accounts.0.take")
    kept = two.press("保存并继续", second)
    assert kept.address == "/apply/reason"
    there = reader.open("/apply/cards")
    address, data = there.sent("保存并继续")
    data.pop("do", None)
    data.add("remove", "0")
    left = reader.send(address, data)
    assert card(ICBC)[-4:] not in left.text
    assert left.press("保存并继续").address == "/apply/reason"
    assert reader.open("/apply/cards").text.count("尾号") == 2  # of one card: its legend and its tick


def test_an_amount_beside_a_card_that_is_not_ticked_asks_for_the_tick(reader: Reader) -> None:
    refused = reader.open("/apply/cards").press("保存并继续", {"accounts.1.principal_fen": "500"})
    assert "请勾选“这张卡”。" in refused.text
    assert "f-accounts-1-take-error" in refused.ids


def test_every_fault_names_its_field_in_the_order_of_the_page(reader: Reader) -> None:
    fill_cards(reader)
    income = reader.open("/apply/money").press("保存并继续", {"finances.income.0.amount_fen": "六千"})
    assert "请填写每月的工资，例如 6200 或 6200.50。" in income.text
    plan = reader.open("/apply/plan").press("保存并继续", {"first_due_on": ""})
    assert "请选一个方案" in plan.text
    own = reader.open("/apply/plan").press("保存并继续", {"option": ["own"], "first_due_on": ""})
    said = ["请填写每月还多少。", "请填写开始的日子。"]
    assert [own.text.index(each) for each in said] == sorted(own.text.index(each) for each in said)
    contact = reader.open("/apply/contact").press("保存并继续", {"representative.name": "李四"})
    assert "请填写协助人手机号。" in contact.text
    assert "请填写这一项" not in income.text + plan.text + own.text + contact.text


def test_a_consent_that_is_missing_names_its_bank(reader: Reader) -> None:
    filled_in(reader)
    consents = reader.open("/apply/consents")
    refused = consents.press("保存并继续", {f"consents.share_{ICBC}": []})
    assert "还缺少一项同意：把资料提供给中国工商银行。" in refused.text
    assert ICBC not in refused.text


def test_who_owes_interest_alone_gets_past_the_question_how_to_repay(app: Flask, host_app: Caller) -> None:
    reader = launched(app, host_app)
    owed = {"accounts.0.take": ["1"], "accounts.0.principal_fen": "0", "accounts.0.interest_fen": "500"}
    assert reader.open("/apply/cards").press("保存并继续", owed).address == "/apply/reason"
    own = {"option": ["own"], "own.monthly_payment_fen": "100"}
    seen = reader.open("/apply/plan").press("算一算", own)
    assert "共 5 期" in " ".join(seen.text.split())
    assert reader.open("/apply/plan").press("保存并继续", own).address == "/apply/contact"
