"""The one wire form of what a bank receives, used by every adapter and by the bank API alike."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hub.domain.loan import LoanAccount
from hub.domain.plain import Plain, instant, to_plain
from hub.domain.representatives import flags_of
from hub.domain.submission import Submission


@dataclass(frozen=True, slots=True, kw_only=True)
class PacketFile:
    """One evidence file as the packet names it: the copy that the bank gets, and the digest of what was sent."""

    id: str
    kind: str
    file_name: str
    media_type: str
    size: int
    sha256: str
    original_sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PacketHeading:
    """Which negotiation, in which version, the packet is of."""

    negotiation: str
    reference: str
    version: int
    submitted_at: datetime
    public_url: str
    identity_level: str
    identity_confirmed: bool | None


def packet(
    heading: PacketHeading,
    submission: Submission,
    files: Sequence[PacketFile],
    *,
    is_month_withheld: bool = False,
    earlier_agreement: Plain | None = None,
) -> Plain:
    """The packet as plain data: card and ID number in full, for this bank alone.

    `earlier_agreement` is the bank's own agreement over one of the cards that this application comes after.
    `is_month_withheld`: the person took back that the bank is given their income and spending.
    """
    return {
        "negotiation": heading.negotiation,
        "reference": heading.reference,
        "version": heading.version,
        "submitted_at": instant(heading.submitted_at),
        **to_plain(submission),
        "loans": [_loan(each) for each in submission.loans],
        **({"finances": None} if is_month_withheld else {}),
        "representative_flags": to_plain(flags_of(submission.representative)),
        "identity": {"level": heading.identity_level, "confirmed_by_bank": heading.identity_confirmed},
        "earlier_agreement": earlier_agreement,
        "evidence": [_file(heading, each) for each in files],
    }


def _loan(loan: LoanAccount) -> Plain:
    """A loan as its creditor is told it: of what others lend beside it nothing."""
    plain: Plain = to_plain(loan)
    plain.pop("co_lenders", None)
    return {**plain, "platform_name": loan.platform_name, "is_share": loan.is_share}


def _file(heading: PacketHeading, file: PacketFile) -> dict[str, Any]:
    return {
        **to_plain(file),
        "url": f"{heading.public_url}/api/v1/bank/negotiations/{heading.negotiation}/evidence/{file.id}",
    }
