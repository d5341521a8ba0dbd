"""The words of text messages, which strangers may read on a locked screen."""

from __future__ import annotations

import re

import pytest

from hub.domain.preferences import Language
from hub.mail.kinds import BESIDE_NEGOTIATIONS, OF_A_BILL, OF_A_MANDATE, OF_A_REQUEST, OF_AN_APPOINTMENT, MailKind
from hub.mail.sms_words import WORDS, WORDS_BESIDE, words_beside, words_of

LINK = "https://xieshang.example.cn/my/"
# A bank, a debt, money, a threat; "request" and "plan" are all that is left.
UNSAID = re.compile(
    r"银行|欠|债|还款|逾期|催收|信用|元|¥|协议|贷|bank|debt|owe|repay|overdue|credit|loan|yuan", re.IGNORECASE
)


def said(kind: MailKind, language: Language) -> str:
    return words_of(kind, reference="XS-20261123-870046", link=LINK, language=language)


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("kind", WORDS)
def test_no_message_says_anything_that_strangers_must_not_read(kind: MailKind, language: Language) -> None:
    text = said(kind, language)
    words = text.removesuffix(LINK)
    assert not UNSAID.search(words)
    # Of digits there are those that tell two requests apart; phones offer runs of six as codes.
    assert re.findall(r"\d+", words) == ["0046"]
    assert text.endswith(LINK)
    assert "?" not in text


@pytest.mark.parametrize("kind", WORDS)
def test_each_is_one_message(kind: MailKind) -> None:
    # With Chinese letters 70 signs make one, with the others of GSM 03.38 160 do; the name in front takes 10 at most.
    assert len(said(kind, Language.CHINESE)) + len("【还款协商服务】") <= 70 + len("https://xieshang.example.cn/") - 20
    assert len(said(kind, Language.ENGLISH)) <= 140
    assert said(kind, Language.ENGLISH).isascii()


def test_whoever_has_no_mail_is_told_whatever_asks_or_ends_something() -> None:
    told_by_mail_alone = (
        {kind for kind in MailKind if kind not in WORDS and not _is_for_staff(kind)}
        - BESIDE_NEGOTIATIONS
        - OF_A_REQUEST
        - OF_AN_APPOINTMENT
    )
    assert told_by_mail_alone == {
        MailKind.RECEIVED,
        MailKind.UNDELIVERABLE,
        MailKind.COUNTER_DELIVERED,
        MailKind.AGREED,
        MailKind.MOVED,
    }


@pytest.mark.parametrize("kind", sorted(WORDS_BESIDE))
def test_a_text_message_about_no_negotiation_names_no_bank_and_no_money(kind: MailKind) -> None:
    text = words_beside(kind, link=LINK)
    assert not UNSAID.search(text.removesuffix(LINK))
    assert len(text) + len("【还款协商服务】") <= 70 + len("https://xieshang.example.cn/") - 20


def test_whatever_a_person_is_mailed_of_no_negotiation_they_are_texted_without_a_mail_address() -> None:
    to_desk = {MailKind.APPOINTMENT_CHANGED_TODAY, MailKind.VISIT_REPORT_MISSING}
    assert set(WORDS_BESIDE) == OF_A_BILL | OF_A_MANDATE | OF_AN_APPOINTMENT - to_desk


def _is_for_staff(kind: MailKind) -> bool:
    kinds = list(MailKind)
    if kind == MailKind.SEVERAL_REQUESTS:
        return True
    return kinds.index(kind) < kinds.index(MailKind.RECEIVED)
