"""What the OpenAPI document says of bills that banks tell: names of operations, and what properties mean."""

from collections.abc import Mapping

OPERATIONS: Mapping[tuple[str, str], str] = {
    ("get", "/bill-consents"): "list_bill_consents",
    ("put", "/bill-consents/{bank_code}"): "give_bill_consent",
    ("delete", "/bill-consents/{bank_code}"): "withdraw_bill_consent",
    ("post", "/bank/bills"): "tell_bills",
    ("get", "/bank/bill-consents"): "list_bank_bill_consents",
}
"""Short names that stay, by method and path below the API's prefix."""

PROPERTIES: Mapping[str, str] = {
    "last_sent_at": "when the last one went out, RFC 3339, or null",
    "not_sent": "how many could not be sent",
    "reminders": "of this person about your own bills",
    "row": "which of the rows, from 0",
    "sent": "how many went out",
    "taken": "how many rows stand as they were told",
    "token": "what names the person between you and the hub; random, good for you alone until the consent ends",
    "words": "the words in force",
}
"""What each property means, with its unit."""

OF_SCHEMAS: Mapping[str, str] = {
    "FedBill.is_overdue": "true where you count the bill as overdue; its day alone makes none so",
    "FedBill.as_of": "when you worked the figures out, RFC 3339; what is older than what is kept is left aside",
    "FedBill.statement_on": "the day of the statement, which with the card tells bills apart",
    "FedBillAnswer.result": (
        "`taken`, `changed`, `unchanged`, `older` than what is kept, `superseded` by a later statement, "
        "`bill_not_yours`, `card_not_consented` where the person named no such card, or `bills_too_many` of the person"
    ),
    "BillFeed.items": "the bills",
    "BillFeedAnswer.items": "one a row, in their order",
    "BillConsent.mobile": "the mobile that the bank knows the person by",
    "BillConsent.version": "of the words that were shown",
    "BillConsentAnswer.withdrawn_at": "when it was taken back, RFC 3339, or null",
    "BillConsentAnswer.card_last4": "what the bank finds the person by; null once taken back",
    "BillConsentAnswer.cards": "the last four digits of every card whose bills the bank may tell; none once taken back",
    "BankBillConsent.cards": "the last four digits of every card whose bills you may tell",
    "BillConsentList.items": "the whole list",
    "BillConsentWords.zh": "in Chinese",
    "BillConsentWords.en": "in English",
    "BankBillConsent.mobile": "the mobile of your customer",
    "BankBillConsent.given_at": "when it was given, RFC 3339",
}
"""What a property means in one schema alone, by both names."""
