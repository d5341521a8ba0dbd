"""Which papers a bank will look for, by the reason given. What is missing is a note to the bank, never a refusal.

The kinds a reason is usually shown by: domain practice of the banks, as collected for the negotiation of repayment.
"""

from collections.abc import Iterable, Mapping

from hub.domain.application import HardshipReason
from hub.domain.evidence import EvidenceKind

_INCOME = frozenset({EvidenceKind.PAYSLIP, EvidenceKind.INCOME_PROOF, EvidenceKind.BANK_STATEMENT})

# Any one kind of each set is enough.
LOOKED_FOR: Mapping[HardshipReason, frozenset[EvidenceKind]] = {
    HardshipReason.ILLNESS: frozenset(
        {EvidenceKind.MEDICAL_BILL, EvidenceKind.DIAGNOSIS, EvidenceKind.DISABILITY_PROOF}
    ),
    HardshipReason.UNEMPLOYMENT: frozenset({EvidenceKind.UNEMPLOYMENT_PROOF, EvidenceKind.LOW_INCOME_PROOF}),
    HardshipReason.INCOME_DROP: _INCOME,
    HardshipReason.DISASTER: frozenset({EvidenceKind.DISASTER_PROOF}),
    HardshipReason.FAMILY_CARE: frozenset({EvidenceKind.FAMILY_STATEMENT, EvidenceKind.MEDICAL_BILL}),
    HardshipReason.FAMILY_CHANGE: frozenset({EvidenceKind.FAMILY_STATEMENT}),
    HardshipReason.BUSINESS_FAILURE: frozenset({EvidenceKind.OTHER, EvidenceKind.BANK_STATEMENT}),
    HardshipReason.OTHER: frozenset(),
}


def missing_papers(reasons: Iterable[HardshipReason], attached: Iterable[EvidenceKind]) -> list[str]:
    """For each thing no attached file shows, the reason's name or `income`; in the order of the reasons."""
    kinds = set(attached)
    missing = [str(reason) for reason in reasons if LOOKED_FOR[reason] and not kinds & LOOKED_FOR[reason]]
    if not kinds & (_INCOME | {EvidenceKind.LOW_INCOME_PROOF, EvidenceKind.UNEMPLOYMENT_PROOF}):
        missing.append("income")
    return missing
