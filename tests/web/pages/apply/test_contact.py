"""The step of who the person is."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask

from tests.applications import ICBC, card, id_number
from tests.conftest import SentMessages
from tests.web.pages.cardholders import fill_month, fill_reason, longest_option, texted


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
