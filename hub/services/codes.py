"""Six-digit codes by text message: drawn, kept as a keyed hash of each, and compared; alike for every purpose."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from hub.domain.errors import TooManyTries
from hub.services.transaction import HubTransaction
from storage.records import new_id

CODE_LIFE = timedelta(minutes=10)
CODE_TRIES = 5
CODE_WINDOW = timedelta(hours=24)
# How long each code of a window has to wait for the one before it: a text that got lost is asked for again at once.
WAITS = (timedelta(), timedelta(), timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30))
CODES_A_WINDOW = len(WAITS)
# Wrong tries in all that what is signed takes with its codes.
SIGNING_TRIES = 15
# Its log says them every so many, and at the second of these the operator is told.
SIGNING_TRIES_LOGGED = 5
SIGNING_TRIES_TOLD = 10


class CodePurpose(StrEnum):
    """What a code is good for; one of another purpose is never right."""

    CONFIRMATION = "confirmation_code"
    SIGN_IN = "sign_in_code"
    MATTER = "matter_code"


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeMessage:
    """A text message that is to be sent once the transaction is committed."""

    to: str
    text: str = field(repr=False)
    code: str = field(repr=False)
    code_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnCode:
    """A fresh code with what is kept of it."""

    id: str
    code: str = field(repr=False)
    digest: bytes
    sent_at: datetime
    expires_at: datetime


def draw(tx: HubTransaction, purpose: CodePurpose) -> DrawnCode:
    """A code that is good for ten minutes from now on, once its row is kept."""
    code_id, code = new_id(), f"{secrets.randbelow(10**6):06d}"
    digest = tx.keyring.index(f"{code_id}/{code}", purpose=purpose)
    return DrawnCode(id=code_id, code=code, digest=digest, sent_at=tx.now, expires_at=tx.now + CODE_LIFE)


def require_not_too_soon(now: datetime, sent_at: Sequence[datetime]) -> None:
    """Raises `TooManyTries` where no further code may be sent yet; `sent_at` are those of a window, oldest first."""
    if not sent_at:
        return
    if len(sent_at) >= CODES_A_WINDOW:
        again_at = sent_at[-CODES_A_WINDOW] + CODE_WINDOW
    else:
        again_at = sent_at[-1] + WAITS[len(sent_at)]
    if again_at > now:
        raise TooManyTries.until(again_at, now=now)


class KeptCode(Protocol):
    """What is kept of a code."""

    @property
    def id(self) -> str:
        """The code's id."""

    @property
    def digest(self) -> bytes:
        """The keyed hash of it."""


def is_right(tx: HubTransaction, record: KeptCode, code: str, purpose: CodePurpose) -> bool:
    """Whether `code` is the one of the row; how often it may be tried is the caller's to count."""
    digests = tx.keyring.indexes(f"{record.id}/{code}", purpose=purpose)
    return any(secrets.compare_digest(record.digest, each) for each in digests)
