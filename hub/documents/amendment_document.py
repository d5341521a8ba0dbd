"""The amendment of an agreement as it is printed and signed: what changes, who signed it and how, its HTML."""

from dataclasses import dataclass
from datetime import date, datetime

from hub.documents.agreement_document import Signatures
from hub.documents.paper_parties import PaperParties
from hub.documents.paper_seal import PaperSeal
from hub.documents.typesetting import content_digest, html_from, require_amounts, require_instants
from hub.domain.amendment import AmendedRow, AmendmentContents, AmendmentKind
from hub.domain.errors import InvalidValue
from hub.domain.log_chain import Head

TITLES = {
    AmendmentKind.EARLY_SETTLEMENT: "提前结清补充协议",
    AmendmentKind.PAY_DAY: "还款日调整补充协议",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AmendmentDocument(PaperParties):
    """Everything that stands in a signed amendment. The digest that both accepted is the amendment's own."""

    number: str
    agreement_signed_at: datetime
    signed_at: datetime
    contents: AmendmentContents
    signatures: Signatures
    log_head: Head

    def __post_init__(self) -> None:
        require_instants(self.signed_at, self.agreement_signed_at)
        contents = self.contents
        require_amounts(*(row.total_fen for row in (*contents.before, *contents.after)))
        if contents.kind is AmendmentKind.PAY_DAY and contents.going_on_fen != contents.pay_fen:
            raise InvalidValue("document_schedule_sum")
        parts_fen = contents.principal_fen + contents.interest_fen + contents.fee_fen
        if contents.kind is AmendmentKind.EARLY_SETTLEMENT and parts_fen != contents.pay_fen:
            raise InvalidValue("document_schedule_sum")

    @property
    def title(self) -> str:
        """The amendment's name, by its kind."""
        return TITLES[self.contents.kind]

    @property
    def is_settlement(self) -> bool:
        """Whether the open rows become one."""
        return self.contents.kind is AmendmentKind.EARLY_SETTLEMENT

    @property
    def saved_fen(self) -> int:
        """What is not asked for any more."""
        return self.contents.going_on_fen - self.contents.pay_fen

    @property
    def moved(self) -> list[tuple[AmendedRow, date]]:
        """Each row as it becomes, with the day that it had."""
        return [(after, before.due_on) for before, after in zip(self.contents.before, self.contents.after, strict=True)]


def html_of(amendment: AmendmentDocument, seal: PaperSeal | None = None) -> str:
    """The amendment as HTML, ready to print; the same values give the same text, which names the `seal`."""
    return html_from("amendment.html", amendment=amendment, digest=content_digest(amendment), seal=seal)
