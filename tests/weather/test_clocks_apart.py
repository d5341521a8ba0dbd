"""What two hosts whose clocks are two minutes apart make of each other's rows: what they share is in the database."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hub.domain.actor import HUB
from hub.domain.clock import FixedClock
from hub.domain.errors import TooManyTries
from hub.services.log_heads import signing
from hub.services.operating import invariants
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


@pytest.mark.parametrize("off", [APART, -APART], ids=["ahead", "behind"])
def test_a_case_that_both_hosts_wrote_in_turns_is_whole(open_case: OpenCase, clock: FixedClock, off: timedelta) -> None:
    case, right = open_case(), clock.at
    clock.at = right + off
    case.acknowledge()
    signing.sign_all(case.hub)
    clock.at = right
    case.write("您好")
    clock.at = right + off
    offer = case.offer()
    clock.at = right
    case.accept(offer)
    signing.sign_all(case.hub)
    times = [entry.header.at for entry in case.log()]
    assert times != sorted(times)
    assert [entry.header.sequence for entry in case.log()] == list(range(1, len(times) + 1))
    with case.hub.reading(HUB) as tx:
        assert list(invariants.breaches(tx, case.hub.store)) == []


def test_an_answer_that_is_overdue_by_one_clock_is_told_once(open_case: OpenCase, clock: FixedClock) -> None:
    case = open_case()
    with case.row() as (_, row):
        due_at = row.due_at
    assert due_at is not None
    clock.at = due_at - APART / 2 + APART
    case.sweep()
    clock.at = due_at - APART / 2
    case.sweep()
    clock.at = due_at + APART
    case.sweep()
    assert case.kinds().count("breached") == 1
