"""Which papers a bank will look for, by the reason given."""

import pytest

from hub.domain.application import HardshipReason as Reason
from hub.domain.evidence import EvidenceKind as Kind
from hub.domain.missing_papers import missing_papers


@pytest.mark.parametrize(
    ("reasons", "attached", "missing"),
    [
        ([Reason.ILLNESS], [Kind.PAYSLIP, Kind.MEDICAL_BILL], []),
        ([Reason.ILLNESS], [Kind.PAYSLIP], ["illness"]),
        ([Reason.ILLNESS], [Kind.DIAGNOSIS], ["income"]),
        ([Reason.UNEMPLOYMENT], [Kind.UNEMPLOYMENT_PROOF], []),
        ([Reason.INCOME_DROP], [Kind.BANK_STATEMENT], []),
        ([Reason.DISASTER, Reason.FAMILY_CHANGE], [], ["disaster", "family_change", "income"]),
        ([Reason.OTHER], [Kind.OTHER], ["income"]),
    ],
)
def test_what_no_file_shows_is_noted(reasons: list[Reason], attached: list[Kind], missing: list[str]) -> None:
    assert missing_papers(reasons, attached) == missing
