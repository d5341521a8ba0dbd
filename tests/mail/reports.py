"""Reports of mail servers as real ones word them, about a mail of any Message-ID."""

from __future__ import annotations

import quopri
from base64 import encodebytes

BOUNDARY = "=_report"


def report(
    message_id: str | None = "<1@hub.example>",
    *,
    action: str = "failed",
    status: str = "5.1.1",
    returned: str = "message/rfc822",
    headers: str = "",
    kind: str = "multipart/report; report-type=delivery-status",
    fields: str = "",
    words: str = "",
    status_type: str = "message/delivery-status",
    encoding: str = "",
) -> bytes:
    """A report as Postfix writes it, and as others do.

    `returned` is the type of the part that gives the mail back, empty for none, and `encoding` is how it is encoded;
    `fields` stand with those of the report, and `words` in its part for people.
    """
    original = (
        f"From: no-reply@hub.example\nTo: desk@bank.example\nMessage-ID: {message_id}\nSubject: =?utf-8?b?5pWw?=\n"
    )
    parts = [
        (
            "Content-Type: text/plain; charset=us-ascii\n\nThis is the mail system at host mx.hub.example.\n"
            "I'm sorry to have to inform you that your message could not be delivered.\n"
            f"{words}"
        ),
        (
            f"Content-Type: {status_type}\n\nReporting-MTA: dns; mx.hub.example\n{fields}"
            "Arrival-Date: Sat, 21 Nov 2026 10:00:00 +0800 (CST)\n\n"
            "Final-Recipient: rfc822; desk@bank.example\n"
            f"Action: {action}\nStatus: {status}\nRemote-MTA: dns; mail.bank.example\n"
            "Diagnostic-Code: smtp; 550 5.1.1 <desk@bank.example>: no such mailbox\n"
        ),
    ]
    if returned:
        rest = "\nbody of the mail\n" if returned == "message/rfc822" else ""
        parts.append(f"Content-Type: {returned}\n{_encoded(original + rest, encoding)}")
    body = "".join(f"--{BOUNDARY}\n{part}\n" for part in parts)
    return (
        "From: MAILER-DAEMON@mx.hub.example (Mail Delivery System)\nTo: no-reply@hub.example\n"
        f"Subject: Undelivered Mail Returned to Sender\nAuto-Submitted: auto-replied\n{headers}"
        f'MIME-Version: 1.0\nContent-Type: {kind}; boundary="{BOUNDARY}"\n\n{body}--{BOUNDARY}--\n'
    ).encode()


def _encoded(content: str, encoding: str) -> str:
    if not encoding:
        return f"\n{content}"
    raw = content.encode().replace(b"\n", b"\r\n")
    body = encodebytes(raw) if encoding == "base64" else quopri.encodestring(raw)
    return f"Content-Transfer-Encoding: {encoding}\n\n{body.decode()}"
