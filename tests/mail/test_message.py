"""Every mail in both its parts: the same facts, one button, nothing that breaks a header or a page."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime

import pytest

from hub.mail.case_lines import CaseLine, TimeLeft
from hub.mail.facts import Facts, WeekFigures
from hub.mail.kinds import (
    BESIDE_NEGOTIATIONS,
    OF_A_BILL,
    OF_A_MANDATE,
    OF_A_REFERRAL,
    OF_AN_APPOINTMENT,
    OF_NO_CASE,
    TOGETHER,
    WITH_A_LIST,
    MailKind,
)
from hub.mail.message import (
    TEMPLATES,
    Envelope,
    day,
    day_en,
    domain_of,
    html_of,
    letter,
    message_of,
    text_of,
    when,
    when_en,
)

DUE = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
LINK = "https://hub.example/my/0193aaaa"
CASE = "https://hub.example/portal/negotiations/0193bbbb"
FOR_STAFF = frozenset(
    kind
    for kind in MailKind
    if kind.startswith(("arrived_", "several_"))
    or kind in {"two_days_before", "one_day_before", "on_the_day", "breached", "escalated"}
    or kind
    in {
        "due_moved",
        "review_waiting",
        "no_reviewer",
        "offer_returned",
        "offer_superseded",
        "collection_reported",
        "many_reveals",
        "many_readings",
        "other_person",
        "credit_note_asked",
        "lapsed",
    }
    or kind in {"request_arrived", "request_due", "request_late", "request_assigned"}
    or kind in {"clearance_asked", "clearance_due", "clearance_late"}
    or kind in {"assigned", "daily_digest", "weekly_report", "enrolment", "bank_changed", "bank_change_asked"}
    or kind in {"recovery_code_used", "new_device"}
)
WITHOUT_DEADLINE = frozenset(
    {MailKind.RECEIVED, MailKind.AGREED, MailKind.REFUSED, MailKind.COUNTER_REFUSED, MailKind.PAPER_READY}
    | {MailKind.UNDELIVERABLE, MailKind.MESSAGE, MailKind.OFFER_LAPSED, MailKind.CORRECTION_LAPSED}
    | {MailKind.ARRIVED_ACCEPTED, MailKind.ARRIVED_WITHDRAWN, MailKind.REVIEW_WAITING, MailKind.OFFER_RETURNED}
    | {
        MailKind.OFFER_SUPERSEDED,
        MailKind.NO_REVIEWER,
        MailKind.MANY_REVEALS,
        MailKind.MANY_READINGS,
        MailKind.OTHER_PERSON,
        MailKind.ARRIVED_ENDED,
        MailKind.PAYMENT_MISSED,
        MailKind.AGREEMENT_ENDED,
        MailKind.COLLECTION_ANSWERED,
        MailKind.CREDIT_NOTE_ANSWERED,
        MailKind.CLEARANCE_ISSUED,
        MailKind.CONSENT_WITHDRAWN,
        MailKind.ERASED,
        MailKind.DECISION_DEFERRED,
        MailKind.CLAIM_TRANSFERRED,
        MailKind.ACCOUNT_PROPOSED,
        MailKind.AMENDMENT_ANSWERED,
        MailKind.AMENDED,
        MailKind.AMENDMENT_LAPSED,
        MailKind.REFERRAL_ANSWERED,
        MailKind.ARRIVED_AMENDMENT_REQUESTED,
        MailKind.ARRIVED_AMENDED,
        MailKind.ARRIVED_AMENDMENT_CLOSED,
        MailKind.REQUEST_ARRIVED,
        MailKind.REQUEST_NEWS,
        MailKind.REQUEST_UNANSWERED,
    }
)
WITHOUT_BANK = {
    MailKind.CONSENT_WITHDRAWN,
    MailKind.ERASED,
    MailKind.REQUEST_NEWS,
    MailKind.REQUEST_UNANSWERED,
    MailKind.DEDUCTION_DURING_HOLD,
    MailKind.INSTALMENTS_QUOTED,
}
# Tell a day without an hour.
OF_A_DAY = frozenset({MailKind.PAYMENT_DUE, MailKind.INSTALMENTS_QUOTED}) | OF_A_BILL | OF_A_MANDATE
_SUBJECTS = (
    *(
        "有一笔到期提醒",
        "今天有一笔到期提醒",
        "有一笔提醒有变化",
        "您登记的一项授权已经记下",
        "三天内有一件登记过的事",
        "撤回通知已经送达",
    ),
    *("撤回已经得到确认", "撤回有了答复", "撤回还没有等到答复", "您反映的情况已经记下"),
)
ENVELOPE = Envelope(sender="no-reply@hub.example", to="desk@bank.example", at=DUE, message_id="<1@hub.example>")
LATE = TimeLeft(is_late=True, is_today=False, days=0, hours=2)
LINE = CaseLine(
    reference="XS-20261121-483920", link=CASE, deadline=DUE, left=LATE, owner="李静", team="三组", event="新消息"
)
WEEK = WeekFigures(name="", due=8, in_time=6, late=2)


def facts(kind: MailKind, **changes: object) -> Facts:
    """All that a mail of that kind is told."""
    plain = Facts(
        kind=kind,
        reference="XS-20261121-483920",
        references=(("中国工商银行", "XS-20261121-483920"),),
        bank_zh="中国工商银行",
        bank_en="Industrial and Commercial Bank of China",
        link=LINK,
        for_staff=kind in FOR_STAFF,
        deadline=None if kind in WITHOUT_DEADLINE else DUE,
        hotline="95588",
        complaint_channel="投诉热线 12378",
        days_late=3,
        cases=(LINE, replace(LINE, owner="", team="", event="", left=None)) if kind in WITH_A_LIST else (),
        due_today=1,
        events=(("新消息", 2),),
        owner="李静",
        lead="何雨",
        left=LATE,
        week=(WEEK, replace(WEEK, name="三组")),
        first_day=DUE,
        last_day=DUE,
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def visible(page: str) -> str:
    """What of an HTML page is read, in a line."""
    body = re.sub(r'<div style="display:none.*?</div>', "", page[page.index("<body") :], flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())


def words_of(text: str) -> set[str]:
    """The words of a text, whatever stands between them."""
    return set(re.findall(r"[^\s：·]+", text)) - {"--"}


@pytest.mark.parametrize("kind", MailKind)
def test_both_parts_say_the_same(kind: MailKind) -> None:
    words = letter(facts(kind))
    assert words_of(text_of(words)) == words_of(visible(html_of(words)))


@pytest.mark.parametrize("kind", MailKind)
def test_what_a_list_of_mails_shows_behind_the_subject_adds_to_it(kind: MailKind) -> None:
    words = letter(facts(kind))
    assert words.preheader
    assert words.preheader not in words.subject
    assert words.preheader not in words.paragraphs
    assert words.preheader != words.heading
    assert words.preheader in html_of(words)


@pytest.mark.parametrize("kind", MailKind)
def test_the_english_says_what_the_chinese_says_of_times_and_numbers(kind: MailKind) -> None:
    given = facts(kind)
    words = letter(given)
    assert not re.search(r"[\u3000-\u9fff\uff00-\uffef]", words.english)
    chinese = "".join(words.paragraphs) + "".join(value for _, value in words.facts)
    if given.deadline is not None and when(given.deadline) in chinese and kind not in TOGETHER.values():
        assert when_en(given.deadline) in words.english
    if kind in OF_A_DAY:
        assert day_en(DUE) in words.english
    for number in ("95588", "12378"):
        assert (number in chinese) == (number in words.english)


def told(kind: MailKind, at: datetime) -> str:
    return day(at) if kind in OF_A_DAY else when(at)


@pytest.mark.parametrize("kind", sorted(OF_A_BILL | OF_A_MANDATE))
def test_a_mail_of_a_bill_or_a_mandate_names_its_day_and_page_alone(kind: MailKind) -> None:
    given = replace(facts(kind), reference="", bank_zh="", bank_en="", references=())
    text = text_of(letter(given))
    assert letter(given).subject in _SUBJECTS
    assert told(kind, DUE) in text
    assert text.count(LINK) == 1
    assert "95588" not in text


@pytest.mark.parametrize("kind", sorted(OF_A_REFERRAL))
def test_an_answer_to_a_referral_names_its_page_alone(kind: MailKind) -> None:
    given = replace(facts(kind), reference="", bank_zh="", bank_en="", references=())
    text = text_of(letter(given))
    assert letter(given).subject == "有一个答复"
    assert text.count(LINK) == 1
    assert "95588" not in text


@pytest.mark.parametrize("kind", sorted(OF_AN_APPOINTMENT))
def test_a_mail_of_an_appointment_names_its_page_and_no_bank(kind: MailKind) -> None:
    given = facts(kind)
    words = letter(given)
    text = text_of(words)
    assert given.reference[-6:] in words.subject + text
    assert given.bank_zh not in words.subject + text
    assert text.count(LINK) == 1


@pytest.mark.parametrize("kind", sorted(set(MailKind) - BESIDE_NEGOTIATIONS - OF_AN_APPOINTMENT))
def test_a_mail_names_its_reference_bank_deadline_and_the_page(kind: MailKind) -> None:
    given = facts(kind)
    text = text_of(letter(given))
    assert given.reference in text or kind in OF_NO_CASE
    # What somebody asked for themselves is confirmed, and what they asked of a bank told, without saying of which.
    assert (given.bank_zh in text) is (kind not in WITHOUT_BANK)
    assert text.count(LINK) == 1
    if given.deadline is not None and kind not in OF_NO_CASE - {MailKind.ENROLMENT, MailKind.DAILY_DIGEST}:
        assert told(kind, given.deadline) in text


@pytest.mark.parametrize(
    "kind",
    sorted(
        set(MailKind)
        - WITHOUT_DEADLINE
        - WITH_A_LIST
        - BESIDE_NEGOTIATIONS
        - OF_AN_APPOINTMENT
        - {MailKind.LAPSED, MailKind.WEEKLY_REPORT, MailKind.BANK_CHANGED, MailKind.BANK_CHANGE_ASKED}
    ),
)
def test_the_subject_has_the_deadline(kind: MailKind) -> None:
    assert told(kind, DUE) in letter(facts(kind)).subject


@pytest.mark.parametrize("kind", sorted(set(MailKind) - FOR_STAFF))
def test_a_cardholders_subject_gives_nothing_away_on_a_locked_screen(kind: MailKind) -> None:
    subject = letter(facts(kind)).subject
    assert not any(word in subject for word in ("欠", "逾期", "债", "催收", "还款", "工商"))


@pytest.mark.parametrize("kind", MailKind)
def test_a_page_is_small_narrow_and_asks_nobody_for_anything(kind: MailKind) -> None:
    page = html_of(letter(facts(kind)))
    assert len(page.encode()) < 30_000
    assert "max-width:600px" in page
    assert not re.search(r"<(img|link|script|form|iframe)\b|url\(|@import", page)
    rows = [CASE, CASE] if kind in WITH_A_LIST else []
    assert re.findall(r'href="([^"]*)"', page) == [*rows, LINK]


@pytest.mark.parametrize("kind", MailKind)
@pytest.mark.parametrize("overtaken", [False, True])
def test_a_late_mail_says_when_it_was_meant_to_go(kind: MailKind, overtaken: bool) -> None:
    meant_for = datetime(2026, 11, 20, 0, 45, tzinfo=UTC)
    words = letter(facts(kind, meant_for=meant_for, overtaken=overtaken))
    text = text_of(words)
    assert "这封邮件原定 11 月 20 日（周五）08:45 发出" in text
    assert ("又有了新的进展" in text) == overtaken
    assert not re.match(r"【(还剩|今天)", words.subject)


def test_one_mail_names_every_bank_that_an_application_goes_to() -> None:
    several = (("中国工商银行", "XS-1"), ("招商银行", "XS-2"))
    words = letter(facts(MailKind.RECEIVED, references=several))
    assert words.subject == "您的申请已收到（2 家银行）"
    assert words.facts == several


def test_every_kind_has_its_words_and_no_words_are_left_over() -> None:
    names = {path.stem for path in (TEMPLATES / "words").glob("[!_]*.txt")}
    assert names == set(MailKind)


def test_times_are_written_as_people_say_them() -> None:
    assert when(DUE) == "11 月 23 日（周一）18:00"
    assert when_en(DUE) == "Mon 23 Nov 18:00 (China time)"


def test_what_a_bank_wrote_is_text_on_the_page() -> None:
    words = letter(facts(MailKind.LATE, bank_zh="<b>&行", complaint_channel='"><script>'))
    assert "&lt;b&gt;&amp;行" in html_of(words)
    assert "<script>" not in html_of(words)
    assert '"><script>' in text_of(words)


def test_a_message_survives_the_wire_with_both_parts() -> None:
    words = letter(facts(MailKind.ESCALATED))
    read = message_from_bytes(message_of(words, ENVELOPE).as_bytes(), _class=EmailMessage, policy=policy.default)
    assert read["Subject"] == words.subject
    assert (read["To"], read["Message-ID"]) == ("desk@bank.example", "<1@hub.example>")
    assert read["From"].addresses[0].display_name == "还款协商工作台"
    assert read["Auto-Submitted"] == "auto-generated"
    assert parsedate_to_datetime(read["Date"]) == DUE
    parts = {part.get_content_type(): part.get_content().replace("\r\n", "\n").strip() for part in read.iter_parts()}
    assert parts == {"text/plain": text_of(words).strip(), "text/html": html_of(words).strip()}
    raw = message_of(words, ENVELOPE).as_bytes()
    assert raw.isascii()
    assert max(map(len, raw.splitlines())) < 998


@pytest.mark.parametrize("kind", MailKind)
def test_a_subject_keeps_every_sign_on_its_way(kind: MailKind) -> None:
    words = letter(facts(kind))
    read = message_from_bytes(message_of(words, ENVELOPE).as_bytes(), _class=EmailMessage, policy=policy.default)
    assert read["Subject"] == words.subject


@pytest.mark.parametrize(
    "address",
    [
        "a@b.example\r\nBcc: x@y.example",
        "a@b.example\nSubject: x",
        "a@b.example, c@d.example",
        "a@b\r.example",
        "<a>@b",
    ],
)
def test_no_address_adds_a_header_or_a_reader(address: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        message_of(letter(facts(MailKind.LATE)), replace(ENVELOPE, to=address))


def test_line_breaks_in_names_stay_out_of_the_headers() -> None:
    nasty = "银行\r\nBcc: x@y.example\r\n\r\n"
    message = message_of(letter(facts(MailKind.BREACHED, bank_zh=nasty)), ENVELOPE)
    read = message_from_bytes(message.as_bytes(), _class=EmailMessage, policy=policy.default)
    assert read["Bcc"] is None
    assert len(read.get_all("Subject", [])) == len(read.get_all("To", [])) == 1
    with pytest.raises(ValueError, match=r"."):
        message_of(letter(facts(MailKind.BREACHED, reference="XS\r\nBcc: x@y.example")), ENVELOPE)


@pytest.mark.parametrize(
    ("public_url", "domain"),
    [
        ("https://hub.bank.example", "hub.bank.example"),
        ("http://127.0.0.1:8000", "localhost"),
        ("http://[::1]:8000", "localhost"),
        ("http://hub:8000", "localhost"),
    ],
)
def test_the_hubs_own_addresses_end_in_its_name(public_url: str, domain: str) -> None:
    assert domain_of(public_url) == domain


@pytest.mark.parametrize(
    ("reason", "heading", "dated"),
    [
        ("settled", "银行已确认结清", False),
        ("replaced", "协议已由新的协议替代", False),
        ("defaulted", "银行通知终止协议", True),
    ],
)
def test_the_end_of_an_agreement_is_told_by_its_reason(reason: str, heading: str, *, dated: bool) -> None:
    words = letter(facts(MailKind.AGREEMENT_ENDED, end_reason=reason, deadline=DUE))
    assert words.heading == heading
    assert (when(DUE) in "".join(words.paragraphs), when_en(DUE) in words.english) == (dated, dated)


@pytest.mark.parametrize("kind", ["late", "refused", "agreement_ended", "collection_answered"])
def test_a_mail_names_the_regulator_of_the_one_it_is_about(kind: str) -> None:
    of_nfra = letter(facts(MailKind(kind), complaint_channel="95588"))
    of_province = letter(facts(MailKind(kind), is_supervised_locally=True, complaint_channel="95588"))
    for words in (text_of(of_nfra), html_of(of_nfra)):
        assert "12378" in words
        assert "地方金融管理局" not in words
    for words in (text_of(of_province), html_of(of_province)):
        assert "12378" not in words
        assert words.count("地方金融管理局") >= 2
