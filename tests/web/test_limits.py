"""Limits of tries, in both databases, by a clock of the test's own."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from hub.domain.actor import HUB
from hub.domain.clock import FixedClock
from hub.domain.errors import TooManyTries
from hub.services.accounts.attempts import Limit
from hub.services.operating import sweeps
from hub.web.limits import Limits
from hub.wiring import Hub
from tests.conftest import START

THREE = Limit(name="three", amount=3, window=timedelta(minutes=1))
LONGER = Limit(name="three", amount=4, window=timedelta(hours=1))
ANOTHER = Limit(name="another", amount=3, window=timedelta(minutes=1))
FIFTY = Limit(name="fifty", amount=50, window=timedelta(minutes=1))


@pytest.fixture
def real_clock() -> FixedClock:
    return FixedClock(START)


@pytest.fixture
def limits(hub: Hub, real_clock: FixedClock) -> Limits:
    return Limits(hub, real_clock.now)


def test_a_limit_that_is_used_up_says_when_it_is_free_again(limits: Limits, real_clock: FixedClock) -> None:
    for _ in range(3):
        limits.count((THREE, ("one",)))
        real_clock.at += timedelta(seconds=10)
    with pytest.raises(TooManyTries) as refused:
        limits.count((THREE, ("one",)))
    assert refused.value.retry_after_s == 30


def test_the_window_moves_and_does_not_begin_anew(limits: Limits, real_clock: FixedClock) -> None:
    for after in (0, 40, 50):
        real_clock.at = START + timedelta(seconds=after)
        limits.count((THREE, ("one",)))
    real_clock.at = START + timedelta(seconds=60)
    limits.count((THREE, ("one",)))
    with pytest.raises(TooManyTries):
        limits.count((THREE, ("one",)))


def test_each_is_counted_apart(limits: Limits) -> None:
    for _ in range(3):
        limits.count((THREE, ("one",)))
    limits.count((THREE, ("other",)))
    limits.count((THREE, ("one", "part")))
    limits.count((ANOTHER, ("one",)))


def test_a_try_that_one_limit_refuses_is_counted_for_none(limits: Limits, real_clock: FixedClock) -> None:
    for _ in range(3):
        limits.count((THREE, ("one",)))
    with pytest.raises(TooManyTries):
        limits.count((ANOTHER, ("one",)), (THREE, ("one",)))
    for _ in range(3):
        limits.count((ANOTHER, ("one",)))


def test_waits_grow_where_limits_of_one_name_have_longer_windows(limits: Limits, real_clock: FixedClock) -> None:
    both = [(THREE, ("one",)), (LONGER, ("one",))]
    for _ in range(3):
        limits.count(*both)
    real_clock.at += timedelta(minutes=1)
    limits.count(*both)
    real_clock.at += timedelta(minutes=1)
    with pytest.raises(TooManyTries) as refused:
        limits.count(*both)
    assert refused.value.retry_after_s == 58 * 60


def test_a_right_try_counts_for_nothing(limits: Limits) -> None:
    for _ in range(5):
        with limits.counting_wrong((THREE, ("one",))) as was_right:
            was_right()
    for _ in range(3):
        with limits.counting_wrong((THREE, ("one",))):
            pass
    with pytest.raises(TooManyTries), limits.counting_wrong((THREE, ("one",))):
        pytest.fail("it was let in")


def test_processes_and_restarts_count_together(hub: Hub, limits: Limits, real_clock: FixedClock) -> None:
    for each in (limits, Limits(hub, real_clock.now), Limits(hub, real_clock.now)):
        each.count((THREE, ("one",)))
    with pytest.raises(TooManyTries):
        Limits(hub, real_clock.now).count((THREE, ("one",)))


def test_a_crowd_at_once_gets_no_more_than_the_limit(limits: Limits) -> None:
    def is_let_in(_: int) -> bool:
        try:
            limits.count((THREE, ("one",)), (ANOTHER, ("two",)))
        except TooManyTries:
            return False
        return True

    with ThreadPoolExecutor(12) as crowd:
        assert sum(crowd.map(is_let_in, range(24))) == 3


def test_two_processes_that_take_many_at_once_never_pass_the_limit(
    hub: Hub, limits: Limits, real_clock: FixedClock
) -> None:
    processes = [limits, Limits(hub, real_clock.now)]

    def is_let_in(number: int) -> bool:
        try:
            processes[number % 2].count_from_lease(FIFTY, "one")
        except TooManyTries:
            return False
        return True

    assert 30 <= sum(is_let_in(number) for number in range(100)) <= 50
    real_clock.at += timedelta(minutes=1)
    limits.count_from_lease(FIFTY, "one")


def test_who_did_something_rightly_is_known_for_a_month(limits: Limits, real_clock: FixedClock) -> None:
    assert not limits.knows("door", "one")
    for _ in range(60):
        limits.remember("door", "one")
    real_clock.at += timedelta(days=29)
    assert (limits.knows("door", "one"), limits.knows("door", "other")) == (True, False)
    real_clock.at += timedelta(days=2)
    assert not limits.knows("door", "one")


def test_what_counts_no_more_is_deleted(hub: Hub, limits: Limits, real_clock: FixedClock) -> None:
    limits.count((THREE, ("one",)), (LONGER, ("one",)), (ANOTHER, ("one",)))
    sweeps.forget_old(hub, real_now=real_clock.at + timedelta(minutes=2))
    with hub.reading(HUB) as tx:
        rows = tx.session.connection().exec_driver_sql("SELECT count(*) FROM attempt").scalar_one()
    assert rows == 1
