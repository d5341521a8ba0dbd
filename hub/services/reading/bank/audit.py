"""The audit of a bank as its auditors read it: its own people's deeds and readings, and nobody else's."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time, timedelta
from typing import Final

from hub.domain.actor import Party
from hub.domain.audit_question import AuditQuestion, AuditTopic
from hub.domain.china import china_instant
from hub.domain.paging import Page, Place
from hub.services.operating.audit import AuditKind
from hub.services.reading.bank.heading import find_by_reference
from hub.services.reading.bank.people import Author, author_of, names_of
from hub.services.transaction import HubTransaction
from storage import bank_audit
from storage.bank_audit import READ, BankAuditLine, Lines

_IN_FULL: Final = ("in_full", "table_export", "file_passwords")
_READINGS: Final = (
    "negotiation", "evidence", "view", "application_form", "agreement", "default_notice", "amendment", "clearance",
    "record", "export", "original",
)  # fmt: skip
TOPICS: Final[Mapping[AuditTopic, tuple[AuditKind, ...]]] = {
    AuditTopic.SIGN_INS: (
        AuditKind.SIGNED_IN,
        AuditKind.SIGN_IN_FAILED,
        AuditKind.SECOND_STEP_FAILED,
        AuditKind.SECOND_STEP_SET_UP,
        AuditKind.PROVED_AGAIN,
        AuditKind.SIGNED_OUT,
        AuditKind.SIGNED_OUT_EVERYWHERE,
        AuditKind.SIGNED_OUT_ELSEWHERE,
        AuditKind.SIGNED_OUT_BY_ADMIN,
        AuditKind.RECOVERY_CODES_MADE,
        AuditKind.RECOVERY_CODE_USED,
        AuditKind.PASSKEY_ADDED,
        AuditKind.PASSKEY_REMOVED,
        AuditKind.ENROLLED,
        AuditKind.SIGN_ON_BOUND,
    ),
    AuditTopic.REVEALS: (AuditKind.MANY_FILES_READ, AuditKind.MANY_CASES_READ),
    AuditTopic.READINGS: (AuditKind.MANY_FILES_READ, AuditKind.MANY_CASES_READ),
    AuditTopic.ASSIGNMENTS: (AuditKind.CASE_ASSIGNED,),
    AuditTopic.DECISIONS: (AuditKind.OFFER_APPROVED, AuditKind.OFFER_RETURNED, AuditKind.OFFER_SUPERSEDED),
    AuditTopic.SETTINGS: (
        AuditKind.BANK_SET,
        AuditKind.BANK_OPENED,
        AuditKind.BANK_CLOSED,
        AuditKind.BANK_SETTING_CHANGED,
        AuditKind.BANK_SETTING_ASKED,
        AuditKind.BANK_SETTING_REFUSED,
        AuditKind.STAFF_ROLE_CHANGED,
        AuditKind.STAFF_ADDED,
        AuditKind.STAFF_RENEWED,
        AuditKind.STAFF_REMOVED,
        AuditKind.STAFF_RENAMED,
        AuditKind.STAFF_PLACED,
        AuditKind.TEAM_ADDED,
        AuditKind.TEAM_RENAMED,
        AuditKind.TEAM_REMOVED,
        AuditKind.REPLY_CHANGED,
        AuditKind.OFFER_TEMPLATE_CHANGED,
    ),
    AuditTopic.EXPORTS: (
        AuditKind.EXPORT_ASKED,
        AuditKind.EXPORT_APPROVED,
        AuditKind.EXPORT_RETURNED,
        AuditKind.EXPORT_TAKEN,
        AuditKind.EXPORT_EXPIRED,
        AuditKind.RECORD_EXPORTED,
    ),
}
"""What belongs to each topic but the last, to which everything else does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditShown:
    """One line with its author as colleagues call them."""

    line: BankAuditLine
    author: Author


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditPage:
    """One page; `next_place` is where the following one begins, or None at the end."""

    rows: tuple[AuditShown, ...]
    next_place: Place | None


def list_lines(tx: HubTransaction, bank_code: str, question: AuditQuestion, *, page: Page) -> AuditPage:
    """The lines of the bank that the question asks for, the newest first."""
    found = bank_audit.list_page(tx, _lines(tx, bank_code, question), after=page.after, limit=page.limit + 1)
    shown, names = found[: page.limit], names_of(tx, bank_code)
    return AuditPage(
        rows=tuple(AuditShown(line=each, author=author_of(each.actor, names)) for each in shown),
        next_place=(shown[-1].at, shown[-1].id) if len(found) > page.limit else None,
    )


def _lines(tx: HubTransaction, bank_code: str, question: AuditQuestion) -> Lines:
    case = None
    if question.case is not None:
        case = find_by_reference(tx, question.case, bank_code=bank_code)
    kinds, beginnings = _of_topic(question.topic)
    return Lines(
        bank_code=bank_code,
        since=None if question.since is None else china_instant(question.since, time()),
        before=None if question.until is None else china_instant(question.until + timedelta(days=1), time()),
        actor=None if question.who is None else f"{Party.BANK}:staff/{question.who}",
        reference=question.case,
        negotiation_id=case,
        kinds=kinds,
        beginnings=beginnings,
    )


def _of_topic(topic: AuditTopic | None) -> tuple[tuple[str, ...] | None, tuple[str, ...] | None]:
    match topic:
        case None:
            return None, None
        case AuditTopic.OTHERS:
            named = {kind for kinds in TOPICS.values() for kind in kinds}
            return tuple(kind for kind in AuditKind if kind not in named), ()
        case AuditTopic.REVEALS:
            return TOPICS[topic], _IN_FULL
        case AuditTopic.READINGS:
            return TOPICS[topic], _READINGS
        case _:
            return TOPICS[topic], ()


__all__ = ["READ", "AuditPage", "AuditShown", "list_lines"]
