"""How a mail of the outbox ended, or why it has to wait."""

from dataclasses import dataclass
from datetime import datetime

from storage.mails import MailStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """How a mail ended, and why."""

    status: MailStatus
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotYet:
    """A mail whose time has not come after all."""

    at: datetime
