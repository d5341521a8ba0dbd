"""A mail as a value: its words from one template, and from those the text and the HTML part of the message.

Nothing of a person ever enters: a mail knows a reference, a bank, a time and a link.
"""

import ipaddress
import re
from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from hub.domain.china import CHINA
from hub.domain.lender_words import of_lender
from hub.mail.case_lines import Row
from hub.mail.facts import Facts
from hub.mail.kinds import WITH_A_LIST

TEMPLATES = Path(__file__).parents[2] / "templates" / "email"
_WEEKDAYS = "一二三四五六日"
_ADDRESS = re.compile(r"""([^\s@<>()\[\],;:"\\]+)@([^\s@<>()\[\],;:"\\]+)""")
_BRACKETS = re.compile(r"^【([^】]*)】\s*")
_HOST_NAME = re.compile(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")


class _WholeSubject(EmailPolicy):
    """Writes a subject as one encoded run: mixed with plain letters, the library loses the blanks in between."""

    def fold(self, name: str, value: Any) -> str:
        """The header's lines."""
        if name.lower() != "subject":
            return str(super().fold(name, value))
        encoded = Header(str(value), "utf-8", header_name=name).encode(linesep=self.linesep)
        return f"{name}: {encoded}{self.linesep}"

    def fold_binary(self, name: str, value: Any) -> bytes:
        """The same as bytes."""
        if name.lower() != "subject":
            return bytes(super().fold_binary(name, value))
        return self.fold(name, value).encode("ascii")


_POLICY = _WholeSubject(linesep="\r\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """The words of a mail, from which both parts are made. `facts` are (label, value); `rows` are of a list.

    `settings_link` leads to where its reader chooses what they are told; empty where they choose nothing. `preheader`
    is what a list of mails shows behind the subject; it stands in no part of the page.
    """

    subject: str
    preheader: str
    bar: str
    bank: str
    heading: str
    paragraphs: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    english: str
    button: str
    link: str
    footer: tuple[str, ...]
    for_staff: bool
    rows: tuple[Row, ...] = ()
    settings_link: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """Between whom and when: what a mail needs beside its words. `message_id` is the same in every attempt."""

    sender: str
    to: str
    at: datetime
    message_id: str


def when(at: datetime) -> str:
    """`at` in China time, as people there write it."""
    return f"{day(at)}{at.astimezone(CHINA):%H:%M}"


def when_en(at: datetime) -> str:
    """`at` in China time, in English."""
    return f"{day_en(at)} {at.astimezone(CHINA):%H:%M} (China time)"


def _clock(at: datetime) -> str:
    return f"{at.astimezone(CHINA):%H:%M}"


def day(at: datetime) -> str:
    """The day of `at` in China, as people there write it."""
    local = at.astimezone(CHINA)
    return f"{local.month} 月 {local.day} 日（周{_WEEKDAYS[local.weekday()]}）"


def day_en(at: datetime) -> str:
    """The day of `at` in China, in English."""
    local = at.astimezone(CHINA)
    return f"{local:%a} {local.day} {local:%b}"


def domain_of(public_url: str) -> str:
    """What stands behind the @ of the hub's own addresses and Message-IDs; `localhost` where the hub has no name."""
    host = urlsplit(public_url).hostname or ""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return host if _HOST_NAME.fullmatch(host) else "localhost"
    return "localhost"


def one_line(text: str) -> str:
    """A name that people typed, on one line."""
    return " ".join(text.split())


def _environment(*, html: bool) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=html,  # noqa: S701 - plain text has nothing to escape
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(when=when, when_en=when_en, day=day, day_en=day_en, clock=_clock, one_line=one_line)
    return environment


_TEXT = _environment(html=False)
_HTML = _environment(html=True)


def _block(template: Template, name: str, facts: Facts) -> str:
    context = template.new_context({"mail": facts})
    words = "".join(template.blocks[name](context)).strip()
    return of_lender(words, names=(facts.bank_zh, facts.bank_en)) if facts.is_lender else words


def _paragraphs(text: str) -> tuple[str, ...]:
    return tuple("".join(part.splitlines()).strip() for part in re.split(r"\n\s*\n", text) if part.strip())


def _pairs(text: str) -> tuple[tuple[str, str], ...]:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return tuple((label, value) for label, _, value in (line.partition("：") for line in lines))


def _subject(own: Template, facts: Facts) -> str:
    subject = _block(own, "subject", facts)
    if facts.square_brackets:
        subject = _BRACKETS.sub(r"[\1] ", subject)
    if facts.for_staff or len(facts.references) > 1 or facts.reference in subject:
        return subject
    # Who applied to two banks is told twice in one second, and a bank's name would show on a locked screen.
    return f"{subject}（编号末尾 {facts.reference.rpartition('-')[2]}）"


def _rows(facts: Facts) -> tuple[Row, ...]:
    rows: list[Row] = []
    team = None
    for line in facts.cases:
        about = (
            line.event,
            f"期限 {when(line.deadline)}" if line.deadline else "",
            f"经办 {one_line(line.owner)}" if line.owner else "未分派",
        )
        rows.append(
            Row(
                reference=line.reference,
                link=line.link,
                about=" · ".join(filter(None, about)),
                note="" if line.left is None else line.left.words,
                tone=line.tone,
                heading=(one_line(line.team) or "未分组") if facts.by_team and line.team != team else "",
            )
        )
        team = line.team
    return tuple(rows)


def letter(facts: Facts) -> Letter:
    """The mail's words; raises jinja2's `TemplateError` where its template asks for what is not there."""
    own = _TEXT.get_template(f"words/{facts.kind}.txt")
    common = _TEXT.get_template("words/_common.txt")
    audience = "staff" if facts.for_staff else "cardholder"
    texts = (_block(common, "test", facts), _block(own, "body", facts), _block(common, "remarks", facts))
    return Letter(
        subject=" ".join(filter(None, (_block(common, "test_subject", facts), _subject(own, facts)))),
        preheader=_block(own, "preheader", facts),
        bar=_block(common, f"{audience}_bar", facts),
        bank=facts.bank_zh if facts.for_staff else "",
        heading=_block(own, "heading", facts),
        paragraphs=_paragraphs("\n\n".join(texts)),
        facts=_pairs(_block(own, "facts", facts)),
        english=" ".join(
            f"{_block(common, 'english_test', facts)} {_block(own, 'english', facts)} "
            f"{_block(common, 'english_remarks', facts)}".split()
        ),
        button=_block(own, "button", facts),
        link=facts.link,
        footer=_paragraphs(_block(common, f"{audience}_footer", facts)),
        for_staff=facts.for_staff,
        rows=_rows(facts) if facts.kind in WITH_A_LIST else (),
        settings_link=facts.settings_link,
    )


def text_of(words: Letter) -> str:
    """The plain text part."""
    return _TEXT.get_template("_base.txt").render(letter=words)


def html_of(words: Letter) -> str:
    """The HTML part: one column of at most 600 px, its styles inline, without pictures."""
    return _HTML.get_template("_base.html").render(letter=words)


def _address(text: str, name: str = "") -> Address:
    # The library's own parser has more ways of failing than there are ways of being an address.
    match = _ADDRESS.fullmatch(text)
    if match is None:
        raise ValueError("not an e-mail address")
    return Address(name, username=match[1], domain=match[2])


def message_of(words: Letter, envelope: Envelope) -> EmailMessage:
    """The message, ready to be sent. Raises ValueError for an address that is none, or holds a line break."""
    sender_name = "还款协商工作台" if words.for_staff else "协商服务"
    message = EmailMessage(policy=_POLICY)
    message["From"] = _address(envelope.sender, sender_name)
    message["To"] = _address(envelope.to)
    message["Subject"] = words.subject
    message["Date"] = format_datetime(envelope.at.astimezone(CHINA))
    message["Message-ID"] = envelope.message_id
    # Out-of-office answers to these would reach nobody.
    message["Auto-Submitted"] = "auto-generated"
    message["Content-Language"] = "zh-CN, en"
    message.set_content(text_of(words), cte="base64")
    message.add_alternative(html_of(words), subtype="html", cte="base64")
    return message
