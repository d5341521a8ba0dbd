"""The audit of the hub itself: who signed in or tried to, from where, and who changed what about it, when.

Each line is written in the transaction of what it tells. No secret stands in it, and nothing of a cardholder in clear.
"""

from datetime import datetime
from enum import StrEnum

from hub.domain.actor import Actor
from hub.services.transaction import HubTransaction
from storage import audit, staff
from storage.audit import AuditLine

MOST_SHOWN = 200


class AuditKind(StrEnum):
    """What was done."""

    SIGNED_IN = "signed_in"
    SIGN_IN_FAILED = "sign_in_failed"
    SECOND_STEP_FAILED = "second_step_failed"
    SECOND_STEP_SET_UP = "second_step_set_up"
    PROVED_AGAIN = "proved_again"
    SIGNED_OUT = "signed_out"
    SIGNED_OUT_EVERYWHERE = "signed_out_everywhere"
    SIGNED_OUT_ELSEWHERE = "signed_out_elsewhere"
    SIGNED_OUT_BY_ADMIN = "signed_out_by_admin"
    RECOVERY_CODES_MADE = "recovery_codes_made"
    RECOVERY_CODE_USED = "recovery_code_used"
    PASSKEY_ADDED = "passkey_added"
    PASSKEY_REMOVED = "passkey_removed"
    ENROLLED = "enrolled"
    SIGN_ON_BOUND = "sign_on_bound"
    MOBILE_PROVED = "mobile_proved"
    MOBILE_NOT_PROVED = "mobile_not_proved"
    TOKEN_GRANTED = "token_granted"  # noqa: S105 - a word, no secret
    TOKEN_REFUSED = "token_refused"  # noqa: S105 - a word, no secret
    BANK_ADDED = "bank_added"
    BANK_SET = "bank_set"
    BANK_OPENED = "bank_opened"
    BANK_CLOSED = "bank_closed"
    PARTNER_ADDED = "partner_added"
    PARTNER_SET = "partner_set"
    PARTNER_ON = "partner_on"
    PARTNER_OFF = "partner_off"
    PARTNER_RENEWED = "partner_renewed"
    STAFF_ADDED = "staff_added"
    STAFF_RENEWED = "staff_renewed"
    STAFF_REMOVED = "staff_removed"
    CLIENT_ADDED = "client_added"
    CLIENT_SET = "client_set"
    CLIENT_RENEWED = "client_renewed"
    CLIENT_DISABLED = "client_disabled"
    CLIENT_ENABLED = "client_enabled"
    RECORD_EXPORTED = "record_exported"
    ERASED = "erased"
    HELD = "held"
    RELEASED = "released"
    RESTORED = "restored"
    KEY_CHANGED = "key_changed"
    CALENDAR_IMPORTED = "calendar_imported"
    CLOCK_MOVED = "clock_moved"
    CLOCK_RESET = "clock_reset"
    CODES_FREED = "codes_freed"
    STAFF_RENAMED = "staff_renamed"
    BANK_SETTING_CHANGED = "bank_setting_changed"
    BANK_SETTING_ASKED = "bank_setting_asked"
    BANK_SETTING_REFUSED = "bank_setting_refused"
    STAFF_ROLE_CHANGED = "staff_role_changed"
    STAFF_PLACED = "staff_placed"
    TEAM_ADDED = "team_added"
    TEAM_RENAMED = "team_renamed"
    TEAM_REMOVED = "team_removed"
    CASE_ASSIGNED = "case_assigned"
    DELIVERY_SENT_AGAIN = "delivery_sent_again"
    DELIVERY_TRIED_NOW = "delivery_tried_now"
    JOB_SENT_AGAIN = "job_sent_again"
    MAIL_SENT_AGAIN = "mail_sent_again"
    CLIENT_TOLD_AGAIN = "client_told_again"
    NOTE_WRITTEN = "note_written"
    EVIDENCE_CHECKED = "evidence_checked"
    DOUBT_ANSWERED = "doubt_answered"
    FIGURE_READ = "figure_read"
    FIGURE_TAKEN_BACK = "figure_taken_back"
    REQUEST_FILE_READ = "request_file_read"
    REQUEST_PERSON_READ = "request_person_read"
    MANY_FILES_READ = "many_files_read"
    MANY_CASES_READ = "many_cases_read"
    REPLY_CHANGED = "reply_changed"
    OFFER_TEMPLATE_CHANGED = "offer_template_changed"
    OFFER_APPROVED = "offer_approved"
    OFFER_RETURNED = "offer_returned"
    OFFER_SUPERSEDED = "offer_superseded"
    EXPORT_ASKED = "export_asked"
    EXPORT_APPROVED = "export_approved"
    EXPORT_RETURNED = "export_returned"
    EXPORT_TAKEN = "export_taken"
    EXPORT_EXPIRED = "export_expired"
    BREACH_EXPLAINED = "breach_explained"
    TASK_DONE = "task_done"
    REFUSAL_SEEN = "refusal_seen"


def note(
    tx: HubTransaction,
    kind: AuditKind,
    about: str = "",
    *,
    actor: Actor | None = None,
    bank_code: str | None = None,
    **details: str | int | list[str] | None,
) -> None:
    """The action of `actor`, of who acts in the transaction where none is given, is on record.

    `about` names the bank, account, client or negotiation; `details` are for whoever reads it later. The address of an
    account is kept as its id, since a line stands for ever, and read as the address again. It is a line of the bank
    named, or else of the bank whose person or program acts.
    """
    acting = actor or tx.actor
    audit.add(
        tx,
        bank_code=bank_code or acting.bank_code or _bank_of(tx, acting),
        actor=str(acting),
        address=tx.address,
        kind=kind,
        about=_without_address(tx, about),
        details={name: value for name, value in details.items() if value is not None},
    )


def _without_address(tx: HubTransaction, about: str) -> str:
    account = staff.find_by_email(tx, about) if "@" in about else None
    return about if account is None else audit.about_account(account)


def _bank_of(tx: HubTransaction, actor: Actor) -> str | None:
    kind, _, account = actor.id.partition("/")
    person = staff.find(tx, account) if kind == "staff" else None
    return None if person is None else person.bank_code


def newest(tx: HubTransaction, *, since: datetime | None = None, limit: int | None = None) -> list[AuditLine]:
    """What was done at `since` or later, newest first; at most `limit`."""
    return audit.list_newest(tx, since=since, limit=limit)


__all__ = ["MOST_SHOWN", "AuditKind", "AuditLine", "newest", "note"]
