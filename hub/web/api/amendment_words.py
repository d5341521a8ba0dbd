"""What the OpenAPI document says of amendments: names of operations, and what properties mean."""

from collections.abc import Mapping

_BELOW = "/negotiations/{negotiation_id}/agreement"
_KINDS = (("early-settlement", "early_settlement"), ("pay-day", "pay_day"))
_STEPS = (
    ("confirmation-codes", "send_{}_code"),
    ("accept", "accept_{}"),
    ("decline", "decline_{}"),
    ("withdraw", "withdraw_{}"),
)

OPERATIONS: Mapping[tuple[str, str], str] = {
    **{("post", f"{_BELOW}/{path}"): f"ask_{name}" for path, name in _KINDS},
    **{
        ("post", f"{_BELOW}/{path}/{{amendment_id}}/{step}"): operation.format(name)
        for path, name in _KINDS
        for step, operation in _STEPS
    },
    ("get", f"{_BELOW}/amendments/{{amendment_id}}/paper.pdf"): "download_amendment",
    ("get", f"/bank{_BELOW}/amendments/{{amendment_id}}/paper.pdf"): "download_bank_amendment",
    ("post", f"/bank{_BELOW}/early-settlement/{{amendment_id}}/quote"): "quote_early_settlement",
    ("post", f"/bank{_BELOW}/early-settlement/{{amendment_id}}/refuse"): "refuse_early_settlement",
    ("post", f"/bank{_BELOW}/pay-day"): "propose_pay_day",
    ("post", f"/bank{_BELOW}/pay-day/{{amendment_id}}/agree"): "agree_pay_day",
    ("post", f"/bank{_BELOW}/pay-day/{{amendment_id}}/refuse"): "refuse_pay_day",
}
"""Short names that stay, by method and path below the API's prefix."""

PROPERTIES: Mapping[str, str] = {
    "amendments": "what both sides signed after the agreement, the oldest first",
    "asked_at": "when it was asked for, RFC 3339",
    "closed_at": "when it was over, null before",
    "contents_text": "the words that both sides sign, in Chinese",
    "day": "the day of the month, 1 to 31; the last one where a month has no such day",
    "due_on_before": "the day it was due before",
    "early_settlement": "the newest request to settle early, null where there was none",
    "estimate": "the hub's own reckoning by the ledger, null once it is signed or over",
    "fails_on": "the first day on which the settlement fails where it is not paid in full",
    "going_on_fen": "what the open payments ask where nothing is changed, in fen",
    "pay_day": "the newest request for another pay day, null where there was none",
    "quote": "what the bank asks, null before it quoted",
    "rows": "the payments that move",
    "saved_fen": "what is not asked for any more, in fen",
    "settle_on": "the day on which all is to be paid, tomorrow to 30 days from now",
}
"""What a property means, by its name."""

OF_SCHEMAS: Mapping[str, str] = {
    "AmendmentAnswer.number": "the amendment's number",
    "EarlySettlementAnswer.number": "the amendment's number, null until it is signed",
    "PayDayAnswer.number": "the amendment's number, null until it is signed",
    "AmendmentAnswer.status": "`awaiting_payment`, `done` or `void` of an early settlement, `in_force` of a pay day",
    "EarlySettlementAnswer.status": "`with_bank`, `quoted`, `awaiting_payment`, `done`, `void`, `lapsed`, `refused`, "
    "`declined` or `withdrawn`",
    "PayDayAnswer.status": "`with_bank`, `proposed`, `in_force`, `lapsed`, `refused`, `declined` or `withdrawn`",
    "EarlySettlementAnswer.answer": "the bank's words, null before it answered",
    "PayDayAnswer.answer": "the bank's words, null before it answered",
    "PayDayAnswer.by": "which side asked for it",
    "SettlementQuote.valid_until": "until when it can be accepted, not after the day of the settlement, RFC 3339",
    "SettlementQuoteAnswer.valid_until": "until when it can be accepted, RFC 3339",
    "PayDayAnswer.valid_until": "until when the bank's proposal can be accepted, null while it is the bank's turn",
    "SettlementQuoteAnswer.text": "the words that both sides sign, in Chinese",
    "SettlementQuote.fee_fen": "a fee that the agreement has, in fen",
    "SettlementQuoteAnswer.fee_fen": "a fee that the agreement has, in fen",
    "SettlementFiguresAnswer.fee_fen": "fees of payments that fell due, in fen",
}
"""Those that mean something else in one place."""
