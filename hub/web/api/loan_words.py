"""What the OpenAPI document says of loans."""

from collections.abc import Mapping

PROPERTIES: Mapping[str, str] = {
    "co_lenders": "all who lend together, `creditor_code` among them, each with its share; left out where one lends "
    "alone",
    "contract_last4": "the last 4 letters or digits of the loan's contract; the full number is not asked for",
    "creditor_code": "the code of the lender whom the contract names, never of an app; see `GET /banks`",
    "is_share": "whether the amounts are this creditor's share of a loan that several lend together",
    "loans": "loans with what is owed on each, at most 16, each once",
    "platform_name": "the app or shop through which the loan came, in the person's words; may be empty",
    "product": "what the loan is called in its contract",
    "share_percent": 'the part of the loan that it lends, in percent, "40.00"; all together are 100',
}
"""What each property means, with its unit."""

OF_SCHEMAS: Mapping[str, str] = {
    "Application.loans": "at most 16 loans of banks, consumer-finance and small-loan companies, each once",
    "Correction.loans": "this creditor's own share alone, so without `co_lenders`",
    "Loan.annual_rate_percent": 'the nominal rate a year by the contract, "14.60"; null where it is not known',
}
"""What a property means in one schema alone."""
