"""The one thing that a person does next about a negotiation: what its button says, and where it leads."""

from dataclasses import dataclass

from hub.domain.amendment import AmendmentKind
from hub.domain.lifecycle import Status
from hub.services.reading.cardholder.negotiations import OwnNegotiation
from hub.web.catalogue import marked
from hub.web.pages.my.negotiation_page import address_of


@dataclass(frozen=True, slots=True, kw_only=True)
class NextStep:
    """A button: its words (to be translated) and its address."""

    words: str
    address: str


_LOOK = marked("查看这次协商")
_OF_STATUS = {
    Status.RETURNED: (marked("更正并重新提交"), "/correct"),
    Status.AWAITING_CARDHOLDER: (marked("答复银行"), "/message"),
    Status.REJECTED: (marked("看看还可以怎么办"), ""),
    Status.AGREED: (marked("查看协议和还款计划"), "/agreement"),
}
_OF_AMENDMENT = {
    AmendmentKind.EARLY_SETTLEMENT: (marked("查看提前结清的报价"), "/early-settlement"),
    AmendmentKind.PAY_DAY: (marked("查看还款日的提议"), "/pay-day"),
}


def next_step_of(negotiation: OwnNegotiation) -> NextStep:
    """The step that comes first; where nothing is to be done, a look at the negotiation."""
    words, below = _step(negotiation)
    return NextStep(words=words, address=address_of(negotiation.id, below))


def _step(negotiation: OwnNegotiation) -> tuple[str, str]:
    offers = negotiation.open_offers
    if len(offers) == 1:
        return marked("查看方案并答复"), f"/offers/{offers[0].id}"
    if offers:
        return marked("查看各个方案"), "#offers"
    if negotiation.asks_about_a_card:
        return marked("看看银行说的另一张卡"), "#cards"
    amendment = negotiation.amendment_to_answer
    if amendment is not None:
        return _OF_AMENDMENT[amendment]
    return _OF_STATUS.get(negotiation.status, (_LOOK, ""))
