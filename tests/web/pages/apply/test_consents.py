"""The step of the consents."""

from __future__ import annotations

import re

import pytest

from tests.applications import CMB, ICBC, pdf
from tests.web.pages.cardholders import fill_cards, fill_month, fill_reason, fill_rest
from tests.web.pages.reader import Reader


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


@pytest.mark.parametrize(
    ("language", "named", "called"),
    [
        ("zh", "我同意把本次申请中与{}有关的信息", "这家银行的联系电话：95588"),
        ("en", "I agree that what this application holds for {}", "This bank's telephone: 95588"),
    ],
)
def test_who_receives_the_file_is_named_with_its_telephone(
    reader: Reader, language: str, named: str, called: str
) -> None:
    fill_rest(fill_month(fill_reason(fill_cards(reader))))
    page = reader.open(f"/apply/consents?lang={language}")
    for bank in {"zh": ("中国工商银行", "招商银行"), "en": ("Industrial and Commercial Bank", "Merchants Bank")}[
        language
    ]:
        assert re.search(named.format(".{0,10}" + bank), page.text)
    assert page.text.count(called) == 2
    assert "{bank}" not in page.text
