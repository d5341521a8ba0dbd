"""The notice that an agreement is ended for default: reason, missed payments, sums, from when it counts, objections.

《商业银行信用卡业务监督管理办法》 (银监会令 2011 年第 2 号) article 69 names what a letter about a debt must show; the
agreement's own clause asks for the notice and its reason.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

from cattrs import override

from hub.documents.paper_parties import PaperParties
from hub.documents.paper_seal import PaperSeal
from hub.documents.typesetting import content_digest, html_from, require_amounts, require_instants
from hub.domain.errors import InvalidValue
from hub.domain.log_chain import Head

NAME_ZH = "还款协议终止通知书"


@dataclass(frozen=True, slots=True, kw_only=True)
class MissedRow:
    """A payment that did not come in full; of a bill that a lowered minimum covers nobody knows the sum."""

    number: int
    due_on: date
    total_fen: int | None
    paid_fen: int

    @property
    def lacks_fen(self) -> int | None:
        """What of it did not come; None where nobody knows the sum."""
        return None if self.total_fen is None else self.total_fen - self.paid_fen


@dataclass(frozen=True, slots=True, kw_only=True)
class DefaultNotice(PaperParties):
    """Everything that stands in the notice. `id_number` is masked; the sums are None where rows have none.

    `left_out_fen` is what of the debt never was in the agreement. Raises InvalidValue for a notice without its reason,
    or one that names no missed payment.
    """

    number: str
    agreement_title: str
    signed_at: datetime
    ended_at: datetime
    effective_at: datetime
    reason: str
    missed: tuple[MissedRow, ...]
    asked_fen: int | None
    paid_fen: int
    open_fen: int | None
    left_out_fen: int
    default_clause_zh: str
    hotline: str
    complaint_channel: str
    # Whom one turns to against the lender: 地方金融管理局 in the place of 12378.
    is_supervised_locally: Annotated[bool, override(omit_if_default=True)] = False
    log_head: Head

    def __post_init__(self) -> None:
        require_instants(self.signed_at, self.ended_at, self.effective_at)
        require_amounts(self.asked_fen or 0, self.paid_fen, self.open_fen or 0, self.left_out_fen)
        if not self.reason.strip() or not self.missed:
            raise InvalidValue("document_incomplete")

    @property
    def is_announced(self) -> bool:
        """Whether days lie between the notice and its effect."""
        return self.effective_at > self.ended_at


def html_of(notice: DefaultNotice, seal: PaperSeal | None = None) -> str:
    """The notice as HTML, ready to print; the same values give the same text, which names the `seal`."""
    return html_from("default-notice.html", notice=notice, name=NAME_ZH, digest=content_digest(notice), seal=seal)
