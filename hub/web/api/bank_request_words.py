"""What the OpenAPI document says of requests of every kind: names of operations, and what properties mean."""

from collections.abc import Mapping

OPERATIONS: Mapping[tuple[str, str], str] = {
    ("get", "/bank/requests"): "list_bank_requests",
    ("post", "/bank/requests/{request_id}/owner"): "set_request_owner",
}
"""Short names that stay, by method and path below the API's prefix."""

OF_SCHEMAS: Mapping[str, str] = {
    "BankRequest.id": "the matter's id, the same as in messages and in the routes of its kind",
    "BankRequest.kind": "`revocation`, `deduction`, `instalments` or `appointment`",
    "BankRequest.reference": "what the person calls it on the phone",
    "BankRequest.bank_code": "your code",
    "BankRequest.negotiation": "the negotiation that it came up in, or null",
    "BankRequest.status": "where it stands, in the words of its kind",
    "BankRequest.opened_at": "when it was asked, RFC 3339",
    "BankRequest.updated_at": "when it last changed, RFC 3339",
    "BankRequest.reached_bank_at": "when it first reached you, RFC 3339",
    "BankRequest.due_at": "until when you have to answer, RFC 3339; null where you need not",
    "BankRequest.provisional": "whether the holidays of that year are not announced yet",
    "BankRequest.late": "whether that time is over",
    "BankRequest.owner": "what colleagues call whose it is, or null",
    "BankRequestList.items": "the list, the first due first",
}
"""What a property means in one schema alone, by both names."""
