"""What the OpenAPI document says of referrals: names of operations, and what properties mean."""

from collections.abc import Mapping

OPERATIONS: Mapping[tuple[str, str], str] = {
    ("get", "/referral-partners"): "list_referral_partners",
    ("post", "/referrals"): "refer_person",
    ("get", "/referrals"): "list_referrals",
    ("get", "/referrals/{referral_id}"): "get_referral",
    ("post", "/referrals/{referral_id}/revoke"): "revoke_referral",
}
"""Short names that stay, by method and path below the API's prefix."""

PROPERTIES: Mapping[str, str] = {
    "answer_due_at": "by when the partner answers: five working days after it had it, RFC 3339, or null",
    "arrived_at": "when the partner had what was handed over, RFC 3339, or null",
    "by_dates_percent": "the yearly cost by the days themselves, compounded, by 365; null where it cannot be told",
    "consent_text": "the words that your person agrees to, `{partner}` for the partner's name",
    "costs": "what the example costs a year, for each way to pay it back, lent today",
    "effective_percent": "a month's cost compounded over a year, by equal months",
    "example_cost_fen": "all interest and fees of the example, in fen",
    "example_months": "how long the example is lent",
    "example_principal_fen": "what is lent in the example, in fen",
    "handed_over": "all that the partner is given, or null; gone again once it is revoked or has lapsed",
    "lapses_at": "when it is over by itself, RFC 3339, or null once it is over",
    "licence_no": "the number of the lender's licence",
    "max_annual_percent": "the most that any loan of it costs a year, nominal, all fees in it",
    "nominal_percent": "twelve times a month's cost, by equal months",
    "partner": "the partner's code",
    "payments_fen": "what is paid back after each month, in fen",
    "revoked_at": "when it was taken back, RFC 3339, or null",
    "shown_at": "when the person was shown the partner, RFC 3339",
}
"""What each property means, with its unit."""

OF_SCHEMAS: Mapping[str, str] = {
    "ConsentGiven.email": "where your person is told of the answer; the partner is not given it",
    "ConsentGiven.given_at": "when your person agreed, RFC 3339",
    "ConsentGiven.mobile": "where the partner may call; handed over",
    "ConsentGiven.name": "what your person is called; handed over",
    "ConsentGiven.version": "the version of the text that they were shown, the one in force",
    "HandedOverAnswer.mobile": "where the partner may call",
    "HandedOverAnswer.name": "what the person is called",
    "LoanCostAnswer.days": "the days of the payments",
    "LoanCostAnswer.kind": "`at_the_end`: all at once; `instalments`: level sums",
    "Referral.consent": "left out or null: your person was shown the partner, which hears nothing",
    "ReferralAnswer.consent": "the consent, or null while the partner was only shown",
    "ReferralAnswer.ended_at": "when it was answered, revoked or lapsed, RFC 3339, or null",
    "ReferralAnswer.status": "`shown`, `handed_over`, `contracted`, `declined`, `lapsed` or `revoked`",
    "ReferralConsentAnswer.given_at": "when it was given, RFC 3339",
    "ReferralConsentAnswer.version": "the version of the text",
    "ReferralList.items": "the whole list, the newest first",
    "ReferralPartnerAnswer.code": "the partner's code",
    "ReferralPartnerAnswer.total_fen": "all that is paid back in the example, in fen",
    "ReferralPartnerAnswer.url": "the lender's own page",
    "ReferralPartnerList.items": "the whole list, by name and by nothing else",
    "ReferralTextAnswer.version": "the version in force",
}
"""What a property means in one schema alone, by both names."""
