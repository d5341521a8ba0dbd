"""The log read in English: what the hub wrote is said in English, what people wrote stays as they wrote it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask

from hub.domain import labels
from hub.domain.delivery import MessageKind
from hub.domain.entry_kind import EntryKind
from hub.domain.labels import PLAN_KINDS
from hub.services.consents.withdrawal import Follows
from hub.services.delivery.message_words import WORDS
from hub.services.negotiations.entries import FAULT_WORDS, SENTENCES
from hub.web.catalogue import english
from hub.web.pages.display_names import word
from hub.web.pages.log_words import log_words, spelt

CHINESE = re.compile(r"[\u3000-\u9fff\uff00-\uffef]")
HOLE = re.compile(r"%\((\w+)\)s")
_MARKS = re.compile(r"</?bdi[^>]*>")
Said = Callable[[str, str], str | None]


@pytest.fixture
def database(sqlite_database: str) -> str:
    """One kind is enough: words are the same on both."""
    return sqlite_database


@pytest.fixture
def said(app: Flask) -> Said:
    """What somebody who reads English is shown."""

    def in_english(kind: str, text: str) -> str | None:
        with app.test_request_context("/?lang=en"):
            words = log_words(kind, text)
        return None if words is None else _MARKS.sub("", words)

    return in_english


@pytest.mark.parametrize("kind", sorted(set(SENTENCES) - {EntryKind.EVIDENCE_REQUESTED}))
def test_every_sentence_of_the_log_has_its_english(kind: EntryKind) -> None:
    chinese = spelt(SENTENCES[kind])
    found = english().get(chinese)
    assert found is not None, chinese
    assert not CHINESE.search(found)
    assert sorted(HOLE.findall(found)) == sorted(HOLE.findall(chinese))


@pytest.mark.parametrize(
    "words",
    [
        *FAULT_WORDS.values(),
        *WORDS.values(),
        *PLAN_KINDS.values(),
        *labels.REJECTION_REASONS.values(),
        *labels.END_REASONS.values(),
        *labels.EVIDENCE_KINDS.values(),
        "等待补充材料",
        "补充材料的等待结束",
    ],
)
def test_every_word_that_the_hub_puts_into_a_sentence_has_its_english(said: Said, words: str) -> None:
    shown = said("returned", SENTENCES[EntryKind.RETURNED].format(faults=words))
    assert shown is not None
    assert not CHINESE.search(shown), shown


@pytest.mark.parametrize(
    ("kind", "text", "shown"),
    [
        ("acknowledged", "银行已受理。", "The bank has picked it up."),
        (
            "clock_opened",
            "答复计时开始，应于 2026-12-01 18:00 前答复。",
            "The answer time runs; an answer is due by Tue 1 Dec 2026 18:00.",
        ),
        (
            "offered",
            "银行提出方案：个性化分期，36 期，年利率 3.60%，首次还款日 2026-12-20",
            "The bank made an offer: Instalments, 36 payments, 3.60% a year, first payment on Sun 20 Dec 2026",
        ),
        (
            "offered",
            "银行提出方案：延期还款，年利率 0.00%，延后 3 个月，还款日 2027-03-20。",
            "The bank made an offer: Deferral, 0.00% a year, put off by 3 months, payment on Sat 20 Mar 2027.",
        ),
        (
            "offered",
            "银行提出方案：降低最低还款额，从 2026-12-20 起 6 个月。",
            "The bank made an offer: Lower minimum payment, 6 months from Sun 20 Dec 2026.",
        ),
        (
            "rejected",
            "银行没有同意。原因：尚未逾期。请再看看",
            "The bank did not agree. Reason: Not overdue. 请再看看",
        ),
        ("rejected", "银行没有同意。期数最多 36 期。", "The bank did not agree. 期数最多 36 期。"),
        ("declined", "持卡人没有接受这个方案：还不了这么多", "The cardholder did not accept the offer: 还不了这么多"),
        ("declined", "持卡人没有接受这个方案：", "The cardholder did not accept the offer."),
        ("withdrawn", "持卡人已撤回。", "The cardholder withdrew."),
        ("message", "银行已受理。", "银行已受理。"),
        ("evidence_requested", "请补充\n（工资单、银行流水）", "请补充\n(Payslip, Bank statement)"),
        ("evidence_requested", "请补充\n（越快越好）", "请补充\n（越快越好）"),
        (
            "call",
            "通话时间：2026 年 11 月 28 日 23:30\n方向：银行拨出\n录音编号：R-1\n说好了",
            "Time of the call: Sat 28 Nov 2026 23:30\nDirection: the bank called\nRecording: R-1\n说好了",
        ),
        (
            "call",
            "通话时间：2026 年 12 月 1 日 22:30\n方向：银行拨出\n结果：无人接听。\n已告知通话录音。",
            (
                "Time of the call: Tue 1 Dec 2026 22:30\nDirection: the bank called\n"
                "Outcome: No answer.\nThe customer was told of the recording."
            ),
        ),
        ("call", "结果：下周再谈。\n说好了", "结果：下周再谈。\n说好了"),
        ("acknowledged", "一句老版本的话。", "一句老版本的话。"),
        (
            "payment",
            "第 0 期还款已入账，1,000.00 元，2026-11-28。",
            "The first payment after signing arrived: ¥1,000.00, Sat 28 Nov 2026.",
        ),
    ],
)
def test_an_entry_in_english(said: Said, kind: str, text: str, shown: str) -> None:
    assert said(kind, text) == shown


def test_what_somebody_wrote_is_marked_as_theirs_and_never_as_markup(app: Flask) -> None:
    for language in ("zh", "en"):
        with app.test_request_context(f"/?lang={language}"):
            shown = log_words("withdrawn", "持卡人已撤回。<b>不用了</b>")
        assert str(shown).endswith('<bdi class="own-words">&lt;b&gt;不用了&lt;/b&gt;</bdi>')


@pytest.mark.parametrize("kind", MessageKind)
def test_the_operators_pages_call_a_message_as_the_log_does(app: Flask, kind: MessageKind) -> None:
    with app.test_request_context("/"):
        assert word("message", kind) == WORDS[kind]


def test_in_chinese_every_entry_is_shown_as_it_stands(app: Flask) -> None:
    with app.test_request_context("/"):
        assert log_words("acknowledged", "银行已受理。") == "银行已受理。"
        assert log_words("acknowledged", None) is None


@pytest.mark.parametrize(
    ("kind", "text", "shown"),
    [
        ("breached", "银行未在 2026-11-23 18:00 前答复。", "银行未在 2026 年 11 月 23 日（周一）18:00 前答复。"),
        (
            "offered",
            "银行提出方案：个性化分期，36 期，首次还款日 2026-12-20。",
            "银行提出方案：个性化分期，36 期，首次还款日 2026 年 12 月 20 日（周日）。",
        ),
        (
            "payment",
            "第 0 期还款已入账，1,000.00 元，2026-11-28。",
            "签署后先还的款项已入账，1,000.00 元，2026 年 11 月 28 日（周六）。",
        ),
        ("missed", "第 0 期还款还没有到账。", "签署后先还的款项还没有到账。"),
        ("declined", "持卡人没有接受这个方案：2026-12-20 前还不了", "持卡人没有接受这个方案：2026-12-20 前还不了"),
    ],
)
def test_days_are_written_in_words_and_what_is_paid_on_signing_has_no_number(
    app: Flask, kind: str, text: str, shown: str
) -> None:
    with app.test_request_context("/"):
        said = log_words(kind, text)
    assert re.sub("</?bdi[^>]*>", "", str(said)) == shown


def test_a_caller_who_was_not_named_leaves_no_gap(said: Said) -> None:
    text = SENTENCES[EntryKind.COLLECTION_REPORTED].format(
        channel="电话", at="2026-11-21 09:00", caller="未说明对方", text="又来", due="2026-11-25 18:00"
    )
    shown = said("collection_reported", text) or ""
    assert "(Phone, Sat 21 Nov 2026 09:00, caller not named): 又来" in shown
    assert shown.endswith("by Wed 25 Nov 2026 18:00.")


@pytest.mark.parametrize("kind", [kind for kind, text in SENTENCES.items() if text.startswith("持卡人")])
def test_what_a_person_did_is_told_to_themselves_as_theirs(app: Flask, kind: EntryKind) -> None:
    text = HOLE.sub("某", spelt(SENTENCES[kind]))
    with app.test_request_context("/"):
        assert str(log_words(kind, text)).startswith("持卡人")
        assert str(log_words(kind, text, to="bank")).startswith("客户")
        assert str(log_words(kind, text, to="cardholder")).startswith("您")
    with app.test_request_context("/?lang=en"):
        assert str(log_words(kind, text, to="cardholder")).startswith("You")
        assert str(log_words(kind, text, to="bank")).startswith("The customer")


@pytest.mark.parametrize(
    ("kind", "text", "shown"),
    [
        (
            "amendment_asked",
            "持卡人提出于 2026-12-20 提前结清。持卡人本人要求",
            "客户提出于 2026 年 12 月 20 日（周日） 提前结清。持卡人本人要求",
        ),
        (
            "amendment_answered",
            "银行对把还款日改为每月 5 日的答复：共 3 期改日，等待持卡人确认。",
            "银行对把还款日改为每月 5 日的答复：共 3 期改日，等待客户确认。",
        ),
        ("delivered", "银行系统已收到（持卡人提出的方案）。", "银行系统已收到（客户提出的方案）。"),
        ("call", "方向：持卡人来电\n录音编号：R-1\n持卡人说好了", "方向：客户来电\n录音编号：R-1\n持卡人说好了"),
    ],
)
def test_a_bank_reads_of_its_customer_and_own_words_stay(app: Flask, kind: str, text: str, shown: str) -> None:
    with app.test_request_context("/"):
        assert _MARKS.sub("", str(log_words(kind, text, to="bank"))) == shown


@pytest.mark.parametrize("purpose", sorted(labels.CONSENT_PURPOSES.values()))
@pytest.mark.parametrize("follows", Follows)
def test_a_consent_taken_back_is_told_in_english_alone(said: Said, purpose: str, follows: str) -> None:
    text = SENTENCES[EntryKind.CONSENT_WITHDRAWN].format(purpose=purpose, what=follows)
    shown = said("consent_withdrawn", text)
    assert shown is not None
    assert not CHINESE.search(shown), shown


def test_stops_in_own_words_leave_the_sentence_before_them_alone(said: Said) -> None:
    text = SENTENCES[EntryKind.AMENDMENT_REFUSED].format(what="提前结清", text="请再等等。下月再谈。")
    shown = said("amendment_refused", text)
    assert shown is not None
    assert shown.endswith("请再等等。下月再谈。")
    assert not CHINESE.search(shown.removesuffix("请再等等。下月再谈。"))
