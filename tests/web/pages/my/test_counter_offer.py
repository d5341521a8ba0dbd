"""A person's counter-offer."""

from __future__ import annotations

from tests.web.caller import Caller, made
from tests.web.pages.my.ways import bank_path
from tests.web.pages.reader import Page


def test_a_counter_offer_is_shown_before_it_is_sent(offered: Page, icbc: Caller) -> None:
    here = offered.address.partition("/offers")[0]
    form = offered.reader.open(f"{here}/counter")
    assert "还可以提 3 次" in form.text
    shown = form.press(
        "先算一算", {"terms.instalments": "60", "terms.annual_rate_percent": "0", "terms.note": "想慢慢还"}
    )
    assert shown.status == 200, shown.text
    assert "308.33" in shown.text
    assert "想慢慢还" in shown.html
    sent = shown.press("发给银行")
    assert "等银行答复" in sent.text
    [mine] = [each for each in made(icbc.get(f"{bank_path(sent)}"), 200)["offers"] if each["by"] == "cardholder"]
    assert (mine["terms"]["instalments"], mine["terms"]["method"]) == (60, "interest_free")


def test_a_counter_offer_keeps_what_was_typed_beside_its_faults(offered: Page) -> None:
    here = offered.address.partition("/offers")[0]
    form = offered.reader.open(f"{here}/counter")
    refused = form.press("发给银行", {"terms.instalments": "61", "terms.first_due_on": "昨天"})
    assert refused.status == 422
    assert {"f-terms-instalments-error", "f-terms-first_due_on-error"} <= refused.ids
    assert 'value="61"' in refused.html
    assert 'value="昨天"' in refused.html
