"""The OpenAPI document's title, what it says of the whole API, and what each call is named."""

from collections.abc import Mapping

from hub.web.api import amendment_words, bill_feed_words, bill_words, calculation_words, instalment_words

TITLE = "Negotiated Repayment Hub"
ABOUT = """\
协商还款. For host apps (`applications:*`) and banks (`negotiations:review`).

Get a token at `/oauth/token` (client credentials, HTTP Basic) and send it as `Authorization: Bearer …`. Money is a
whole number of fen (1/100 yuan) in fields that end in `_fen`; days are `YYYY-MM-DD` in China; times are RFC 3339 with
an offset; rates and percents are texts like `"3.60"`. Unknown fields are refused by name. Errors are RFC 9457 problems;
sentences are Chinese, or English with `Accept-Language: en`. Every `POST` takes an `Idempotency-Key`: the same key with
the same call gives the first answer again. Lists have `limit` and `cursor`.
"""

OPERATIONS: Mapping[tuple[str, str], str] = {
    ("post", "/oauth/token"): "issue_token",
    ("post", "/evidence"): "upload_evidence",
    ("get", "/evidence/{evidence_id}"): "get_evidence",
    ("delete", "/evidence/{evidence_id}"): "delete_evidence",
    ("get", "/evidence/{evidence_id}/content"): "download_evidence",
    ("post", "/applications"): "submit_application",
    ("get", "/applications/{application_id}"): "get_application",
    ("get", "/negotiations"): "list_negotiations",
    ("get", "/negotiations/{negotiation_id}"): "get_negotiation",
    ("put", "/negotiations/{negotiation_id}/correction"): "correct_negotiation",
    ("get", "/negotiations/{negotiation_id}/communications"): "list_communications",
    ("get", "/negotiations/{negotiation_id}/accesses"): "list_accesses",
    ("get", "/negotiations/{negotiation_id}/consents"): "list_consents",
    ("get", "/people/{subject}/export"): "export_person",
    ("post", "/negotiations/{negotiation_id}/consents/withdraw"): "withdraw_consent",
    ("post", "/negotiations/{negotiation_id}/messages"): "send_message",
    ("post", "/negotiations/{negotiation_id}/complaints"): "note_complaint",
    ("post", "/negotiations/{negotiation_id}/withdraw"): "withdraw_negotiation",
    ("post", "/people/{subject}/erasure"): "erase_person",
    ("post", "/negotiations/{negotiation_id}/call-records"): "record_call",
    ("post", "/negotiations/{negotiation_id}/offers"): "make_counter_offer",
    ("post", "/negotiations/{negotiation_id}/offers/{offer_id}/confirmation-codes"): "send_confirmation_code",
    ("post", "/negotiations/{negotiation_id}/offers/{offer_id}/accept"): "accept_offer",
    ("post", "/negotiations/{negotiation_id}/offers/{offer_id}/decline"): "decline_offer",
    ("get", "/negotiations/{negotiation_id}/application-form.pdf"): "download_application_form",
    ("get", "/negotiations/{negotiation_id}/agreement.pdf"): "download_agreement",
    ("get", "/negotiations/{negotiation_id}/agreement.ics"): "download_payment_days",
    ("get", "/negotiations/{negotiation_id}/record.zip"): "download_record",
    ("post", "/negotiations/{negotiation_id}/collection-reports"): "report_collection",
    ("post", "/negotiations/{negotiation_id}/accounts/{account_id}/include"): "include_account",
    ("post", "/negotiations/{negotiation_id}/accounts/{account_id}/leave-out"): "leave_out_account",
    ("post", "/negotiations/{negotiation_id}/agreement/clearance"): "ask_for_clearance",
    ("get", "/negotiations/{negotiation_id}/agreement/clearance"): "get_clearance",
    ("get", "/negotiations/{negotiation_id}/agreement/clearance.pdf"): "download_clearance",
    ("get", "/negotiations/{negotiation_id}/agreement/default-notice.pdf"): "download_default_notice",
    ("post", "/negotiations/{negotiation_id}/credit-notes"): "ask_about_credit",
    ("post", "/quotes"): "calculate_quote",
    ("post", "/affordability"): "calculate_affordability",
    ("get", "/banks"): "list_banks",
    ("get", "/creditors"): "list_creditors",
    ("get", "/consent-texts"): "list_consent_texts",
    ("get", "/working-days"): "count_working_days",
    ("post", "/launches"): "create_launch",
    ("get", "/log-heads"): "list_log_heads",
    ("get", "/bank/negotiations"): "list_bank_negotiations",
    ("get", "/bank/negotiations/{negotiation_id}"): "get_bank_negotiation",
    ("get", "/bank/negotiations/{negotiation_id}/evidence/{evidence_id}"): "download_bank_evidence",
    ("post", "/bank/negotiations/{negotiation_id}/agreement/clearance"): "issue_clearance",
    ("get", "/bank/negotiations/{negotiation_id}/agreement/clearance"): "get_bank_clearance",
    ("get", "/bank/negotiations/{negotiation_id}/agreement/clearance.pdf"): "download_bank_clearance",
    ("get", "/bank/negotiations/{negotiation_id}/agreement/default-notice.pdf"): "download_bank_default_notice",
    ("get", "/bank/negotiations/{negotiation_id}/application-form.pdf"): "download_bank_application_form",
    ("get", "/bank/negotiations/{negotiation_id}/agreement.pdf"): "download_bank_agreement",
    ("post", "/bank/negotiations/{negotiation_id}/acknowledge"): "acknowledge_negotiation",
    ("post", "/bank/negotiations/{negotiation_id}/request-evidence"): "request_evidence",
    ("post", "/bank/negotiations/{negotiation_id}/reject"): "reject_negotiation",
    ("post", "/bank/negotiations/{negotiation_id}/messages"): "send_bank_message",
    ("post", "/bank/negotiations/{negotiation_id}/calls"): "record_bank_call",
    ("post", "/bank/negotiations/{negotiation_id}/offers"): "make_offer",
    ("post", "/bank/negotiations/{negotiation_id}/defer-decision"): "defer_decision",
    ("post", "/bank/negotiations/{negotiation_id}/accounts"): "propose_account",
    ("post", "/bank/negotiations/{negotiation_id}/identity"): "confirm_identity",
    ("get", "/bank/negotiations/{negotiation_id}/desk"): "get_bank_desk",
    ("post", "/bank/negotiations/{negotiation_id}/owner"): "assign_negotiation",
    ("post", "/bank/negotiations/{negotiation_id}/doubts/{doubt_id}/answer"): "answer_doubt",
    ("post", "/bank/negotiations/{negotiation_id}/evidence/{evidence_id}/check"): "check_evidence",
    ("post", "/bank/negotiations/{negotiation_id}/evidenced-figures"): "record_evidenced_figure",
    ("post", "/bank/negotiations/{negotiation_id}/evidenced-figures/take-back"): "take_back_evidenced_figure",
    ("post", "/bank/negotiations/{negotiation_id}/legal-stage"): "state_legal_stage",
    ("post", "/bank/negotiations/{negotiation_id}/credit-notes/{note_id}/answer"): "answer_credit_note",
    ("post", "/bank/negotiations/{negotiation_id}/transfer"): "transfer_claim",
    ("post", "/bank/negotiations/{negotiation_id}/collection-reports/{report_id}/answer"): "answer_collection_report",
    ("post", "/bank/negotiations/{negotiation_id}/agreement/payments"): "record_payment",
    ("post", "/bank/negotiations/{negotiation_id}/agreement/missed"): "record_missed_payment",
    ("post", "/bank/negotiations/{negotiation_id}/agreement/missed/withdraw"): "withdraw_missed_payment",
    ("post", "/bank/negotiations/{negotiation_id}/agreement/end"): "end_agreement",
    ("post", "/bank/negotiations/{negotiation_id}/agreement/hold-applied"): "confirm_collection_hold",
    **amendment_words.OPERATIONS,
    **calculation_words.OPERATIONS,
    **bill_words.OPERATIONS,
    **instalment_words.OPERATIONS,
    **bill_feed_words.OPERATIONS,
}
"""Short names that stay, by method and path below the API's prefix."""
