"""Reports of mail servers: which mail they speak of and what became of it, and what is no report at all."""

from __future__ import annotations

from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.domain.errors import Malformed
from hub.mail.bounces import Fate, Report, read_report
from tests.mail.reports import BOUNDARY, report

ID = "<1@hub.example>"
FAILED = Report(message_id=ID, fate=Fate.FAILED, status="5.1.1")


@pytest.mark.parametrize(
    "content",
    [
        report(),
        report(returned="text/rfc822-headers"),
        report().replace(b"\n", b"\r\n"),
        report(returned="", headers=f"In-Reply-To: {ID}\n"),
        report(returned="", headers=f"References: {ID}\n"),
        report()[: report().index(b"Subject: =?utf-8") + 5],
        report(action="Failed (final)"),
        report(returned="", fields=f"X-Original-Message-ID: {ID}\n"),
        report(returned="", fields=f"Original-Message-Id:\n {ID}\n"),
        report(returned="", headers=f"X-Original-Message-ID: {ID}\n"),
        report(returned="", words=f"\nYour mail:\n  Message-Id: {ID}\n  Subject: x\n"),
        report(returned="text/plain"),
        report(returned="text/plain", encoding="base64"),
        report(returned="text/html", message_id=ID.replace("<", "&lt;").replace(">", "&gt;")),
        report(encoding="base64"),
        report(encoding="quoted-printable"),
        report(encoding="base64")[: -len(BOUNDARY) - 30],
        report(returned="text/rfc822-headers", encoding="base64"),
        report(returned="message/global", status_type="message/global-delivery-status"),
        report(returned="message/global-headers", status_type="message/global-delivery-status"),
        report(returned="", status_type="message/global-delivery-status", fields=f"X-Original-Message-ID: {ID}\n"),
    ],
    ids=[
        "whole",
        "headers",
        "line ends",
        "answers",
        "refers",
        "cut",
        "with a remark",
        "in a field",
        "in a folded field",
        "in a header",
        "in the words",
        "as text",
        "as encoded text",
        "as a page",
        "encoded",
        "quoted",
        "encoded and cut",
        "encoded headers",
        "of any language",
        "headers of any language",
        "of any language, in a field",
    ],
)
def test_a_report_names_the_mail_that_came_back(content: bytes) -> None:
    assert read_report(content) == FAILED


@pytest.mark.parametrize(
    ("action", "fate"),
    [
        ("failed", Fate.FAILED),
        ("delayed", Fate.DELAYED),
        ("delivered", Fate.ARRIVED),
        ("relayed", Fate.ARRIVED),
        ("expanded", Fate.ARRIVED),
    ],
)
def test_a_report_says_what_became_of_it(action: str, fate: Fate) -> None:
    assert read_report(report(action=action)).fate == fate


@pytest.mark.parametrize(
    ("status", "kept"), [("5.1.1", "5.1.1"), ("4.4.7 (gave up)", "4.4.7"), ("desk@bank.example", ""), ("", "")]
)
def test_of_the_servers_words_only_the_code_is_kept(status: str, kept: str) -> None:
    assert read_report(report(status=status)).status == kept


def _plain() -> bytes:
    mail = EmailMessage()
    mail["Subject"] = "外出自动回复"
    mail["In-Reply-To"] = ID
    mail.set_content("我在休假")
    return mail.as_bytes()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (_plain(), "no_report"),
        (b"", "no_report"),
        (b"\x00\xff" * 400, "no_report"),
        (report(kind="multipart/mixed"), "no_report"),
        (report(action="vanished"), "no_report"),
        (report(action=""), "no_report"),
        (report().replace(b"message/delivery-status", b"text/plain"), "no_report"),
        (report(message_id="none"), "no_message_id"),
        (report(returned=""), "no_message_id"),
        (report(message_id="<1@hub.example\x00>"), "no_message_id"),
        (report(message_id=f"<{'1' * 400}@hub.example>"), "no_message_id"),
    ],
)
def test_what_is_no_report_about_a_mail_is_refused(content: bytes, code: str) -> None:
    with pytest.raises(Malformed) as refusal:
        read_report(content)
    assert refusal.value.code == code


def test_parts_in_parts_without_an_end_are_refused() -> None:
    deep = b"".join(
        b"Content-Type: multipart/report; boundary=b%d\n\n--b%d\n" % (number, number) for number in range(20_000)
    )
    with pytest.raises(Malformed):
        read_report(deep)


@given(st.data())
def test_a_report_with_anything_changed_is_read_or_refused(data: st.DataObject) -> None:
    content = bytearray(report())
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at : at + data.draw(st.integers(0, 9))] = data.draw(st.binary(max_size=9))
    try:
        assert read_report(bytes(content)).message_id.startswith("<")
    except Malformed:
        assert BOUNDARY
