"""Reports of mail servers as real ones word them, about a mail of any Message-ID."""

from __future__ import annotations

BOUNDARY = "=_report"


def report(
    message_id: str | None = "<1@hub.example>",
    *,
    action: str = "failed",
    status: str = "5.1.1",
    returned: str = "message/rfc822",
    headers: str = "",
    kind: str = "multipart/report; report-type=delivery-status",
) -> bytes:
    """A report as Postfix writes it; `returned` is the type of the part that gives the mail back, empty for none."""
    original = (
        f"From: no-reply@hub.example\nTo: desk@bank.example\nMessage-ID: {message_id}\nSubject: =?utf-8?b?5pWw?=\n"
    )
    parts = [
        (
            "Content-Type: text/plain; charset=us-ascii\n\nThis is the mail system at host mx.hub.example.\n"
            "I'm sorry to have to inform you that your message could not be delivered.\n"
        ),
        (
            "Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.hub.example\n"
            "Arrival-Date: Sat, 21 Nov 2026 10:00:00 +0800 (CST)\n\n"
            "Final-Recipient: rfc822; desk@bank.example\n"
            f"Action: {action}\nStatus: {status}\nRemote-MTA: dns; mail.bank.example\n"
            "Diagnostic-Code: smtp; 550 5.1.1 <desk@bank.example>: no such mailbox\n"
        ),
    ]
    if returned:
        rest = "\nbody of the mail\n" if returned == "message/rfc822" else ""
        parts.append(f"Content-Type: {returned}\n\n{original}{rest}")
    body = "".join(f"--{BOUNDARY}\n{part}\n" for part in parts)
    return (
        "From: MAILER-DAEMON@mx.hub.example (Mail Delivery System)\nTo: no-reply@hub.example\n"
        f"Subject: Undelivered Mail Returned to Sender\nAuto-Submitted: auto-replied\n{headers}"
        f'MIME-Version: 1.0\nContent-Type: {kind}; boundary="{BOUNDARY}"\n\n{body}--{BOUNDARY}--\n'
    ).encode()
