"""A machine's clock that jumps: nobody is reminded twice, nothing happens twice, and the log keeps its order."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest

from hub.domain.actor import HUB
from hub.domain.clock import FixedClock
from hub.services.documents import records
from hub.services.operating.invariants import breaches
from hub.wiring import Hub
from storage import mails
from tests.services.case import Case, china
from tests.services.conftest import OpenCase, SetRules
from tests.services.posting import DESK, Posting

BACK, ON = timedelta(hours=-1), timedelta(days=1)


@pytest.fixture
def posting(hub: Hub, clock: FixedClock, set_rules: SetRules) -> Posting:
    """The mails of a hub whose bank ICBC has a desk."""
    set_rules(desk_email=DESK)
    return Posting(hub=hub, clock=clock)


def jump(posting: Posting, case: Case, by: timedelta) -> None:
    """The clock is by so much another, for a while in which everything runs, and right again afterwards."""
    right = posting.clock.at
    for at in (right + by, right):
        posting.clock.at = at
        posting.machine.at = at
        for _ in range(2):
            posting.send()
            case.work_off()


def require_sound(hub: Hub, case: Case) -> None:
    """Every mail once, the log's entries one after the other, and every invariant."""
    with hub.reading(HUB) as tx:
        keys = Counter(row.key for row in mails.list_of(tx, case.id))
        assert records.verify_log(tx, case.id) is None
        assert list(breaches(tx, hub.store)) == []
    assert set(keys.values()) == {1}
    assert [entry.header.sequence for entry in case.log()] == list(range(1, len(case.log()) + 1))


LADDER = ("2026-11-27 08:50", "2026-11-30 08:50", "2026-12-01 08:50", "2026-12-01 18:05", "2026-12-02 18:05")


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("by", [BACK, -ON], ids=["an hour", "a day"])
def test_a_clock_that_jumps_back_reminds_nobody_twice(
    hub: Hub, posting: Posting, open_case: OpenCase, by: timedelta
) -> None:
    case = open_case()
    posting.send()
    for at in LADDER:
        posting.at(at)
        jump(posting, case, by)
    subjects = [subject for subject in posting.kept.subjects(DESK) if "新申请" not in subject]
    assert len(subjects) == len(set(subjects)) == len(LADDER)
    ids = [mail["Message-ID"] for mail in posting.kept.sent]
    assert len(ids) == len(set(ids))
    require_sound(hub, case)


def test_a_clock_that_jumps_on_by_a_day_and_back_tells_each_thing_once(
    hub: Hub, posting: Posting, open_case: OpenCase
) -> None:
    case = open_case()
    posting.send()
    # The time of two of the steps is only ever seen on the way.
    for at in ("2026-11-26 12:00", "2026-11-29 12:00", "2026-11-30 18:30", "2026-12-02 18:05"):
        posting.at(at)
        jump(posting, case, ON)
    ids = [mail["Message-ID"] for mail in posting.kept.sent]
    assert len(ids) == len(set(ids))
    tags = Counter(subject.split(" XS-")[0] for subject in posting.kept.subjects(DESK))
    assert set(tags.values()) == {1}
    assert case.kinds().count("breached") == 1
    require_sound(hub, case)


def test_what_both_sides_do_while_the_clock_is_back_stays_in_order(
    hub: Hub, clock: FixedClock, open_case: OpenCase
) -> None:
    case = open_case()
    clock.at = china("2026-11-24 10:00")
    case.ask()
    clock.at += BACK
    case.write("没有流水", answers=True)
    clock.at += BACK
    offer = case.offer()
    clock.at += ON
    case.accept(offer)
    clock.at -= ON
    case.work_off()
    case.sweep()
    assert case.status == "agreed"
    times = [entry.header.at for entry in case.log()]
    assert times != sorted(times)
    require_sound(hub, case)
