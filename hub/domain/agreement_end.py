"""An agreement that is in force, how it ends, and the one table of what leads where.

`storage.offers.end_agreement` is the only writer of its status.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum

from hub.domain.china import china_day, china_instant
from hub.domain.transitions import step


class AgreementStatus(StrEnum):
    """Where an agreement stands."""

    IN_FORCE = "in_force"
    SETTLED = "settled"
    ENDED = "ended"


class EndReason(StrEnum):
    """Why an agreement is in force no more."""

    SETTLED = "settled"
    DEFAULTED = "defaulted"
    REPLACED = "replaced"
    FAILED = "failed"  # its one payment was not all there by its day: so it was signed, and no bank has to say it


# What a bank can say.
BANKS_REASONS = frozenset(EndReason) - {EndReason.FAILED}
TRANSITIONS: Mapping[AgreementStatus, Mapping[EndReason, AgreementStatus]] = {
    AgreementStatus.IN_FORCE: {
        EndReason.FAILED: AgreementStatus.ENDED,
        EndReason.SETTLED: AgreementStatus.SETTLED,
        EndReason.DEFAULTED: AgreementStatus.ENDED,
        EndReason.REPLACED: AgreementStatus.ENDED,
    },
    AgreementStatus.SETTLED: {},
    AgreementStatus.ENDED: {},
}


# What failed by itself hears the bank all the same: a payment in time can be told late, and one too late be accepted.
_AFTER_FAILING: Mapping[EndReason, AgreementStatus] = {
    EndReason.SETTLED: AgreementStatus.SETTLED,
    EndReason.DEFAULTED: AgreementStatus.ENDED,
}


def hears_the_bank(status: AgreementStatus, ended_for: EndReason | None) -> bool:
    """Whether the bank's word on payments and on the end still counts: in force, or failed by itself."""
    return status is AgreementStatus.IN_FORCE or ended_for is EndReason.FAILED


def status_after(status: AgreementStatus, reason: EndReason, *, ended_for: EndReason | None = None) -> AgreementStatus:
    """Where an agreement stands that ends for `reason`; raises `StatusConflict` for one that has ended already.

    `ended_for` is why it has.
    """
    return step({status: _AFTER_FAILING} if ended_for is EndReason.FAILED else TRANSITIONS, status, reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementEnd:
    """A bank's word that an agreement is in force no more; with `waive_rest` it asks for the open rows no longer."""

    reason: EndReason
    text: str
    waive_rest: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class EndNote:
    """What is kept of an end beside its reason: the bank's words, what it waived, and the number of a newer agreement.

    `waived_fen` is None where nobody worked it out: rows of a lowered minimum have no sums.
    """

    text: str
    waived_fen: int | None = None
    replaced_by: str | None = None


def effective_at(reason: EndReason, ended_at: datetime, *, notice_days: int) -> datetime:
    """From when the end counts: at once, but for a default, which the person hears of `notice_days` whole days before.

    The bank promises to tell a default in writing before the agreement ends (`DEFAULT_CLAUSE_ZH`), and Civil Code 565
    lets it end no sooner than the notice arrives. Until then nobody collects.
    """
    if reason is not EndReason.DEFAULTED or notice_days == 0:
        return ended_at
    return china_instant(china_day(ended_at) + timedelta(days=notice_days + 1), time(0))
