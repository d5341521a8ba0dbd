"""What only a person who operates the hub can settle."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any


class TaskKind(StrEnum):
    """What an operator is asked to look into."""

    UNDELIVERABLE = "undeliverable"
    LINE_CLOSED = "line_closed"
    BOUNCED = "bounced"
    CLIENT_NOT_TOLD = "client_not_told"
    SILENT = "silent"
    NOT_KNOWN_TO_BANK = "not_known_to_bank"
    ANSWER_IN_DANGER = "answer_in_danger"
    FILE_DAMAGED = "file_damaged"
    RESPONSE_WRONG = "response_wrong"
    NOT_COLLECTED = "not_collected"
    HOST_NOT_TRUSTED = "host_not_trusted"
    NOT_JUDGED = "not_judged"
    INFECTED = "infected"
    NOT_SCANNED = "not_scanned"
    SCANNER_AWAY = "scanner_away"
    SIGNATURES_OLD = "signatures_old"
    PAPER_UNSTAMPED = "paper_unstamped"
    SEAL_ENDS = "seal_ends"
    LOG_UNSIGNED = "log_unsigned"
    CODES_GUESSED = "codes_guessed"
    HELD_UP = "held_up"
    COLLECTED_ALTHOUGH_AGREED = "collected_although_agreed"
    HOLD_NOT_CONFIRMED = "hold_not_confirmed"
    CLEARANCE_LATE = "clearance_late"
    NO_REVIEWER = "no_reviewer"
    MANY_FILES_READ = "many_files_read"
    MANY_CASES_READ = "many_cases_read"
    IDENTITY_FAILED_AT_VISIT = "identity_failed_at_visit"
    VISIT_NOT_REPORTED = "visit_not_reported"
    VISIT_MISSED = "visit_missed"
    VISIT_TROUBLE = "visit_trouble"
    RESTORED = "restored"


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """Something to look into. `reference` names the negotiation it is about, where it is about one."""

    id: str
    kind: str
    bank_code: str | None
    reference: str | None
    params: Mapping[str, Any]
    raised_at: datetime
