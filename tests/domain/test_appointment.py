"""Where an appointment stands, every status against every event; and what a person may ask for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from hub.domain.application import SupportNeed
from hub.domain.appointment import (
    AHEAD,
    RULES,
    TRANSITIONS,
    AppointmentEvent,
    AppointmentStatus,
    AppointmentWish,
    absence_from,
    acts_at,
    may_cancel,
)
from hub.domain.appointment_kind import AppointmentKind, AppointmentPurpose, AskedBy
from hub.domain.errors import Refused, StatusConflict

S, E = AppointmentStatus, AppointmentEvent
BRANCH, VIDEO, HOME = AppointmentKind
STARTS = datetime(2026, 12, 1, 2, tzinfo=UTC)
STEPS = {
    (S.REQUESTED, E.CONFIRM): S.CONFIRMED,
    (S.REQUESTED, E.CANCEL): S.CANCELLED,
    (S.REQUESTED, E.MOVE): S.MOVED,
    (S.REQUESTED, E.BANK_ABSENT): S.MISSED_BY_BANK,
    (S.CONFIRMED, E.CONFIRM): S.CONFIRMED,
    (S.CONFIRMED, E.REMIND): S.REMINDED,
    (S.CONFIRMED, E.BEGIN): S.BEGUN,
    (S.CONFIRMED, E.CANCEL): S.CANCELLED,
    (S.CONFIRMED, E.MOVE): S.MOVED,
    (S.CONFIRMED, E.PERSON_ABSENT): S.MISSED_BY_PERSON,
    (S.CONFIRMED, E.BANK_ABSENT): S.MISSED_BY_BANK,
    (S.REMINDED, E.CONFIRM): S.REMINDED,
    (S.REMINDED, E.BEGIN): S.BEGUN,
    (S.REMINDED, E.CANCEL): S.CANCELLED,
    (S.REMINDED, E.MOVE): S.MOVED,
    (S.REMINDED, E.PERSON_ABSENT): S.MISSED_BY_PERSON,
    (S.REMINDED, E.BANK_ABSENT): S.MISSED_BY_BANK,
    (S.MOVED, E.ACCEPT_MOVE): S.CONFIRMED,
    (S.MOVED, E.CANCEL): S.CANCELLED,
    (S.MOVED, E.MOVE): S.MOVED,
    (S.BEGUN, E.REPORT): S.DONE,
}


def wish(kind: AppointmentKind = BRANCH, **more: Any) -> AppointmentWish:
    return AppointmentWish(**{"kind": kind, "purpose": AppointmentPurpose.PAPERS, **more})


def codes(**more: Any) -> list[tuple[str, str]]:
    try:
        wish(**more)
    except Refused as error:
        return [(each.pointer, each.code) for each in error.faults]
    return []


@pytest.mark.parametrize("status", AppointmentStatus)
@pytest.mark.parametrize("event", AppointmentEvent)
def test_every_event_in_every_status(status: AppointmentStatus, event: AppointmentEvent) -> None:
    led_to = STEPS.get((status, event))
    if led_to is None:
        with pytest.raises(StatusConflict):
            RULES.next_status(status, event)
    else:
        assert RULES.next_status(status, event) is led_to


def test_the_table_has_every_status_and_what_is_ahead_can_end() -> None:
    assert set(TRANSITIONS) == set(AppointmentStatus)
    assert all(E.CANCEL in TRANSITIONS[each] for each in AHEAD)


def test_there_is_no_purpose_to_collect() -> None:
    assert {str(each) for each in AppointmentPurpose} == {"file", "identity", "papers", "sign", "other"}


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, []),
        ({"purpose": AppointmentPurpose.OTHER}, [("/own_words", "required")]),
        ({"purpose": AppointmentPurpose.OTHER, "own_words": "\u200b"}, [("/own_words", "required")]),
        ({"purpose": AppointmentPurpose.OTHER, "own_words": "想问征信的事"}, []),
        ({"kind": HOME, "address": "\u2060", "address_consent": True}, [("/address", "required")]),
        ({"own_words": "请上门收款"}, [("/own_words", "cash_refused")]),
        ({"own_words": "我想当面付现金"}, [("/own_words", "cash_refused")]),
        ({"own_words": "听说不收现金,放心了"}, []),
        (
            {"kind": HOME, "own_words": "走不动"},
            [("/address", "required"), ("/address_consent", "address_consent_needed")],
        ),
        ({"kind": HOME, "address": "某路 1 号"}, [("/address_consent", "address_consent_needed")]),
        ({"kind": HOME, "address": "某路 1 号", "address_consent": True}, []),
        ({"address": "某路 1 号"}, [("/address", "address_for_home_only")]),
        ({"kind": VIDEO}, [("/recording_consent", "recording_consent_needed")]),
        ({"kind": VIDEO, "recording_consent": True}, []),
    ],
)
def test_what_may_be_asked_for(asked: dict[str, Any], found: list[tuple[str, str]]) -> None:
    assert codes(**asked) == found


@pytest.mark.parametrize(
    ("needs", "age", "words", "is_taken"),
    [
        ((), 64, "", False),
        ((), None, "", False),
        ((), 30, "\u200b\u3164", False),
        ((), 65, "", True),
        ((SupportNeed.SIGHT,), 30, "", True),
        ((), 30, "刚做完手术,出不了门", True),
    ],
)
def test_home_needs_a_reason(needs: tuple[SupportNeed, ...], age: int | None, words: str, is_taken: bool) -> None:
    at_home = wish(HOME, own_words=words, address="某路 1 号", address_consent=True)
    if is_taken:
        at_home.require_home_reason(support_needs=needs, age=age)
        return
    with pytest.raises(Refused, match="home_needs_reason"):
        at_home.require_home_reason(support_needs=needs, age=age)


def test_a_branch_needs_no_reason() -> None:
    wish().require_home_reason(support_needs=(), age=None)


def test_while_collection_rests_they_meet_for_what_the_person_wants_alone() -> None:
    wish().require_own_purpose(hold_in_force=True)
    asked_by_bank = wish(asked_by=AskedBy.BANK)
    asked_by_bank.require_own_purpose(hold_in_force=False)
    with pytest.raises(Refused, match="hold_in_force"):
        asked_by_bank.require_own_purpose(hold_in_force=True)


@pytest.mark.parametrize(
    ("status", "minutes_before", "is_taken"),
    [
        (S.CONFIRMED, 61, True),
        (S.CONFIRMED, 60, True),
        (S.CONFIRMED, 59, False),
        (S.REQUESTED, 60, True),
        (S.MOVED, 1, True),
        (S.BEGUN, 600, False),
        (S.DONE, 600, False),
    ],
)
def test_until_when_one_may_cancel(status: AppointmentStatus, minutes_before: int, is_taken: bool) -> None:
    now = STARTS - timedelta(minutes=minutes_before)
    assert may_cancel(status, starts_at=STARTS, now=now) is is_taken


@pytest.mark.parametrize(
    ("status", "now", "at"),
    [
        (S.REQUESTED, "2026-12-01T09:00", "2026-12-03T20:00"),
        (S.CONFIRMED, "2026-12-01T09:00", "2026-12-02T09:00"),
        # Confirmed when its reminder would have gone out already.
        (S.CONFIRMED, "2026-12-02T09:00", "2026-12-03T20:00"),
        (S.REMINDED, "2026-12-02T09:00", "2026-12-03T20:00"),
        (S.BEGUN, "2026-12-03T10:00", "2026-12-03T20:00"),
        (S.MOVED, "2026-12-01T09:00", "2026-12-03T10:00"),
        (S.DONE, "2026-12-03T11:00", None),
        (S.CANCELLED, "2026-12-01T09:00", None),
        (S.MISSED_BY_BANK, "2026-12-03T20:00", None),
    ],
)
def test_what_happens_by_itself_next(status: AppointmentStatus, now: str, at: str | None) -> None:
    def china(text: str) -> datetime:
        return datetime.fromisoformat(f"{text}:00+08:00")

    found = acts_at(status, china("2026-12-03T10:00"), now=china(now))
    assert found == (None if at is None else china(at))


@pytest.mark.parametrize(("lasts", "since"), [(10, 10), (30, 30), (60, 30), (540, 30)])
def test_one_waits_half_an_hour_for_the_other_and_never_beyond_the_end(lasts: int, since: int) -> None:
    assert absence_from(STARTS, STARTS + timedelta(minutes=lasts)) == STARTS + timedelta(minutes=since)
