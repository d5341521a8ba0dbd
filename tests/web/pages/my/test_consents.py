"""What a person agreed to, on their page: with its words and its day, and one press to take it back."""

from __future__ import annotations

from collections.abc import Callable

from tests.web.caller import Caller, made
from tests.web.pages.cardholders import filled_in
from tests.web.pages.reader import Page, Reader


def test_each_consent_stands_with_its_words_and_one_press(sent: Page) -> None:
    rights = sent.reader.open(f"{sent.address}/rights")
    for words in (
        "您同意过的",
        "向银行提供信息",
        "我同意把本次申请中与中国工商银行有关的信息",
        "内容真实",
        "2026-11 版",
    ):
        assert words in rights.text
    assert {each.rsplit("/", 1)[1] for each in rights.links if "/consents/" in each} == {
        "share_with_bank",
        "sensitive_data",
    }


def test_taking_one_back_says_first_what_follows(sent: Page, work_off: Callable[[], int]) -> None:
    asked = sent.reader.open(f"{sent.address}/consents/share_with_bank")
    assert "不再向中国工商银行提供您的任何资料" in asked.text
    assert "由它依法保管" in asked.text
    done = asked.press("撤回同意")
    assert "已经撤回，记在往来记录里。" in done.text
    assert "已撤回" in done.text
    assert not any(each.endswith("/consents/share_with_bank") for each in done.links)
    again = sent.reader.open(f"{sent.address}/consents/share_with_bank")
    assert "撤回了这项同意" in again.text
    assert "您撤回了同意：向银行提供信息。" in sent.reader.open(f"{sent.address}/record").text


def test_an_agreement_in_force_stays_and_the_page_says_why(sent: Page, agreed: Page) -> None:
    asked = agreed.reader.open(f"{sent.address}/consents/sensitive_data")
    assert "已经签了的协议照旧有效" in asked.text
    asked.press("撤回同意")
    assert "生效中" in agreed.reader.open(f"{sent.address}/agreement").text


def test_what_is_no_consent_has_no_button(sent: Page) -> None:
    asked = sent.reader.open(f"{sent.address}/consents/truthful")
    assert "这是对事实的说明" in asked.text
    assert 'method="post"' not in asked.html.split("<main", 1)[1]


def test_what_was_never_agreed_to_has_no_page(sent: Page) -> None:
    assert sent.reader.open(f"{sent.address}/consents/medical_data").status == 404


def test_the_bank_is_told_and_its_papers_are_closed(sent: Page, icbc: Caller, work_off: Callable[[], int]) -> None:
    path = f"/bank{sent.address.removeprefix('/my')}"
    sent.reader.open(f"{sent.address}/consents/sensitive_data").press("撤回同意")
    work_off()
    assert made(icbc.get(path), 200)["withdrawn_consents"] == ["sensitive_data"]
    assert icbc.get(f"{path}/application-form.pdf").status_code == 410


def test_before_it_is_sent_nothing_is_said_to_be_at_the_bank(reader: Reader, work_off: Callable[[], int]) -> None:
    done = filled_in(reader, taken=1).press("提交给 1 家银行")
    here = next(each for each in done.links if each.startswith("/my/negotiations/"))
    reader.open(f"{here}/consents/share_with_bank").press("撤回同意")
    asked = reader.open(f"{here}/consents/sensitive_data")
    assert "不再向中国工商银行提供您的任何资料" in asked.text
    assert "之前已经收到" not in asked.text
    asked.press("撤回同意")
    work_off()
    assert "银行之前收到的" not in reader.open(f"{here}/record").text
