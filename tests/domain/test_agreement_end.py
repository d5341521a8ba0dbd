"""The life of an agreement, over every status and every reason for its end."""

import pytest

from hub.domain.agreement_end import AgreementStatus, EndReason, status_after
from hub.domain.errors import StatusConflict

S, R = AgreementStatus, EndReason

ALLOWED = {
    (S.IN_FORCE, R.SETTLED): S.SETTLED,
    (S.IN_FORCE, R.DEFAULTED): S.ENDED,
    (S.IN_FORCE, R.REPLACED): S.ENDED,
    (S.IN_FORCE, R.FAILED): S.ENDED,
}


@pytest.mark.parametrize(("status", "reason"), [(status, reason) for status in S for reason in R])
def test_an_agreement_ends_once_and_is_settled_by_no_other_reason(status: AgreementStatus, reason: EndReason) -> None:
    expected = ALLOWED.get((status, reason))
    if expected is None:
        with pytest.raises(StatusConflict, match=f"{reason} in {status}"):
            status_after(status, reason)
    else:
        assert status_after(status, reason) is expected


@pytest.mark.parametrize("reason", R)
def test_what_failed_by_itself_can_be_settled_or_be_in_default_by_the_banks_word(reason: EndReason) -> None:
    expected = {R.SETTLED: S.SETTLED, R.DEFAULTED: S.ENDED}.get(reason)
    if expected is None:
        with pytest.raises(StatusConflict):
            status_after(S.ENDED, reason, ended_for=R.FAILED)
    else:
        assert status_after(S.ENDED, reason, ended_for=R.FAILED) is expected
