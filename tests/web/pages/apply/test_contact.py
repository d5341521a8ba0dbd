"""The step of who the person is."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from hub.domain.actor import HUB
from hub.wiring import Hub
from storage import drafts
from storage.records import ApplicationRecord, DraftRecord
from tests.applications import ICBC, card, id_number
from tests.conftest import SentMessages
from tests.web.caller import Caller
from tests.web.pages.apply.rows import count
from tests.web.pages.cardholders import consents, fill_month, fill_reason, filled_in, launched, longest_option, texted
from tests.web.pages.reader import Page, Reader


def test_a_person_known_by_the_mobile_alone_says_who_they_are(
    app: Flask, sms: SentMessages, banks: object, work_off: Callable[[], int]
) -> None:
    reader = texted(app, sms, "13512345678")
    cards = reader.open("/apply/cards")
    form = {"accounts.0.bank_code": ICBC, "accounts.0.card_number": card(ICBC), "accounts.0.principal_fen": "18500"}
    page = fill_month(fill_reason(cards.press("保存并继续", form)))
    plan = page.press("保存并继续", {"no_evidence": ["income"]})
    contact = plan.press("保存并继续", {"option": [longest_option(plan)]})
    missing = contact.press("保存并继续", {"applicant.name": "张三"})
    assert missing.status == 422
    assert "f-applicant-id_number-error" in missing.ids
    assert 'value="张三"' in missing.html
    checked = missing.press("保存并继续", {"applicant.id_number": id_number(7).lower(), **consents(missing)})
    done = checked.press("提交给 1 家银行")
    assert done.address.startswith("/apply/done/"), done.text
    work_off()
    assert "等银行答复" in reader.open("/my/").text
    assert id_number(7) not in reader.open("/my/").html


def _at_contact(reader: Reader) -> Page:
    cards = reader.open("/apply/cards")
    form = {"accounts.0.bank_code": ICBC, "accounts.0.card_number": card(ICBC), "accounts.0.principal_fen": "18500"}
    plan = fill_month(fill_reason(cards.press("保存并继续", form))).press("保存并继续", {"no_evidence": ["income"]})
    return plan.press("保存并继续", {"option": [longest_option(plan)]})


@pytest.mark.parametrize("typed", ["13900009999", "139 0000 9999", "+8613900009999", "1390000", ""])
def test_nobody_applies_with_a_mobile_that_they_did_not_sign_in_with(
    app: Flask, hub: Hub, sms: SentMessages, banks: object, typed: str
) -> None:
    reader = texted(app, sms, "13512345678")
    contact = _at_contact(reader)
    who = {"applicant.name": "张三", "applicant.id_number": id_number(7), **consents(contact)}
    address, form = contact.sent("保存并继续", who)
    form["applicant.mobile"] = typed
    refused = reader.send(address, form)
    if not typed:
        assert refused.address == "/apply/check"
        return
    assert refused.status == 422
    assert "f-applicant-mobile-error" in refused.ids
    assert "只能用您登录的手机号申请" in refused.text
    assert "联系方式" in reader.open("/apply/check").text
    assert count(hub, ApplicationRecord) == 0


def test_ones_own_mobile_may_be_sent_along_in_any_spelling(app: Flask, sms: SentMessages, banks: object) -> None:
    reader = texted(app, sms, "13512345678")
    contact = _at_contact(reader)
    who = {"applicant.name": "张三", "applicant.id_number": id_number(7), **consents(contact)}
    address, form = contact.sent("保存并继续", who)
    form["applicant.mobile"] = "+86 135-1234-5678"
    assert reader.send(address, form).address == "/apply/check"


def test_a_mobile_that_is_slipped_in_with_the_sending_stops_it(reader: Reader, hub: Hub) -> None:
    address, form = filled_in(reader).sent("提交给 2 家银行")
    form["applicant.mobile"] = "13900009999"
    refused = reader.send(address, form)
    assert (refused.status, count(hub, ApplicationRecord)) == (422, 0)
    assert "只能用您登录的手机号申请" in refused.text


def test_a_draft_that_holds_anothers_mobile_is_not_sent(reader: Reader, hub: Hub) -> None:
    filled_in(reader)
    with hub.writing(HUB) as tx:
        [record] = tx.session.query(DraftRecord)
        body = drafts.body_of(tx, record)
        body["applicant"]["mobile"] = "13900009999"
        drafts.save_body(tx, record, body, expires_at=record.expires_at)
    checked = reader.open("/apply/check")
    assert "还有几项没有填好" in checked.text
    assert not any("提交给 2 家银行" in form.buttons for form in checked.forms)


def test_a_helper_brings_a_mobile_of_their_own_and_a_paper(reader: Reader) -> None:
    filled_in(reader)
    contact = reader.open("/apply/contact")
    assert "有人收费代办、要您的验证码，或要您换手机号，请不要答应" in contact.text
    [paper] = [value for _, name, value in contact.form("保存并继续").boxes if name.endswith("evidence") and value]
    helper = {"representative.name": "李雷", "representative.relation": "儿子", "representative.mobile": "13700137000"}
    assert contact.press("保存并继续", helper).address == "/apply/check"
    assert "授权材料 无" in reader.open("/apply/check").text
    with_paper = {"representative.authority_evidence": [paper]}
    assert reader.open("/apply/contact").press("保存并继续", with_paper).address == "/apply/check"
    checked = reader.open("/apply/check").text
    for said in ("李雷", "儿子", "137****7000", "授权材料 工资单.pdf"):
        assert said in checked, said


def test_a_helper_cannot_be_reached_at_the_applicants_mobile(app: Flask, host_app: Caller) -> None:
    mobile = "13512345678"
    reader = launched(app, host_app, mobile=mobile)
    filled_in(reader)
    helper = {"representative.name": "李雷", "representative.relation": "儿子", "representative.mobile": mobile}
    refused = reader.open("/apply/contact").press("保存并继续", helper)
    assert refused.status == 422
    assert "f-representative-mobile-error" in refused.ids
    assert "协助人的手机号不能和申请人的一样" in refused.text
