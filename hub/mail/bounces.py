"""Reports of mail servers about mails that were sent (RFC 3464): what became of which mail, and nothing more."""

import email
import email.message
import re
from dataclasses import dataclass
from email.policy import compat32
from enum import StrEnum

from hub.domain.errors import Malformed

_MESSAGE_ID = re.compile(r"<[!-;=?-~]{1,250}>")
_STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")
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
    fields = next((part for part in parts if part.get_content_type() == "message/delivery-status"), None)
    if fields is None:
        raise Malformed("no_report")
    fate, status = _fate(list(_parts_of(fields)))
    message_id = _original_id(mail, parts)
    if message_id is None:
        raise Malformed("no_message_id")
    return Report(message_id=message_id, fate=fate, status=status)


def _parts_of(mail: email.message.Message) -> list[email.message.Message]:
    parts = mail.get_payload()
    if not isinstance(parts, list):
        return []
    return [part for part in parts[:_MOST_PARTS] if isinstance(part, email.message.Message)]


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


def _original_id(mail: email.message.Message, parts: list[email.message.Message]) -> str | None:
    for part in parts:
        kind = part.get_content_type()
        if kind == "message/rfc822":
            for original in _parts_of(part):
                if (found := _id_in(original["Message-ID"])) is not None:
                    return found
        elif kind == "text/rfc822-headers":
            body = part.get_payload(decode=True)
            headers = email.message_from_bytes(body if isinstance(body, bytes) else b"", policy=compat32)
            if (found := _id_in(headers["Message-ID"])) is not None:
                return found
    # Some servers send nothing of the mail back and answer it instead.
    return _id_in(mail["In-Reply-To"]) or _id_in(mail["References"])


def _id_in(header: object) -> str | None:
    found = _MESSAGE_ID.search("" if header is None else str(header))
    return None if found is None else found[0]
