"""What a row of a bank's queue says of a submission: little, masked, and cheap to open."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

from hub.domain.application import HardshipReason, SupportNeed
from hub.domain.masks import card_last4, mask_name
from hub.domain.representatives import RepresentativeFlag, flags_of
from hub.domain.submission import Submission

HUNDRED_YUAN: Final = 10_000
"""In steps of so many fen it is kept in clear what a person owes, for the order and the bands of the queue."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WishedPlan:
    """What of a proposal is said in a few words."""

    kind: str
    instalments: int | None = None
    months: int | None = None
    monthly_payment_fen: int | None = None
    minimum_percent: str | None = None
    settlement_fen: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueSummary:
    """One submission as its row in the queue: the name masked, `cards` and `loans` the last four signs each."""

    name: str
    cards: tuple[str, ...]
    owed_fen: int
    reasons: tuple[HardshipReason, ...]
    support_needs: tuple[SupportNeed, ...]
    representative_flags: tuple[RepresentativeFlag, ...]
    proposal: WishedPlan
    loans: tuple[str, ...] = ()

    @classmethod
    def of(cls, submission: Submission) -> Self:
        """The summary of a submission."""
        wish = submission.proposal
        return cls(
            name=mask_name(submission.applicant.name),
            cards=tuple(card_last4(each) for each in submission.card_numbers),
            owed_fen=submission.owed_fen,
            reasons=submission.hardship.reasons,
            support_needs=submission.support_needs,
            representative_flags=flags_of(submission.representative),
            proposal=WishedPlan(
                kind=wish.kind,
                instalments=wish.instalments,
                months=wish.months,
                monthly_payment_fen=wish.monthly_payment_fen,
                minimum_percent=None if wish.minimum_percent is None else f"{wish.minimum_percent:.2f}",
                settlement_fen=wish.settlement_fen,
            ),
            loans=submission.contract_ends,
        )

    def plain(self) -> dict[str, Any]:
        """The summary as JSON data, short: it is opened thirty times a page."""
        wish = self.proposal
        return {
            "name": self.name,
            "cards": self.cards,
            **({"loans": self.loans} if self.loans else {}),
            "owed": self.owed_fen,
            "reasons": self.reasons,
            "needs": self.support_needs,
            "flags": self.representative_flags,
            "wish": [
                wish.kind, wish.instalments, wish.months, wish.monthly_payment_fen, wish.minimum_percent,
                wish.settlement_fen,
            ],
        }  # fmt: skip

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Self:
        """The summary that `plain` gave."""
        kind, instalments, months, monthly, minimum, settlement = plain["wish"]
        return cls(
            name=plain["name"],
            cards=tuple(plain["cards"]),
            owed_fen=plain["owed"],
            reasons=tuple(map(HardshipReason, plain["reasons"])),
            support_needs=tuple(map(SupportNeed, plain["needs"])),
            representative_flags=tuple(map(RepresentativeFlag, plain["flags"])),
            proposal=WishedPlan(
                kind=kind,
                instalments=instalments,
                months=months,
                monthly_payment_fen=monthly,
                minimum_percent=minimum,
                settlement_fen=settlement,
            ),
            loans=tuple(plain.get("loans", ())),
        )
