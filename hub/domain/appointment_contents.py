"""What an appointment says beside its time, and the words of the consents that go with it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from hub.domain.appointment_kind import AskedBy
from hub.domain.consent import Wording
from hub.domain.visit import Trouble, Visitor

ADDRESS_CONSENT: Final = Wording(
    version="2026-11",
    zh="我单独同意把这个地址告诉这次上门的银行工作人员，只用于这次上门。"
    "办完 7 天后，地址在本平台上销毁，任何人都不能再看。",
    en="I separately agree that the bank's people who come are told this address, for this visit only. "
    "Seven days after the visit it is destroyed here, and nobody can read it any more.",
)
RECORDING_CONSENT: Final = Wording(
    version="2026-11",
    zh="我单独同意银行对这次视频录音录像，只用于证明这次见面办了什么。不同意的，可以改约网点。",
    en="I separately agree that the bank records this video call, only to show what was done in it. "
    "If I do not agree I can book a branch instead.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Consented:
    """A consent that was given with an appointment, by the digest of its words."""

    version: str
    sha256: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TroubleReport:
    """What a person says went wrong, and when they said it."""

    trouble: Trouble
    text: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointmentContents:
    """What an appointment says beside its time: the person's words, and whom the bank names.

    `called`: how the person is spoken to, where the bank does not know it from a negotiation. `note_signed_at`: when
    the person signed the note of the visit with a code, None where they did not.
    """

    called: str
    own_words: str
    asked_by: AskedBy
    address_digest: str | None = None
    address_consent: Consented | None = None
    recording_consent: Consented | None = None
    staff: tuple[Visitor, ...] = ()
    moved_because: str = ""
    troubles: tuple[TroubleReport, ...] = ()
    note_signed_at: datetime | None = None
