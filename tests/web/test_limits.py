"""Limits of tries, by a clock of the test's own."""

import pytest
from limits import RateLimitItemPerMinute

from hub.domain.errors import TooManyTries
from hub.web.limits import Limits

THREE = RateLimitItemPerMinute(3, namespace="three")
ANOTHER = RateLimitItemPerMinute(3, namespace="another")


class Seconds:
    """A time that is moved by hand."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


@pytest.fixture
def limits(seconds: Seconds) -> Limits:
    return Limits(seconds)


def test_a_limit_that_is_used_up_says_when_it_is_free_again(limits: Limits, seconds: Seconds) -> None:
    for _ in range(3):
        limits.count(THREE, "one")
        seconds.now += 10
    with pytest.raises(TooManyTries) as refused:
        limits.count(THREE, "one")
    assert refused.value.retry_after_s == 30


def test_the_window_moves_and_does_not_begin_anew(limits: Limits, seconds: Seconds) -> None:
    for at in (0, 40, 50):
        seconds.now = 1000.0 + at
        limits.count(THREE, "one")
    seconds.now = 1060.0
    limits.count(THREE, "one")
    with pytest.raises(TooManyTries):
        limits.count(THREE, "one")


def test_each_is_counted_apart(limits: Limits) -> None:
    for _ in range(3):
        limits.count(THREE, "one")
    limits.count(THREE, "other")
    limits.count(THREE, "one", "part")
    limits.count(ANOTHER, "one")


def test_a_try_that_was_refused_is_not_counted(limits: Limits, seconds: Seconds) -> None:
    for _ in range(3):
        limits.count(THREE, "one")
    seconds.now += 59
    with pytest.raises(TooManyTries):
        limits.count(THREE, "one")
    seconds.now += 1
    limits.count(THREE, "one")


def test_who_does_not_come_back_is_forgotten(limits: Limits, seconds: Seconds) -> None:
    limits.count(THREE, "one")
    seconds.now += 61
    limits.count(THREE, "other")
    assert [whose for _, whose in limits._tries] == [("other",)]
