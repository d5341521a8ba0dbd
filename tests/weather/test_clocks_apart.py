"""What two hosts whose clocks are two minutes apart make of each other's rows: what they share is in the database."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hub.domain.clock import FixedClock
from hub.domain.errors import TooManyTries
from tests.services.conftest import OpenCase

APART = timedelta(minutes=2)


@pytest.mark.parametrize("off", [APART, -APART], ids=["ahead", "behind"])
def test_a_code_that_one_host_sent_signs_at_the_other(open_case: OpenCase, clock: FixedClock, off: timedelta) -> None:
    case, right = open_case(), clock.at
    case.acknowledge()
    offer = case.offer()
    clock.at = right + off
    code = case.send_code(offer)
    clock.at = right
    assert case.try_code(offer, code) is None


def test_a_second_code_waits_until_the_clock_of_the_first_is_reached(open_case: OpenCase, clock: FixedClock) -> None:
    case, right = open_case(), clock.at
    case.acknowledge()
    offer = case.offer()
    clock.at = right + APART
    first = case.send_code(offer)
    clock.at = right
    with pytest.raises(TooManyTries) as refused:
        case.send_code(offer)
    assert refused.value.retry_after_s == APART.total_seconds()
    clock.at = right + APART
    second = case.send_code(offer)
    clock.at = right
    if first != second:
        assert case.try_code(offer, first) is not None
    assert case.try_code(offer, second) is None
