"""What the OpenAPI document says of calculations: names of the call, and what each property means."""

from collections.abc import Mapping

OPERATIONS: Mapping[tuple[str, str], str] = {("post", "/calculations"): "calculate_ways"}

PROPERTIES: Mapping[str, str] = {
    "assumptions": "what the figures rest on; show it beside them, since no bank is bound by it",
    "card": "how the bank reckons with what is owed on the card",
    "cost_fen": "interest and fees in all, in fen; null where it is not paid off",
    "daily_rate_percent": 'interest a day in percent, at most four decimals, "0.05" unless said otherwise',
    "deal": "an ordinary instalment deal of the bank",
    "debt_fen": "what is owed on the card now, in fen",
    "end": "`paid_off`, `never` (a month leaves as much owed as before), `too_long` (not within thirty years)",
    "first_payment_fen": "what the first month takes, in fen",
    "floor_fen": "the least that a month's minimum can be, in fen; 100.00 yuan unless said otherwise",
    "late_fee_percent": '违约金 on what lacks to a month\'s minimum, in percent, "5.00" unless said otherwise',
    "monthly_fen": "a sum paid every month, in fen",
    "plan": "a plan of Article 70 as the bank might agree to it",
    "term_fee_percent": 'the fee of each term in percent of the debt, of the interest-free method alone, "0.60"',
    "way": "`minimum`, `fixed_sum`, `equal_instalment`, `equal_principal`, `interest_free` or `plan`",
    "ways": "the ways to repay, in one order; `fixed_sum` only where `monthly_fen` was sent",
}
"""What a property means, by its name."""

OF_SCHEMAS: Mapping[str, str] = {
    "Calculation.bank_code": "whose published terms to take where `card` says nothing; see `GET /banks`",
    "CardTerms.minimum_percent": 'the month\'s minimum in percent of what is owed, beside its interest, "10.00"',
    "AssumedDeal.annual_rate_percent": "the nominal rate a year of the two methods with interest, above 0",
    "WayAnswer.months": "after how many months nothing is owed; null where it is not paid off",
    "WayAnswer.interest_fen": "all interest, in fen; null where it is not paid off",
    "WayAnswer.fees_fen": "all fees and 违约金, in fen; null where it is not paid off",
    "WayAnswer.total_fen": "all that is paid, in fen; null where it is not paid off",
    "WayAnswer.annual_cost": "what it costs a year, null where it is not paid off",
    "WayAnswer.terms": "the terms of instalments and the plan, fit for `POST /quotes`; null of the other ways",
    "WayAnswer.schedule": "every month that was worked out",
    "CalculatedMonthAnswer.number": "which month it is",
    "CalculatedMonthAnswer.fee_fen": "fees and 违约金 of the month, in fen",
    "CalculatedMonthAnswer.principal_fen": "by how much less is owed behind the payment; 0 or below in the last "
    "month of a debt that is never paid off",
    "CalculatedMonthAnswer.remaining_fen": "what is owed behind the payment, in fen",
}
"""Those that mean something else in one place."""
