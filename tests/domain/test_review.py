"""By when a bank may say that it decides."""

from datetime import date, timedelta

import pytest

from hub.domain.review import MOST_DEFERRAL_DAYS, DecisionDeferral

TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("days", "codes"),
    [(-1, ["decision_by_range"]), (0, ["decision_by_range"]), (1, []), (30, []), (31, ["decision_by_range"])],
)
def test_the_day_lies_from_tomorrow_to_thirty_days_ahead(days: int, codes: list[str]) -> None:
    deferral = DecisionDeferral(decision_by=TODAY + timedelta(days=days), text="正在核对")
    assert [fault.code for fault in deferral.faults(today=TODAY)] == codes
    assert all(fault.pointer == "/decision_by" for fault in deferral.faults(today=TODAY))
    assert MOST_DEFERRAL_DAYS == 30
