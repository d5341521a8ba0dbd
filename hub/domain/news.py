"""What of a negotiation's log is news to its person: what somebody else said or did since they last looked."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from hub.domain.entry_kind import EntryKind


class NewsKind(StrEnum):
    """What sort of news it is, in the order in which a person is told of them."""

    CORRECTION = "correction"
    QUESTION = "question"
    OFFER = "offer"
    ANSWER = "answer"
    MESSAGE = "message"
    AGREEMENT = "agreement"
    PAYMENT = "payment"
    NOTICE = "notice"


# What a machine notes of its own work, and what only repeats the person's own step, is no news to them.
_KINDS: Final[Mapping[EntryKind, NewsKind]] = {
    EntryKind.RETURNED: NewsKind.CORRECTION,
    EntryKind.EVIDENCE_REQUESTED: NewsKind.QUESTION,
    EntryKind.ACCOUNT_PROPOSED: NewsKind.QUESTION,
    EntryKind.OFFERED: NewsKind.OFFER,
    EntryKind.REJECTED: NewsKind.ANSWER,
    EntryKind.DECISION_DEFERRED: NewsKind.ANSWER,
    EntryKind.CREDIT_NOTE_ANSWERED: NewsKind.ANSWER,
    EntryKind.COLLECTION_ANSWERED: NewsKind.ANSWER,
    EntryKind.AMENDMENT_ANSWERED: NewsKind.ANSWER,
    EntryKind.AMENDMENT_REFUSED: NewsKind.ANSWER,
    EntryKind.MESSAGE: NewsKind.MESSAGE,
    EntryKind.CALL: NewsKind.MESSAGE,
    EntryKind.AMENDED: NewsKind.AGREEMENT,
    EntryKind.AGREEMENT_ENDED: NewsKind.AGREEMENT,
    EntryKind.CLEARANCE_ISSUED: NewsKind.AGREEMENT,
    EntryKind.CLEARANCE_REISSUED: NewsKind.AGREEMENT,
    EntryKind.HOLD_APPLIED: NewsKind.AGREEMENT,
    EntryKind.PAYMENT: NewsKind.PAYMENT,
    EntryKind.MISSED: NewsKind.PAYMENT,
    EntryKind.MISSED_WITHDRAWN: NewsKind.PAYMENT,
    EntryKind.UNDELIVERABLE: NewsKind.NOTICE,
    EntryKind.CLOCK_MOVED: NewsKind.NOTICE,
    EntryKind.BREACHED: NewsKind.NOTICE,
    EntryKind.ACKNOWLEDGED: NewsKind.NOTICE,
    EntryKind.IDENTITY_CONFIRMED: NewsKind.NOTICE,
    EntryKind.LEGAL_STAGE_STATED: NewsKind.NOTICE,
    EntryKind.CLAIM_TRANSFERRED: NewsKind.NOTICE,
    EntryKind.NOT_ANSWERED: NewsKind.NOTICE,
    EntryKind.OFFER_LAPSED: NewsKind.NOTICE,
    EntryKind.CORRECTION_LAPSED: NewsKind.NOTICE,
    EntryKind.AMENDMENT_LAPSED: NewsKind.NOTICE,
    EntryKind.AMENDMENT_OUTDATED: NewsKind.NOTICE,
    EntryKind.EVIDENCE_REJECTED: NewsKind.NOTICE,
}
_ORDER: Final = list(NewsKind)


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """The news of one negotiation: the entries' sequence numbers, and of what kinds they are, the weightiest first."""

    sequences: frozenset[int] = frozenset()
    kinds: tuple[NewsKind, ...] = ()

    @classmethod
    def of(cls, entries: Iterable[tuple[int, str]]) -> "News":
        """The news among `entries`, (sequence number, kind) each, none of which is the person's own."""
        found = [(sequence, _KINDS[EntryKind(kind)]) for sequence, kind in entries if kind in _KINDS]
        return cls(
            sequences=frozenset(sequence for sequence, _ in found),
            kinds=tuple(sorted({kind for _, kind in found}, key=_ORDER.index)),
        )

    def __len__(self) -> int:
        return len(self.sequences)
