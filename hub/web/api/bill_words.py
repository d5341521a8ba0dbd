"""What the OpenAPI document says of bills: names of operations, and what properties mean."""

from collections.abc import Mapping

OPERATIONS: Mapping[tuple[str, str], str] = {
    ("put", "/bills/{bill_id}"): "put_bill",
    ("get", "/bills"): "list_bills",
    ("delete", "/bills/{bill_id}"): "delete_bill",
    ("get", "/load"): "get_load",
    ("put", "/reminders"): "set_reminder",
}
"""Short names that stay, by method and path below the API's prefix."""

PROPERTIES: Mapping[str, str] = {
    "band": "`bearable` up to 55 percent, `tight` up to the whole income, `too_high` above; null without an income",
    "bill_id": "the bill's id",
    "days_before": "how many days before its day, of 7, 3, 1 and 0; empty for never",
    "debts": "the open bills of the month",
    "due_fen": "what is still open of them, in fen",
    "hours": "`day` 08:30-20:00, `morning` to 12:00, `afternoon` 12:00-18:00, `evening` 18:00-20:00, in China",
    "income_fen": "what the person said they earn a month, in fen, or null",
    "is_overdue": "true where the person says that the bill is overdue; its day alone makes none so",
    "may_have_changed": "whether a bank told the figures more than five days ago",
    "minimum_fen": "the least to pay by the day, in fen, at most the whole",
    "next_at": "when it is told next, RFC 3339, or null",
    "should_negotiate": "whether the next step is to talk to a bank",
    "source": "who says it: `typed`, `bank_feed`, or `agreement` for a row of one in force",
    "statement_fen": "the whole of the statement, in fen",
    "statement_on": "the day of the statement, or null",
}
"""What each property means, with its unit."""

OF_SCHEMAS: Mapping[str, str] = {
    "BillReminder.channel": "`mail` or `sms`",
    "BillReminder.email": "where mails go; required for `mail`",
    "BillReminder.mobile": "where text messages go; required for `sms`",
    "BillReminderAnswer.channel": "`mail` or `sms`; null where nothing is told",
    "LoadAnswer.minimum_fen": "the least to pay of them, of an agreement its rows, in fen",
    "LoadAnswer.month": "the month, as 2026-12",
    "LoadAnswer.percent": "`minimum_fen` in percent of the income, rounded up; null without an income",
    "BillAnswer.status": "`open`, `paid`, `overdue`, or `superseded` by a later statement of the card",
    "BillAnswer.as_of": "when it was said, RFC 3339",
    "BillAnswer.card_last4": "the last 4 digits of the card; null for an agreement over several cards",
    "BillAnswer.id": "yours, or of a row of an agreement",
    "BillList.items": "the whole list",
}
"""What a property means in one schema alone, by both names."""
