"""The life of an agreement, over every status and every reason for its end."""

import pytest

from hub.domain.agreement_end import AgreementStatus, EndReason, status_after
from hub.domain.errors import StatusConflict

S, R = AgreementStatus, EndReason

ALLOWED = {
    (S.IN_FORCE, R.SETTLED): S.SETTLED,
    (S.IN_FORCE, R.DEFAULTED): S.ENDED,
    (S.IN_FORCE, R.REPLACED): S.ENDED,
}


@pytest.mark.parametrize(("status", "reason"), [(status, reason) for status in S for reason in R])
def test_an_agreement_ends_once_and_is_settled_by_no_other_reason(status: AgreementStatus, reason: EndReason) -> None:
    expected = ALLOWED.get((status, reason))
    if expected is None:
        with pytest.raises(StatusConflict, match=f"{reason} in {status}"):
            status_after(status, reason)
    else:
        assert status_after(status, reason) is expected
