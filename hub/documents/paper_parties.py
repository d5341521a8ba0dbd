"""Between whom a paper is, and of which negotiation: what every paper of one begins with."""

from dataclasses import dataclass
from typing import Annotated

from cattrs import override


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperParties:
    """The bank, the cardholder and their document, as the paper writes them, masked where they have to be.

    A paper over loans calls them lender and borrower.
    """

    reference: str
    bank_name_zh: str
    bank_name_en: str
    cardholder_name: str
    id_type_label: str
    id_number: str
    # Left out where it is over cards: papers of before loans keep their digests.
    is_over_loans: Annotated[bool, override(omit_if_default=True)] = False

    @property
    def lender_zh(self) -> str:
        """What the paper calls whoever is owed."""
        return "贷款人" if self.is_over_loans else "发卡银行"

    @property
    def debtor_zh(self) -> str:
        """What the paper calls whoever owes."""
        return "借款人" if self.is_over_loans else "持卡人"
