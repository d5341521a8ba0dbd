"""A person's request to cancel, settle or shorten an instalment deal: what it holds, and the one table of its steps."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from hub.domain.errors import Fault
from hub.domain.instalment_deal import InstalmentDeal
from hub.domain.instalment_estimate import Wish
from hub.domain.instalment_quote import Quote
from hub.domain.people import says_nothing
from hub.domain.service_request import RequestKind, RequestRules

POSTED_WITHIN: Final = 2
"""Working days in which a bank posts what the person says they have paid."""
REFUNDED_WITHIN: Final = 7
"""Working days in which a fee that goes back is on the card account."""


class InstalmentStatus(StrEnum):
    """Where a request stands."""

    SUBMITTED = "submitted"
    WITH_BANK = "with_bank"
    QUOTED = "quoted"
    AWAITING_PAYMENT = "awaiting_payment"
    DONE = "done"
    LAPSED = "lapsed"  # nobody took the quote in time
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"  # the person took it back, or did not take the quote
    VOID = "void"  # it was not paid in time: the deal goes on as it was


class InstalmentEvent(StrEnum):
    """What can happen to a request."""

    ARRIVED = "arrived"
    QUOTED = "quoted"
    REFUSED = "refused"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    PAYMENT_NOTED = "payment_noted"
    POSTED = "posted"
    VALID_UNTIL_PASSED = "valid_until_passed"
    PAY_BY_PASSED = "pay_by_passed"


_S, _E = InstalmentStatus, InstalmentEvent
RULES: Final = RequestRules(
    kind=RequestKind.INSTALMENTS,
    first=_S.SUBMITTED,
    steps={
        _S.SUBMITTED: {_E.ARRIVED: _S.WITH_BANK, _E.WITHDRAWN: _S.WITHDRAWN},
        _S.WITH_BANK: {_E.QUOTED: _S.QUOTED, _E.REFUSED: _S.REFUSED, _E.WITHDRAWN: _S.WITHDRAWN},
        _S.QUOTED: {
            # A second quote takes the place of the first.
            _E.QUOTED: _S.QUOTED,
            _E.ACCEPTED: _S.AWAITING_PAYMENT,
            _E.DECLINED: _S.WITHDRAWN,
            _E.WITHDRAWN: _S.WITHDRAWN,
            _E.VALID_UNTIL_PASSED: _S.LAPSED,
        },
        _S.AWAITING_PAYMENT: {
            _E.PAYMENT_NOTED: _S.AWAITING_PAYMENT,
            _E.POSTED: _S.DONE,
            _E.PAY_BY_PASSED: _S.VOID,
        },
        _S.DONE: {},
        _S.LAPSED: {},
        _S.REFUSED: {},
        _S.WITHDRAWN: {},
        _S.VOID: {},
    },
    # Of what awaits payment the clock runs only once the person says that they have paid.
    banks_turn=frozenset({_S.WITH_BANK, _S.AWAITING_PAYMENT}),
    over=frozenset({_S.DONE, _S.LAPSED, _S.REFUSED, _S.WITHDRAWN, _S.VOID}),
    arrived=_E.ARRIVED,
)


class RefusalReason(StrEnum):
    """Why a bank refuses."""

    ALREADY_SETTLED = "already_settled"
    OVERDUE = "overdue"
    MERCHANT_NOT_REFUNDED = "merchant_not_refunded"
    NOT_THIS_BANK = "not_this_bank"
    CONTRACT_TERM = "contract_term"
    OTHER = "other"

    @property
    def needs_words(self) -> bool:
        """Whether the bank says more: of a contract the clause, of another reason what it is."""
        return self in (RefusalReason.CONTRACT_TERM, RefusalReason.OTHER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A bank's no, with its words."""

    reason_code: RefusalReason
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """What a bank says once all is posted: when the money came, and the day by which a fee is back on the card.

    `deal_no` is the bank's own number of the deal, empty where it says none.
    """

    paid_on: date
    refund_by: date | None = None
    deal_no: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class InstalmentMatter:
    """All that a request says: the deal as the person knows it, what they ask, and what the bank answered.

    `deal_no` is the bank's number of the deal, empty where the person does not know it.
    """

    bank_code: str
    card_last4: str
    deal: InstalmentDeal
    wish: Wish
    deal_no: str = ""
    reason: str = ""
    quotes: tuple[Quote, ...] = ()
    accepted_quote: str | None = None
    payment_noted: bool = False
    refusal: Refusal | None = None
    posting: Posting | None = None

    @property
    def quote(self) -> Quote | None:
        """The quote that counts: the last one."""
        return self.quotes[-1] if self.quotes else None


def refusal_faults(refusal: Refusal) -> list[Fault]:
    """The fault `text_required` where the reason needs the bank's words."""
    if refusal.reason_code.needs_words and says_nothing(refusal.text):
        return [Fault("/text", "text_required")]
    return []
