"""Mails to a bank's people about invented cases, for a bank that wants to see what its mails look like."""

from datetime import datetime, timedelta

from hub.domain.bank import Bank
from hub.domain.errors import NotFound
from hub.mail.case_lines import CaseLine, TimeLeft
from hub.mail.facts import Facts
from hub.mail.kinds import MailKind
from hub.mail.message import Letter, letter

KINDS = (MailKind.SEVERAL_DUE, MailKind.DAILY_DIGEST, MailKind.SEVERAL_BREACHED, MailKind.SEVERAL_REVIEWS)
_HOURS = 7


def sample(kind: str, bank: Bank, *, public_url: str, now: datetime) -> Letter:
    """The mail of that kind as the bank's people would get it; raises `NotFound` for one that is not shown."""
    if kind not in KINDS:
        raise NotFound
    late = kind == MailKind.SEVERAL_BREACHED
    hours = timedelta(hours=_HOURS)
    deadline = now - hours if late else now + hours
    left = TimeLeft(is_late=late, is_today=not late, days=0, hours=_HOURS)
    lines = tuple(
        CaseLine(
            reference=f"XS-{deadline:%Y%m%d}-00000{number}",
            link=f"{public_url}/portal/",
            deadline=deadline,
            left=left,
            owner="示例同事",
        )
        for number in (1, 2)
    )
    return letter(
        Facts(
            kind=MailKind(kind),
            reference=lines[0].reference,
            bank_zh=bank.name_zh,
            bank_en=bank.name_en,
            link=f"{public_url}/portal/",
            for_staff=True,
            deadline=deadline,
            cases=lines,
            due_today=0 if late else len(lines),
            late=len(lines) if late else 0,
            reader="示例同事",
            lead="示例主管",
            reviews=1,
            settings_link=f"{public_url}/portal/settings",
            square_brackets=bank.rules.mail_brackets == "[]",
        )
    )
