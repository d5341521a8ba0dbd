"""分期报价书 and 分期办结通知书: a bank's quote for a deal that ends early, and what became of it, a page each.

Printed for the moment when they are asked for, and sealed; the digest in them is that of their contents.
"""

from dataclasses import dataclass
from datetime import datetime

from hub.documents.paper_seal import PaperSeal
from hub.documents.typesetting import content_digest, html_from
from hub.domain import labels
from hub.domain.instalment_quote import Quote
from hub.domain.instalment_request import InstalmentMatter

QUOTE_ZH = "分期报价书"
RESULT_ZH = "分期办结通知书"


@dataclass(frozen=True, slots=True, kw_only=True)
class InstalmentLetter:
    """What both letters hold: the request as it stands, and the quote that counts. `mobile` is masked."""

    reference: str
    bank_zh: str
    mobile: str
    matter: InstalmentMatter
    quote: Quote
    made_at: datetime


def quote_html(letter: InstalmentLetter, seal: PaperSeal | None = None) -> str:
    """The quote as HTML, ready to print; the same value gives the same text, which names the `seal`."""
    return _html("instalment-quote.html", QUOTE_ZH, letter, seal)


def result_html(letter: InstalmentLetter, seal: PaperSeal | None = None) -> str:
    """The result as HTML, ready to print. Assumes that the bank has posted what came."""
    return _html("instalment-result.html", RESULT_ZH, letter, seal)


def _html(template: str, name: str, letter: InstalmentLetter, seal: PaperSeal | None) -> str:
    return html_from(
        template,
        it=letter,
        name=name,
        digest=content_digest(letter),
        seal=seal,
        deals=labels.INSTALMENT_DEALS,
        fee_modes=labels.FEE_MODES,
        wishes=labels.CANCELLATIONS,
    )
