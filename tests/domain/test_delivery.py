"""The life of a message to a bank, over every status and every event, and the waits between attempts."""

from datetime import UTC, datetime, timedelta

import pytest

from hub.domain.delivery import DeliveryEvent, DeliveryStatus, next_status, next_wait, spread_of, statuses_allowing
from hub.domain.errors import StatusConflict

S, E = DeliveryStatus, DeliveryEvent

ALLOWED = {
    (S.WAITING, E.ARRIVED): S.DELIVERED,
    (S.WAITING, E.FAILED): S.WAITING,
    (S.WAITING, E.GIVEN_UP): S.UNDELIVERABLE,
    (S.WAITING, E.CANCELLED): S.CANCELLED,
    (S.UNDELIVERABLE, E.ARRIVED): S.DELIVERED,
    (S.UNDELIVERABLE, E.SENT_AGAIN): S.WAITING,
    (S.UNDELIVERABLE, E.CANCELLED): S.CANCELLED,
    (S.DELIVERED, E.CAME_BACK): S.UNDELIVERABLE,
    (S.CANCELLED, E.ARRIVED): S.DELIVERED,
}


@pytest.mark.parametrize(("status", "event"), [(status, event) for status in S for event in E])
def test_every_status_and_event_leads_where_it_should_or_is_a_conflict(
    status: DeliveryStatus, event: DeliveryEvent
) -> None:
    expected = ALLOWED.get((status, event))
    if expected is None:
        with pytest.raises(StatusConflict, match=f"{event} in {status}"):
            next_status(status, event)
    else:
        assert next_status(status, event) is expected


def test_only_what_the_bank_does_not_have_can_be_cancelled() -> None:
    assert statuses_allowing(E.CANCELLED) == [S.WAITING, S.UNDELIVERABLE]


@pytest.mark.parametrize(
    ("attempts", "elapsed", "wait"),
    [
        (0, None, timedelta(seconds=3)),
        (1, timedelta(seconds=8), timedelta(seconds=45)),
        (1, timedelta(minutes=3), timedelta(seconds=45)),
        (2, timedelta(seconds=58), timedelta(minutes=5)),
        (20, timedelta(hours=20), timedelta(hours=6)),
        (20, timedelta(hours=70), timedelta(hours=2)),
        (20, timedelta(hours=72), None),
        (20, None, timedelta(seconds=3)),
    ],
)
def test_waits_grow_up_to_the_time_to_give_up(attempts: int, elapsed: timedelta | None, wait: timedelta | None) -> None:
    now = datetime(2026, 11, 24, 2, tzinfo=UTC)
    first = None if elapsed is None else now - elapsed
    assert next_wait(attempts, first, now, timedelta(days=3)) == wait


def test_what_failed_together_comes_again_within_a_tenth() -> None:
    assert [spread_of("x0000"), spread_of("xffff")] == pytest.approx([0.9, 1.1])
