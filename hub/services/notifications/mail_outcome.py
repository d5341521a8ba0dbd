"""How a mail of the outbox ended, or why it has to wait."""

import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from jinja2 import TemplateError

from hub.domain.errors import EvidenceDamaged
from storage.mails import MailStatus
from storage.records import MailRecord

_log = logging.getLogger(__name__)
UNWRITABLE: Final = (EvidenceDamaged, ValueError, LookupError, TemplateError)
"""What is wrong with one mail or what is stored of it. A key that lacks is wrong with all, and stops them all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """How a mail ended, and why."""

    status: MailStatus
    detail: str = ""


OVERTAKEN: Final = Settled(status=MailStatus.NOT_NEEDED, detail="overtaken")


@dataclass(frozen=True, slots=True, kw_only=True)
class NotYet:
    """A mail whose time has not come after all."""

    at: datetime


def cannot_be_written(mail: MailRecord, error: Exception) -> Settled:
    """How a mail ends that met an error of `UNWRITABLE`: it must not hold up all those behind it."""
    name = type(error).__name__
    _log.error("mail cannot be written", extra={"mail": mail.id, "kind": mail.kind, "error": name})
    return Settled(status=MailStatus.FAILED, detail=f"cannot be written: {name}")
