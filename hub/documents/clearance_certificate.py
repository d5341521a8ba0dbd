"""The certificate of settlement as the hub prints it for a bank: whose debt, what was paid and what waived.

It bears no stamp of the bank, and says so.
"""

from dataclasses import dataclass
from datetime import datetime

from hub.documents.paper_parties import PaperParties
from hub.documents.paper_seal import PaperSeal
from hub.documents.typesetting import content_digest, html_from, require_amounts, require_instants
from hub.domain.errors import InvalidValue
from hub.domain.log_chain import Head

NAME_ZH = "结清证明"


@dataclass(frozen=True, slots=True, kw_only=True)
class Supplement:
    """An amendment that both sides signed, by which the debt was paid."""

    title: str
    number: str
    signed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ClearanceCertificate(PaperParties):
    """Everything that stands in the certificate. `cards` are masked; of an agreement over loans they name contracts.

    `supplements` explain why what was paid may be another sum than the agreement's. `waived_rest_fen` was waived at the
    end, `waived_fen` by the agreement itself; `left_out_fen` of the debt never was in the agreement. `text` and
    `remark` are the bank's own words. Raises InvalidValue.
    """

    number: str
    cards: tuple[str, ...]
    agreement_title: str
    signed_at: datetime
    supplements: tuple[Supplement, ...]
    settled_at: datetime
    issued_at: datetime
    version: int
    paid_fen: int
    waived_rest_fen: int
    waived_fen: int
    left_out_fen: int
    text: str
    remark: str
    hotline: str
    log_head: Head

    def __post_init__(self) -> None:
        require_instants(
            self.signed_at, self.settled_at, self.issued_at, *(each.signed_at for each in self.supplements)
        )
        require_amounts(self.paid_fen, self.waived_rest_fen, self.waived_fen, self.left_out_fen)
        if not self.cards or not self.text.strip() or self.version < 1:
            raise InvalidValue("document_incomplete")


def html_of(certificate: ClearanceCertificate, seal: PaperSeal | None = None) -> str:
    """The certificate as HTML, ready to print; the same values give the same text, which names the `seal`."""
    digest = content_digest(certificate)
    return html_from("clearance.html", certificate=certificate, name=NAME_ZH, digest=digest, seal=seal)
