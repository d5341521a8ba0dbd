"""Reports of mail servers about mails that were sent (RFC 3464, 6533): what became of which mail, and nothing more."""

import base64
import email
import email.message
import html
import quopri
import re
from dataclasses import dataclass
from email.policy import compat32
from enum import StrEnum
from itertools import chain

from hub.domain.errors import Malformed

_MESSAGE_ID = re.compile(r"<[!-;=?-~]{1,250}>")
_STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")
# RFC 3464 and RFC 6533, which is the same for addresses with letters of any language.
_STATUS_TYPES = frozenset({"message/delivery-status", "message/global-delivery-status"})
_RETURNED = frozenset({"message/rfc822", "message/global", "text/rfc822-headers", "message/global-headers"})
_NAMES = ("X-Original-Message-ID", "Original-Message-ID")
_NAMED_ID = re.compile(r"message-id[ \t]*:\s*(<[^<>\s]{1,250}>)", re.IGNORECASE)
# A report holds one part of each kind; what has more is no report of an honest server.
_MOST_PARTS = 50


class Fate(StrEnum):
    """What a report says became of a mail."""

    FAILED = "failed"
    DELAYED = "delayed"  # it is still tried
    ARRIVED = "arrived"


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What became of the mail of that Message-ID; `status` is the enhanced status code, empty where none was given."""

    message_id: str
    fate: Fate
    status: str = ""


def read_report(content: bytes) -> Report:
    """The report; raises `Malformed`: `no_report` for any other mail, `no_message_id` where it names none of ours.

    A report cut behind the headers of the mail that it speaks of is as good as a whole one.
    """
    try:
        return _read(email.message_from_bytes(content, policy=compat32))
    except (RecursionError, ValueError, LookupError, TypeError, AttributeError) as error:
        # The library has many ways of failing over what is no mail at all.
        raise Malformed("no_report") from error


def _read(mail: email.message.Message) -> Report:
    if mail.get_content_type() != "multipart/report" or not mail.is_multipart():
        raise Malformed("no_report")
    parts = list(_parts_of(mail))
    fields = next((part for part in parts if part.get_content_type() in _STATUS_TYPES), None)
    if fields is None:
        raise Malformed("no_report")
    blocks = [_headers_in(block) for block in re.split(rb"\n{2,}", _content(fields))]
    fate, status = _fate(blocks)
    message_id = _original_id(mail, parts, blocks)
    if message_id is None:
        raise Malformed("no_message_id")
    return Report(message_id=message_id, fate=fate, status=status)


def _parts_of(mail: email.message.Message) -> list[email.message.Message]:
    parts = mail.get_payload()
    if not isinstance(parts, list):
        return []
    return [part for part in parts[:_MOST_PARTS] if isinstance(part, email.message.Message)]


def _content(part: email.message.Message) -> bytes:
    """The bytes of the part, with plain line ends, whatever it says to be and however it was encoded."""
    within = _parts_of(part)
    raw = b"\n".join(each.as_bytes() for each in within) if within else _bytes_of(part.get_payload())
    way = str(part["Content-Transfer-Encoding"] or "").strip().lower()
    if way == "base64":
        letters = re.sub(rb"[^A-Za-z0-9+/]", b"", raw)
        # Where the report was cut, the last of them stand for nothing.
        raw = base64.b64decode(letters[: len(letters) // 4 * 4])
    elif way == "quoted-printable":
        raw = quopri.decodestring(raw)
    return raw.replace(b"\r\n", b"\n")


def _bytes_of(payload: object) -> bytes:
    return payload.encode("utf-8", "surrogateescape") if isinstance(payload, str) else b""


def _headers_in(content: bytes) -> email.message.Message:
    return email.message_from_bytes(content.lstrip(), policy=compat32)


def _fate(blocks: list[email.message.Message]) -> tuple[Fate, str]:
    """Of all readers of the mail, the worst; each mail of the hub's has one."""
    found = [(str(block["Action"]).lower().split(), str(block["Status"] or "")) for block in blocks if block["Action"]]
    actions = [(words[0], status) for words, status in found if words]
    for action, status in actions:
        if action == "failed":
            code = _STATUS.search(status)
            return Fate.FAILED, code[0] if code else ""
    if any(action == "delayed" for action, _ in actions):
        return Fate.DELAYED, ""
    if actions and all(action in ("delivered", "relayed", "expanded") for action, _ in actions):
        return Fate.ARRIVED, ""
    raise Malformed("no_report")


def _original_id(
    mail: email.message.Message, parts: list[email.message.Message], blocks: list[email.message.Message]
) -> str | None:
    """Where servers put it, the surest place first: the mail that came back, fields, an answer, words for people."""
    returned = (_headers_in(_content(part))["Message-ID"] for part in parts if part.get_content_type() in _RETURNED)
    fields = (each[name] for each in (*blocks, mail) for name in _NAMES)
    answered = (mail["In-Reply-To"], mail["References"])
    texts = (text for part in parts for text in (part, *_parts_of(part)) if text.get_content_maintype() == "text")
    matches = (_NAMED_ID.search(html.unescape(_content(text).decode("latin-1"))) for text in texts)
    quoted = (found[1] for found in matches if found is not None)
    return next((found for each in chain(returned, fields, answered, quoted) if (found := _id_in(each))), None)


def _id_in(header: object) -> str | None:
    found = _MESSAGE_ID.search("" if header is None else str(header))
    return None if found is None else found[0]
