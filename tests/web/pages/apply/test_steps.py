"""An application written at the pages, step by step, without scripts; and everything that is refused on the way."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from hub.domain.actor import HUB
from hub.domain.clock import FixedClock
from hub.services.applications import drafts
from hub.services.evidence import judging
from hub.wiring import Hub
from storage.evidence import file_name_of
from storage.records import ApplicationRecord, ClientRecord, DraftRecord, EvidenceRecord
from tests.applications import CMB, ICBC, card, id_number, pdf
from tests.conftest import SentMessages
from tests.web.caller import Caller, made
from tests.web.pages.cardholders import (
    STEPS,
    fill_cards,
    fill_month,
    fill_reason,
    fill_rest,
    filled_in,
    launched,
    longest_option,
    texted,
)
from tests.web.pages.reader import Reader


@pytest.fixture
def reader(app: Flask, host_app: Caller) -> Reader:
    """A person whom the host app sent over, with a card of ICBC and one of CMB."""
    return launched(app, host_app)


def count(hub: Hub, record: type) -> int:
    with hub.reading(HUB) as tx:
        return tx.session.query(record).count()


def test_a_person_whom_a_host_app_sent_applies_to_two_banks(
    reader: Reader, hub: Hub, bank_app: Callable[[str], Caller], work_off: Callable[[], int]
) -> None:
    done = filled_in(reader).press("提交给 2 家银行")
    assert done.address.startswith("/apply/done/")
    assert done.text.count("XS-20261121-") == 2
    # A Saturday: the seventh working day is a Tuesday.
    assert "2026 年 12 月 1 日（周二）" in done.text
    assert count(hub, DraftRecord) == 0
    work_off()
    cmb = bank_app(CMB)
    [listed] = made(cmb.get("/bank/negotiations"), 200)["items"]
    packet = made(cmb.get(f"/bank/negotiations/{listed['id']}"), 200)
    assert packet["applicant"]["name"] == "王小明"
    assert packet["accounts"][0]["principal_fen"] == 1850000
    assert packet["finances"]["monthly_income_fen"] == 650000
    assert packet["proposal"]["instalments"] == 36
    assert {each["purpose"] for each in packet["consents"]} == {"share_with_bank", "sensitive_data", "truthful"}
    assert reader.open(done.address).text.count("银行已收到") == 2


def test_a_person_known_by_the_mobile_alone_says_who_they_are(
    app: Flask, sms: SentMessages, banks: object, work_off: Callable[[], int]
) -> None:
    reader = texted(app, sms, "13512345678")
    cards = reader.open("/apply/cards")
    form = {"accounts.0.bank_code": ICBC, "accounts.0.card_number": card(ICBC), "accounts.0.principal_fen": "18500"}
    page = fill_month(fill_reason(cards.press("保存并继续", form)))
    plan = page.press("保存并继续", {"no_evidence": ["1"]})
    contact = plan.press("保存并继续", {"option": [longest_option(plan)]})
    missing = contact.press("保存并继续", {"applicant.name": "张三"})
    assert missing.status == 422
    assert "f-applicant-id_number-error" in missing.ids
    assert 'value="张三"' in missing.html
    consents = missing.press("保存并继续", {"applicant.id_number": id_number(7).lower()})
    ticks = {name: ["1"] for _, name, _ in consents.form("保存并继续").boxes}
    done = consents.press("保存并继续", ticks).press("提交给 1 家银行")
    assert done.address.startswith("/apply/done/"), done.text
    work_off()
    assert "等银行答复" in reader.open("/my/").text
    assert id_number(7) not in reader.open("/my/").html


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
    assert reader.open("/apply/check").address == "/apply/steps"


def test_two_windows_make_one_application(reader: Reader, hub: Hub) -> None:
    first, second = filled_in(reader), reader.open("/apply/check")
    first.press("提交给 2 家银行")
    assert second.press("提交给 2 家银行").address == "/my/"
    assert count(hub, ApplicationRecord) == 1


def test_what_was_typed_stays_and_every_fault_is_named_at_its_field(reader: Reader) -> None:
    page = reader.open("/apply/cards")
    refused = page.press(
        "保存并继续",
        {
            "accounts.0.take": ["1"],
            "accounts.0.principal_fen": "很多",
            "accounts.1.take": ["1"],
            "accounts.1.overdue_since": "2027-01-01",
        },
    )
    assert refused.status == 422
    assert "<title>需要修改：" in refused.html
    assert "有 3 处需要您看一下" in refused.text
    for field in ("accounts-0-principal_fen", "accounts-1-principal_fen", "accounts-1-overdue_since"):
        assert f"f-{field}-error" in refused.ids
        assert f"#f-{field}" in refused.links
        assert f"f-{field}" in refused.ids
    assert 'value="很多"' in refused.html
    assert reader.open("/apply/cards").form("保存并继续").fields != refused.form("保存并继续").fields


def test_a_card_that_is_not_there_can_be_added(reader: Reader) -> None:
    more = reader.open("/apply/cards").press("没有看到我的卡，添加一张", {"accounts.0.principal_fen": "５００"})
    assert more.status == 200
    assert 'value="５００"' in more.html
    number = card(ICBC, 42)
    wrong = more.press(
        "保存并继续",
        {"accounts.2.bank_code": ICBC, "accounts.2.card_number": number[:-1] + "0", "accounts.2.principal_fen": "100"},
    )
    assert "f-accounts-2-card_number-error" in wrong.ids
    # Whoever compares once more may say that the card has this number.
    assert wrong.press("保存并继续", {"accounts.2.as_printed": ["1"]}).address == "/apply/reason"
    spaced = f"{number[:4]} {number[4:8]} {number[8:12]} {number[12:]}"
    reason = wrong.press("保存并继续", {"accounts.2.card_number": spaced})
    assert reason.address == "/apply/reason"
    again = reader.open("/apply/cards")
    assert number not in again.html
    assert f"尾号 {number[-4:]}" in again.text
    assert ("accounts.2.take", "1") in again.form("保存并继续").fields


def test_no_card_and_a_card_twice_are_refused(reader: Reader) -> None:
    assert reader.open("/apply/cards").press("保存并继续").status == 422
    more = reader.open("/apply/cards").press("没有看到我的卡，添加一张")
    twice = more.press(
        "保存并继续",
        {
            "accounts.0.take": ["1"],
            "accounts.0.principal_fen": "100",
            "accounts.2.bank_code": ICBC,
            "accounts.2.card_number": card(ICBC),
            "accounts.2.principal_fen": "100",
        },
    )
    assert twice.status == 422
    assert "同一张卡填写了两次" in twice.text


def test_another_reason_needs_words(reader: Reader) -> None:
    page = fill_cards(reader)
    refused = page.press("保存并继续", {"hardship.reasons": ["other"], "hardship.since": "上个月"})
    assert {"f-hardship-description-error", "f-hardship-since-error"} <= refused.ids
    assert refused.form("保存并继续").fields.count(("hardship.reasons", "other")) == 1
    kept = refused.press("保存并继续", {"hardship.description": "房子被淹", "hardship.since": "6月1日"})
    assert kept.address == "/apply/income"
    assert 'value="2026-06-01"' in reader.open("/apply/reason").html


def test_nothing_left_over_is_no_dead_end(reader: Reader) -> None:
    spending = fill_reason(fill_cards(reader)).press("保存并继续", {"finances.income.0.amount_fen": "0"})
    left = spending.press("保存并继续", {"finances.spending.0.amount_fen": "3000"})
    assert left.address == "/apply/left"
    assert "现在没有余钱也可以申请" in left.text
    assert "−3,000.00" in left.text
    deferral = reader.open("/apply/plan?kind=deferral")
    assert deferral.press("保存并继续").status == 422
    assert deferral.press("保存并继续", {"proposal.months": "6"}).address == "/apply/contact"


def test_what_is_left_is_shared_by_what_is_owed(reader: Reader) -> None:
    page = fill_month(fill_reason(fill_cards(reader)))
    left = page.reader.open("/apply/left")
    assert "2,600.00" in left.text
    assert "1,300.00 元到 1,560.00 元" in left.text
    assert left.text.count("780.00 元") == 2


def test_a_plan_is_shown_before_it_is_kept(reader: Reader) -> None:
    fill_month(fill_reason(fill_cards(reader)))
    plan = reader.open("/apply/plan")
    shown = plan.press(
        "先算一算", {"option": ["own"], "proposal.instalments": "48 期", "proposal.monthly_payment_fen": "700"}
    )
    assert shown.status == 200
    assert "33,600.00" in shown.text
    assert "比本金少 3,400.00" in shown.text
    assert "未开始" in reader.open("/apply/steps").text
    long = plan.press(
        "保存并继续", {"option": ["own"], "proposal.instalments": "61", "proposal.monthly_payment_fen": "7"}
    )
    assert "f-proposal-instalments-error" in long.ids
    past = plan.press("保存并继续", {"option": ["36"], "proposal.first_due_on": "2026-11-21"})
    assert "f-proposal-first_due_on-error" in past.ids


def test_files_are_listed_removed_and_kept_once(reader: Reader, hub: Hub) -> None:
    page = fill_month(fill_reason(fill_cards(reader)))
    sending = {"kind": "payslip"}
    first = page.press("上传", sending, files={"file": ("工资单.pdf", pdf("one"))})
    again = first.press("上传", sending, files={"file": ("工资单.pdf", pdf("one"))})
    assert again.text.count("工资单.pdf") == 2  # once in the list, once for those who hear the page
    assert count(hub, EvidenceRecord) == 1
    wrong = again.press("上传", sending, files={"file": ("表.xlsx", b"PK\x03\x04" + b"0" * 64)})
    assert wrong.status == 422
    assert "工资单.pdf" in wrong.text
    assert "f-file-error" in wrong.ids
    assert again.press("上传", sending).status == 422
    gone = again.press("删除 工资单.pdf" if "删除 工资单.pdf" in again.forms[1].buttons else "删除工资单.pdf")
    assert "还没有文件" in gone.text
    assert count(hub, EvidenceRecord) == 0
    assert list((hub.settings.home / "evidence").rglob("*.part")) == []


@pytest.mark.parametrize(("size", "told"), [(11 * 2**20, "11.1"), (10 * 2**20 + 1, "10.1")], ids=["unread", "read"])
def test_a_file_that_is_too_large_is_named_with_its_size_and_the_limit(reader: Reader, size: int, told: str) -> None:
    page = fill_month(fill_reason(fill_cards(reader)))
    address, data = page.sent("上传", {"kind": "payslip"}, files={"file": ("大.pdf", pdf())})
    parts = [
        f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{data[name]}\r\n' for name in ("csrf_token", "do")
    ]
    file = '--x\r\nContent-Disposition: form-data; name="file"; filename="大.pdf"\r\n\r\n'
    body = "".join([*parts, file]).encode() + pdf(size=size) + b"\r\n--x--\r\n"
    refused = reader.web.post(address, data=body, content_type="multipart/form-data; boundary=x")
    assert refused.status_code == 422
    assert f"“大.pdf”没有保存：文件有 {told} MB，最多 10 MB。" in refused.get_data(as_text=True)
    assert "添加一个文件" in refused.get_data(as_text=True)


def test_medical_papers_need_their_own_consent_and_can_be_left_out(reader: Reader) -> None:
    page = fill_month(fill_reason(fill_cards(reader)))
    there = page.press("上传", {"kind": "medical_bill"}, files={"file": ("费用.pdf", pdf())})
    consents = there.press("保存并继续").press("保存并继续", {"option": ["36"]}).press("保存并继续")
    ticks = {name: ["1"] for _, name, _ in consents.form("保存并继续").boxes if "medical" not in name}
    assert all(("checked", name) not in consents.form("保存并继续").fields for name in ticks)
    refused = consents.press("保存并继续", ticks)
    assert refused.status == 422
    assert "f-consents-medical_data-error" in refused.ids
    assert refused.press("不附医疗材料，继续", ticks).address == "/apply/check"
    assert "费用.pdf" not in reader.open("/apply/evidence").text


def test_each_consent_that_is_missing_is_named_at_its_tick(reader: Reader) -> None:
    fill_rest(fill_month(fill_reason(fill_cards(reader))))
    refused = reader.open("/apply/consents").press(
        "保存并继续", {f"consents.{name}": [] for name in (f"share_{CMB}", "truthful")}
    )
    assert {f"f-consents-share_{CMB}-error", "f-consents-truthful-error"} <= refused.ids
    # In the order of the page.
    assert refused.text.index("把资料提供给招商银行") < refused.text.index("还缺少一项同意：内容真实")
    assert f"f-consents-share_{ICBC}-error" not in refused.ids


def test_a_change_from_the_check_leads_back_to_it(reader: Reader) -> None:
    checked = filled_in(reader)
    assert "/apply/reason?from=check" in checked.links
    back = reader.open("/apply/reason?from=check").press("保存并继续", {"hardship.description": "又失业了"})
    assert back.address == "/apply/check"
    assert "又失业了" in back.text


def test_the_draft_waits_on_the_server_and_is_forgotten_after_thirty_days(
    app: Flask, host_app: Caller, hub: Hub, clock: FixedClock
) -> None:
    body = {"id_number": id_number(5), "mobile": "13900000005"}
    fill_month(fill_reason(fill_cards(launched(app, host_app, **body))))
    later = launched(app, host_app, **body)
    later.open("/apply/evidence").press("上传", {"kind": "payslip"}, files={"file": ("工资单.pdf", pdf())})
    page = later.open("/apply/")
    assert "继续填写" in page.text
    tasks = later.open("/apply/steps")
    assert tasks.text.count("已完成") == 5
    with hub.reading(HUB) as tx:
        [sealed] = [each.body_sealed for each in tx.session.query(DraftRecord)]
    assert card(ICBC).encode() not in sealed
    clock.at += timedelta(days=31)
    assert "继续填写" not in later.open("/apply/").text
    assert drafts.forget_old(hub, hub.store) == 1
    assert count(hub, DraftRecord) == count(hub, EvidenceRecord) == 0
    assert drafts.forget_old(hub, hub.store) == 0


def test_nobody_sees_or_removes_what_is_in_anothers_draft(app: Flask, host_app: Caller, hub: Hub) -> None:
    mine, other = launched(app, host_app), launched(app, host_app)
    page = fill_month(fill_reason(fill_cards(mine)))
    page.press("上传", {"kind": "payslip"}, files={"file": ("工资单.pdf", pdf())})
    with hub.reading(HUB) as tx:
        [file] = [each.id for each in tx.session.query(EvidenceRecord)]
    assert "开始" in other.open("/apply/").text
    form = dict(other.open("/apply/cards").form("保存并继续").fields)
    other.web.post("/apply/evidence/remove", data={"csrf_token": form["csrf_token"], "id": file})
    assert count(hub, EvidenceRecord) == 1


def test_a_bank_with_which_a_negotiation_is_open_is_not_asked_twice(app: Flask, host_app: Caller) -> None:
    body = {"id_number": id_number(6), "mobile": "13900000006"}
    reader = launched(app, host_app, **body)
    filled_in(reader, taken=1).press("提交给 1 家银行")
    again = reader.open("/apply/cards")
    assert "与这家银行的协商正在进行" in again.text
    address, data = again.sent("保存并继续", {})
    assert "accounts.0.take" not in {name for _, name, _ in again.form("保存并继续").boxes}
    data.update({"accounts.0.take": "1", "accounts.0.principal_fen": "100"})
    refused = reader.send(address, data)
    assert refused.status == 422
    assert "正在进行，编号 XS-" in refused.text


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
    assert refused.status == 409
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


def test_the_form_client_is_no_caller(reader: Reader, hub: Hub, host_app: Caller) -> None:
    done = filled_in(reader).press("提交给 2 家银行")
    with hub.reading(HUB) as tx:
        client = tx.session.get_one(ClientRecord, drafts.FORM_CLIENT)
        assert client.disabled_at is not None
        assert client.scopes == []
    application = done.address.rpartition("/")[2]
    assert host_app.get(f"/applications/{application}").status_code == 404


def test_every_step_speaks_english_by_choice(reader: Reader) -> None:
    filled_in(reader)
    for step in ("", "steps", *STEPS, "left", "check"):
        page = reader.open(f"/apply/{step}?lang=en")
        assert '<html lang="en">' in page.html
        main = page.html.partition("<main")[2].partition("</main>")[0]
        assert not re.findall(r"[\u4e00-\u9fff]+", re.sub(r"工资单\.pdf|住院三个月|王\*明", "", main)), step


@pytest.mark.parametrize("step", ["", *STEPS, "steps", "left", "check"])
def test_every_step_asks_for_a_sign_in(web: object, app: Flask, step: str) -> None:
    answer = app.test_client().get(f"/apply/{step}")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/sign-in/?next=/apply/{step}")
