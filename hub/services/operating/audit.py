"""The audit of the hub itself: who signed in or tried to, from where, and who changed what about it, when.

Each line is written in the transaction of what it tells. No secret stands in it, and nothing of a cardholder in clear.
"""

from datetime import datetime
from enum import StrEnum

from hub.domain.actor import Actor
from hub.services.transaction import HubTransaction
from storage import audit
from storage.audit import AuditLine

MOST_SHOWN = 200


class AuditKind(StrEnum):
    """What was done."""

    SIGNED_IN = "signed_in"
    SIGN_IN_FAILED = "sign_in_failed"
    SECOND_STEP_FAILED = "second_step_failed"
    SECOND_STEP_SET_UP = "second_step_set_up"
    SIGNED_OUT = "signed_out"
    SIGNED_OUT_EVERYWHERE = "signed_out_everywhere"
    ENROLLED = "enrolled"
    MOBILE_PROVED = "mobile_proved"
    MOBILE_NOT_PROVED = "mobile_not_proved"
    TOKEN_GRANTED = "token_granted"  # noqa: S105 - a word, no secret
    TOKEN_REFUSED = "token_refused"  # noqa: S105 - a word, no secret
    BANK_ADDED = "bank_added"
    BANK_SET = "bank_set"
    BANK_OPENED = "bank_opened"
    BANK_CLOSED = "bank_closed"
    STAFF_ADDED = "staff_added"
    STAFF_RENEWED = "staff_renewed"
    STAFF_REMOVED = "staff_removed"
    CLIENT_ADDED = "client_added"
    CLIENT_SET = "client_set"
    CLIENT_RENEWED = "client_renewed"
    CLIENT_DISABLED = "client_disabled"
    CLIENT_ENABLED = "client_enabled"
    RECORD_EXPORTED = "record_exported"
    CALENDAR_IMPORTED = "calendar_imported"
    CLOCK_MOVED = "clock_moved"
    CLOCK_RESET = "clock_reset"
    CODES_FREED = "codes_freed"
    STAFF_RENAMED = "staff_renamed"
    DELIVERY_SENT_AGAIN = "delivery_sent_again"
    DELIVERY_TRIED_NOW = "delivery_tried_now"
    JOB_SENT_AGAIN = "job_sent_again"
    MAIL_SENT_AGAIN = "mail_sent_again"
    CLIENT_TOLD_AGAIN = "client_told_again"
    OFFER_APPROVED = "offer_approved"
    OFFER_RETURNED = "offer_returned"
    TASK_DONE = "task_done"
    REFUSAL_SEEN = "refusal_seen"


def note(
    tx: HubTransaction,
    kind: AuditKind,
    about: str = "",
    *,
    actor: Actor | None = None,
    **details: str | int | list[str] | None,
) -> None:
    """The action of `actor`, of who acts in the transaction where none is given, is on record.

    `about` names the bank, account, client or negotiation; `details` are for whoever reads it later.
    """
    audit.add(
        tx,
        actor=str(actor or tx.actor),
        address=tx.address,
        kind=kind,
        about=about,
        details={name: value for name, value in details.items() if value is not None},
    )


def newest(tx: HubTransaction, *, since: datetime | None = None, limit: int | None = None) -> list[AuditLine]:
    """What was done at `since` or later, newest first; at most `limit`."""
    return audit.list_newest(tx, since=since, limit=limit)


__all__ = ["MOST_SHOWN", "AuditKind", "AuditLine", "newest", "note"]
