"""What the OpenAPI document says of instalment deals: names of operations, and what properties mean."""

from collections.abc import Mapping

OPERATIONS: Mapping[tuple[str, str], str] = {
    ("post", "/instalment-estimates"): "estimate_instalments",
}
"""Short names that stay, by method and path below the API's prefix."""

PROPERTIES: Mapping[str, str] = {
    "annual_percent": "the yearly rate of a deal with `interest`, above 0; null otherwise",
    "continues": "the instalments that go on afterwards; empty where the deal ends",
    "day_count": "how many days a year the bank reckons by, 365 or 360",
    "days": "days since the last paid instalment",
    "fee_mode": "`per_term`, `upfront` or `interest`",
    "fees_due_fen": "fees that fell due and are not paid, in fen",
    "fees_refunded_fen": "what of an upfront fee goes back, in fen; taken off what is to be paid",
    "fees_refunded_pro_rata_fen": "the same by unused terms, for comparison; null without an upfront fee",
    "figures": "what is to be paid, by its parts",
    "first_posted_on": "the day of the first instalment",
    "interest_to_date_fen": "interest since the last paid instalment, at the deal's own yearly cost, in fen",
    "merchant_refund_fen": "what the merchant gives back, in fen; of a `refund` alone",
    "not_charged_fen": "interest and fees of later instalments that no longer fall due, in fen",
    "other_fen": "anything else that the contract asks for, in fen",
    "paid_terms": "how many instalments are paid",
    "pay_fen": "what is to be paid in all, in fen, never below 0",
    "remaining_principal_fen": "principal to be paid now, in fen; 0 where the merchant gives it back",
    "terms_left": "how many instalments shall be left, fewer than now; of `shorten` alone",
    "to_card_fen": "what goes back to the card account, in fen",
    "used_fen": "what the interest of `days` is reckoned on, in fen",
    "wanted_on": "for which day it is asked, from today to the next instalment; today where it is left out",
}
"""What each property means, with its unit."""

_KIND = "`refund`, `cancel_before_first`, `settle_early` or `shorten`"
OF_SCHEMAS: Mapping[str, str] = {
    "InstalmentDeal.kind": "`merchant`, `bill` or `cash`",
    "InstalmentDeal.principal_fen": "what was split into instalments, in fen",
    "InstalmentDeal.terms": "how many instalments were agreed",
    "InstalmentDeal.fee_fen": "the fee of each instalment, or an upfront fee as a whole, in fen; 0 with interest",
    "InstalmentEstimate.kind": _KIND,
    "InstalmentEstimate.deal": "the deal as it was concluded",
    "InstalmentEstimate.bank_code": "whose settings to reckon by; see `GET /banks`",
    "InstalmentEstimateAnswer.as_of": "the day that it was reckoned for",
    "InstalmentEstimateAnswer.annual_cost": "what the deal costs a year if it runs to its end",
}
"""What a property means in one schema alone, by both names."""
