"""A request about instalments as the API and pages show it, to its person and to its bank alike."""

from hub.domain.instalment_estimate import estimate
from hub.domain.instalment_quote import Quote
from hub.domain.plain import Plain, instant, to_plain
from hub.services.instalments import estimates, matters
from hub.services.requests import files
from hub.services.transaction import HubTransaction
from storage import request_clocks
from storage.records import ServiceRequestRecord


def view(tx: HubTransaction, record: ServiceRequestRecord) -> Plain:
    """The request as it stands."""
    matter = matters.matter_of(tx, record)
    reckoning = tx.bank(record.bank_code).rules.reckoning
    return {
        "id": record.matter_id,
        "reference": record.reference,
        "status": record.status,
        "bank_code": record.bank_code,
        "card_last4": matter.card_last4,
        "deal_no": matter.deal_no or None,
        "deal": to_plain(matter.deal),
        **to_plain(matter.wish),
        "reason": matter.reason,
        "evidence": files.views_of(tx, record),
        "own_estimate": estimates.view(estimate(matter.deal, matter.wish, reckoning)),
        "quotes": [quote_view(each) for each in matter.quotes],
        "accepted_quote": matter.accepted_quote,
        "payment_noted": matter.payment_noted,
        "refusal": None if matter.refusal is None else to_plain(matter.refusal),
        "posting": None if matter.posting is None else to_plain(matter.posting),
        "opened_at": instant(record.opened_at),
        "due_at": instant(record.due_at) if request_clocks.is_running(record) else None,
    }


def quote_view(quote: Quote) -> Plain:
    """The quote beside the hub's own estimate for the same day."""
    contents = quote.contents
    return {
        "id": quote.id,
        "as_of": contents.as_of.isoformat(),
        "valid_until": contents.valid_until.isoformat(),
        "pay_by": contents.pay_by.isoformat(),
        "figures": estimates.figures_view(contents.figures),
        "basis": contents.basis,
        "own_estimate": estimates.view(quote.own_estimate),
        "difference_fen": quote.difference_fen,
    }
