"""授权撤回通知书 and 扣款情况说明: what a person revoked and who was told, and what was deducted, for a complaint.

Printed for the moment when they are asked for, and sealed; the digest in them is that of their contents.
"""

from dataclasses import dataclass
from datetime import date, datetime

from hub.documents.paper_seal import PaperSeal
from hub.documents.typesetting import content_digest, html_from
from hub.domain.mandate import MandateContents

NOTICE_ZH = "授权撤回通知书"
STATEMENT_ZH = "扣款情况说明"


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldReceiver:
    """One receiver of a revocation or report. `sha256` is that of the bytes that were delivered, the same for all.

    `delivered_at` is None where the hub does not reach it, or has not yet; `answer_zh` is empty without an answer.
    """

    name_zh: str
    is_here: bool
    delivered_at: datetime | None
    due_at: datetime | None
    sha256: str
    answer_zh: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RevocationNotice:
    """The notice: whose mandate it is, from when it is revoked, and the acknowledgement of each receiver."""

    reference: str
    holder: str
    mobile: str
    mandate: MandateContents
    payee_zh: str
    bank_zh: str
    frequency_zh: str
    revoked_on: date
    receivers: tuple[ToldReceiver, ...]
    made_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DeductionStatement:
    """The statement: what was deducted and when, by which mandate, and during which hold."""

    reference: str
    at: datetime
    amount_fen: int
    account_last4: str
    creditor_zh: str
    use: str
    cap_fen: int | None
    during_hold: bool
    text: str
    receiver: ToldReceiver | None
    reported_at: datetime
    made_at: datetime


def notice_html(notice: RevocationNotice, seal: PaperSeal | None = None) -> str:
    """The notice as HTML, ready to print; the same values give the same text, which names the `seal`."""
    digest = content_digest(notice)
    return html_from("revocation-notice.html", it=notice, name=NOTICE_ZH, digest=digest, seal=seal)


def statement_html(statement: DeductionStatement, seal: PaperSeal | None = None) -> str:
    """The statement as HTML, ready to print; the same values give the same text, which names the `seal`."""
    digest = content_digest(statement)
    return html_from("deduction-statement.html", it=statement, name=STATEMENT_ZH, digest=digest, seal=seal)
