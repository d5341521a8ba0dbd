"""The step of the consents."""

from __future__ import annotations

import re

import pytest

from hub.wiring import Hub
from storage.records import EvidenceRecord
from tests.applications import CMB, ICBC, pdf
from tests.web.pages.apply.rows import count
from tests.web.pages.cardholders import consents, fill_cards, fill_month, fill_reason, fill_rest
from tests.web.pages.reader import Page, Reader


def test_medical_papers_need_their_own_consent_and_can_be_left_out(reader: Reader, hub: Hub) -> None:
    page = fill_month(fill_reason(fill_cards(reader)))
    there = page.press("上传", files={"files.medical": ("费用.pdf", pdf())})
    contact = there.press("保存并继续").press("保存并继续", {"option": ["1"]})
    ticks = consents(contact)
    assert all((name, "1") not in contact.form("保存并继续").fields for name in ticks)
    checked = contact.press("保存并继续", {**ticks, "consents.medical_data": []})
    assert checked.address == "/apply/check"
    assert "您没有同意提供医疗材料，所以这些文件不会提交： 费用.pdf" in checked.text
    done = checked.press("提交给 2 家银行")
    assert done.address.startswith("/apply/done/"), done.text
    assert count(hub, EvidenceRecord) == 0
    assert list((hub.settings.home / "evidence").rglob("*.part")) == []


def test_medical_papers_go_along_once_somebody_says_so_after_all(reader: Reader, hub: Hub) -> None:
    page = fill_month(fill_reason(fill_cards(reader)))
    there = page.press("上传", files={"files.medical": ("费用.pdf", pdf())})
    contact = there.press("保存并继续").press("保存并继续", {"option": ["1"]})
    contact.press("保存并继续", {**consents(contact), "consents.medical_data": []})
    again = reader.open("/apply/contact?from=check")
    checked = again.press("保存并继续", {"consents.medical_data": ["1"]})
    assert "不会提交" not in checked.text
    checked.press("提交给 2 家银行")
    assert count(hub, EvidenceRecord) == 1


def test_a_medical_paper_that_comes_later_is_asked_about(reader: Reader) -> None:
    fill_rest(fill_month(fill_reason(fill_cards(reader))))
    later = reader.open("/apply/evidence?from=check")
    checked = later.press("保存并继续", files={"files.medical": ("费用.pdf", pdf("later"))})
    assert "/apply/contact?from=check" in checked.links
    assert "还有几项没有填好" in checked.text
    assert "提交给" not in checked.text


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


def of_a_carer(page: Page) -> Page:
    """The page behind the reason of somebody who cares for a relative."""
    return page.press("保存并继续", {"hardship.reasons": ["family_care"], "hardship.description": "照顾母亲"})


def test_papers_of_the_family_need_the_familys_word_and_can_be_left_out(reader: Reader, hub: Hub) -> None:
    page = fill_month(of_a_carer(fill_cards(reader)))
    there = page.press("上传", files={"files.family": ("家庭说明.pdf", pdf())})
    contact = there.press("保存并继续").press("保存并继续", {"option": ["1"]})
    assert "我已经告诉这位家人用在哪里" in contact.text
    checked = contact.press("保存并继续", {**consents(contact), "consents.family_data": []})
    assert "没有确认家人同意，所以这些文件不会提交： 家庭说明.pdf" in checked.text
    again = reader.open("/apply/contact?from=check").press("保存并继续", {"consents.family_data": ["1"]})
    assert "不会提交" not in again.text
    again.press("提交给 2 家银行")
    assert count(hub, EvidenceRecord) == 1


def test_a_paper_of_the_family_that_comes_later_is_asked_about(reader: Reader) -> None:
    fill_rest(fill_month(of_a_carer(fill_cards(reader))))
    later = reader.open("/apply/evidence?from=check")
    checked = later.press("保存并继续", files={"files.family": ("家庭说明.pdf", pdf("later"))})
    assert "/apply/contact?from=check" in checked.links
    assert "提交给" not in checked.text
