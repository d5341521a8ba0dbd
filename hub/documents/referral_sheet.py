"""转介说明书 on paper: one licensed lender, what it costs, what a default means, and what else is possible, for free.

Printed when its person asks for it, kept nowhere.
"""

from dataclasses import dataclass
from datetime import date, datetime

from hub.documents.typesetting import html_from
from hub.domain import labels
from hub.domain.referral_partner import LoanCost, ReferralPartner


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralSheet:
    """The sheet; the example is lent on `first_day`."""

    partner: ReferralPartner
    costs: tuple[LoanCost, ...]
    first_day: date
    made_at: datetime


def html_of(sheet: ReferralSheet) -> str:
    """The paper as HTML, ready to print; the same value gives the same text."""
    return html_from("referral-sheet.html", sheet=sheet, kinds=labels.LOAN_KINDS)
