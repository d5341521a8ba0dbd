"""Cases are given to people, one or many at once: planned, done row by row, undone for half a minute, on record."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from hub.domain.assignment import Obstacle, Turn, Way
from hub.domain.bank import Bank
from hub.domain.errors import NotFound, Refused
from hub.domain.staff import Role
from hub.services.negotiations import assignment, assignment_plan, review
from hub.wiring import Hub
from tests.applications import CMB, ICBC
from tests.services.case import Case
from tests.services.conftest import OpenCase
from tests.services.desk import Desk, acts


@pytest.fixture
def desk(hub: Hub, banks: dict[str, Bank]) -> Desk:
    """Two banks without people."""
    return Desk(hub=hub)


@pytest.fixture
def zhou(desk: Desk) -> str:
    """A reviewer."""
    return desk.person("周敏")


@pytest.fixture
def chen(desk: Desk) -> str:
    """Another one."""
    return desk.person("陈磊")


def obstacles(done: assignment.Assignment) -> list[Obstacle | None]:
    return [each.obstacle for each in done.outcomes]


def codes(error: pytest.ExceptionInfo[Refused]) -> list[tuple[str, str]]:
    return [(fault.pointer, fault.code) for fault in error.value.faults]


def test_whoever_picks_up_a_case_of_nobody_has_it(desk: Desk, zhou: str, chen: str, open_case: OpenCase) -> None:
    case, owned, by_program = open_case(), open_case(), open_case()
    desk.assign(zhou, Way.PERSON, [owned], chen)
    for each in (case, owned):
        with case.hub.writing(acts(zhou)) as tx:
            review.acknowledge(tx, each.id, bank_code=ICBC)
    with case.hub.writing(Case.ADAPTER) as tx:
        review.acknowledge(tx, by_program.id, bank_code=ICBC)
    assert [desk.owner_of(each) for each in (case, owned, by_program)] == [zhou, chen, None]


def test_who_only_looks_has_no_case_by_picking_it_up(desk: Desk, open_case: OpenCase) -> None:
    case, auditor = open_case(), desk.person("谢岚", Role.AUDITOR)
    with case.hub.writing(acts(auditor)) as tx:
        review.acknowledge(tx, case.id, bank_code=ICBC)
    assert desk.owner_of(case) is None


def test_a_plan_writes_nothing_and_says_what_would_become_of_each(
    desk: Desk, zhou: str, chen: str, open_case: OpenCase
) -> None:
    free, hers, ended, theirs = open_case(), open_case(), open_case(), open_case(CMB)
    desk.assign(zhou, Way.PERSON, [hers], chen)
    ended.withdraw()
    lines = len(desk.audit())
    asked = [free.id, hers.id, ended.id, theirs.id, "0" * 32, free.id]
    with desk.hub.reading(acts(zhou)) as tx:
        planned = assignment_plan.plan(tx, asked, Way.PERSON, bank_code=ICBC, owner_id=chen)
    assert [each.obstacle for each in planned] == [
        None,
        Obstacle.SAME,
        Obstacle.ENDED,
        Obstacle.UNKNOWN,
        Obstacle.UNKNOWN,
    ]
    # Another bank's case says no more than one that nobody has.
    assert [each.reference for each in planned[3:]] == ["", ""]
    assert (planned[0].before, planned[0].owner) == (None, chen)
    assert (desk.owner_of(free), len(desk.audit())) == (None, lines)


def test_many_are_given_in_turn_and_the_next_lot_goes_on_where_the_last_ended(
    desk: Desk, zhou: str, chen: str, open_case: OpenCase
) -> None:
    cases = [open_case() for _ in range(5)]
    lead = desk.person("韩磊", Role.SUPERVISOR)
    assert [each.owner for each in desk.assign(lead, Way.IN_TURN, cases[:3]).outcomes] == [zhou, chen, zhou]
    assert [each.owner for each in desk.assign(lead, Way.IN_TURN, cases[3:]).outcomes] == [chen, zhou]


def test_by_load_cases_go_to_whoever_has_the_fewest(desk: Desk, zhou: str, chen: str, open_case: OpenCase) -> None:
    cases = [open_case() for _ in range(6)]
    desk.assign(zhou, Way.PERSON, cases[:2], chen)
    assert [each.owner for each in desk.assign(zhou, Way.BY_LOAD, cases[2:]).outcomes] == [zhou, zhou, zhou, chen]


def test_a_team_is_given_cases_that_has_people_and_supervisors_where_there_is_nobody_else(
    desk: Desk, zhou: str, open_case: OpenCase
) -> None:
    case, empty, led = open_case(), desk.team("三组"), desk.team("四组")
    theirs = desk.team("三组", CMB)
    lead = desk.person("韩磊", Role.SUPERVISOR, led)

    def planned(team_id: str) -> Any:
        with desk.hub.reading(acts(zhou)) as tx:
            return assignment_plan.plan(tx, [case.id], Way.BY_LOAD, bank_code=ICBC, team_id=team_id)

    assert [each.owner for each in planned(led.id)] == [lead]
    for team, code in ((empty.id, "nobody_to_assign"), (theirs.id, "team_unknown"), ("0" * 32, "team_unknown")):
        with pytest.raises(Refused) as refused:
            planned(team)
        assert codes(refused) == [("/team", code)]


def test_what_somebody_changed_meanwhile_is_left_and_the_rest_is_done(
    desk: Desk, zhou: str, chen: str, open_case: OpenCase
) -> None:
    moved, free = open_case(), open_case()
    turns = [Turn(negotiation_id=each.id, seen_owner=None, owner_id=zhou) for each in (moved, free)]
    desk.assign(chen, Way.PERSON, [moved], chen)
    with desk.hub.writing(acts(zhou)) as tx:
        done = assignment.carry_out(tx, Way.PERSON, turns, bank_code=ICBC)
    assert obstacles(done) == [Obstacle.CHANGED, None]
    assert done.outcomes[0].owner == chen
    assert [desk.owner_of(each) for each in (moved, free)] == [chen, zhou]


def test_a_case_is_given_back_and_is_nobodys(desk: Desk, zhou: str, open_case: OpenCase) -> None:
    case = open_case()
    desk.assign(zhou, Way.PERSON, [case], zhou)
    with desk.hub.writing(acts(zhou)) as tx:
        assignment.assign(tx, case.id, bank_code=ICBC, owner_id=None, seen_owner=zhou)
    assert desk.owner_of(case) is None
    assert [
        (each.about, dict(each.details), each.bank_code, each.actor)
        for each in desk.audit()
        if each.kind == "case_assigned"
    ] == [
        (each, details, ICBC, f"bank:staff/{zhou}")
        for each, details in (
            (case.reference, {"before": "周敏", "why": "given_back"}),
            (case.reference, {"owner": "周敏", "why": "taken"}),
        )
    ]


@pytest.mark.parametrize(
    ("role", "bank", "leaves", "code"),
    [
        (Role.AUDITOR, ICBC, False, "owner_not_acting"),
        (Role.BANK_ADMIN, ICBC, False, "owner_not_acting"),
        (Role.REVIEWER, CMB, False, "owner_unknown"),
        (Role.REVIEWER, ICBC, True, "owner_unknown"),
    ],
)
def test_only_somebody_of_the_bank_who_acts_can_have_a_case(
    desk: Desk, zhou: str, open_case: OpenCase, role: Role, bank: str, leaves: bool, code: str
) -> None:
    case, somebody = open_case(), desk.person("某人", role, bank=bank)
    if leaves:
        desk.leaves("某人", bank)
    lines = len(desk.audit())
    with desk.hub.writing(acts(zhou)) as tx, pytest.raises(Refused) as planned:
        assignment_plan.plan(tx, [case.id], Way.PERSON, bank_code=ICBC, owner_id=somebody)
    with desk.hub.writing(acts(zhou)) as tx, pytest.raises(Refused) as done:
        assignment.assign(tx, case.id, bank_code=ICBC, owner_id=somebody, seen_owner=None)
    assert codes(planned) == codes(done) == [("/owner", code)]
    assert (desk.owner_of(case), len(desk.audit())) == (None, lines)


def test_one_case_that_ended_or_went_to_somebody_else_is_refused_by_name(
    desk: Desk, zhou: str, chen: str, open_case: OpenCase
) -> None:
    ended, moved, free = open_case(), open_case(), open_case()
    ended.withdraw()
    desk.assign(chen, Way.PERSON, [moved], chen)
    for case, seen, code in (
        (ended, None, "case_has_ended"),
        (moved, None, "case_has_owner"),
        (free, chen, "case_is_nobodys"),
    ):
        with pytest.raises(Refused) as refused, desk.hub.writing(acts(zhou)) as tx:
            assignment.assign(tx, case.id, bank_code=ICBC, owner_id=zhou, seen_owner=seen)
        assert codes(refused) == [("/owner", code)]
    assert [desk.owner_of(each) for each in (ended, moved, free)] == [None, chen, None]


@pytest.mark.parametrize(("how_many", "code"), [(0, "no_case_chosen"), (101, "too_many_cases")])
def test_a_lot_is_neither_empty_nor_too_large(desk: Desk, zhou: str, how_many: int, code: str) -> None:
    ids = [f"{number:032d}" for number in range(how_many)]
    with desk.hub.reading(acts(zhou)) as tx, pytest.raises(Refused) as refused:
        assignment_plan.plan(tx, ids, Way.NOBODY, bank_code=ICBC)
    assert codes(refused) == [("/case", code)]


def test_undoing_puts_back_what_nobody_changed_since(desk: Desk, zhou: str, chen: str, open_case: OpenCase) -> None:
    kept, moved = open_case(), open_case()
    done = desk.assign(zhou, Way.PERSON, [kept, moved], zhou)
    desk.assign(chen, Way.PERSON, [moved], chen)
    undone = desk.undo(zhou, done)
    assert (undone.undone, obstacles(undone)) == (True, [None, Obstacle.CHANGED])
    assert [desk.owner_of(each) for each in (kept, moved)] == [None, chen]
    desk.assign(chen, Way.PERSON, [kept], chen)
    assert desk.undo(zhou, done) == undone
    assert desk.owner_of(kept) == chen


def test_undoing_ends_after_half_a_minute_and_is_for_whoever_did_it(
    desk: Desk, zhou: str, chen: str, open_case: OpenCase
) -> None:
    case = open_case()
    done = desk.assign(zhou, Way.PERSON, [case], zhou)
    with pytest.raises(NotFound):
        desk.undo(chen, done)
    case.clock.at += timedelta(seconds=31)
    with pytest.raises(Refused) as refused:
        desk.undo(zhou, done)
    assert codes(refused) == [("", "undo_over")]
    assert desk.owner_of(case) == zhou


def test_a_case_does_not_go_back_to_somebody_who_has_left(
    desk: Desk, zhou: str, chen: str, open_case: OpenCase
) -> None:
    case = open_case()
    desk.assign(chen, Way.PERSON, [case], chen)
    done = desk.assign(zhou, Way.PERSON, [case], zhou)
    desk.leaves("陈磊")
    assert obstacles(desk.undo(zhou, done)) == [Obstacle.CHANGED]
    assert desk.owner_of(case) == zhou


def test_many_are_picked_up_at_once_and_that_is_for_good(desk: Desk, zhou: str, chen: str, open_case: OpenCase) -> None:
    free, hers, known = open_case(), open_case(), open_case()
    desk.assign(zhou, Way.PERSON, [hers], chen)
    known.acknowledge()
    with desk.hub.reading(acts(zhou)) as tx:
        asked = [each.id for each in (free, hers, known)]
        planned = assignment_plan.plan(tx, asked, Way.ACKNOWLEDGE, bank_code=ICBC)
    done = desk.assign(zhou, Way.ACKNOWLEDGE, [free, hers, known])
    assert list(done.outcomes) == planned
    assert obstacles(done) == [None, None, Obstacle.NOT_WAITING]
    assert [each.status for each in (free, hers)] == ["in_review", "in_review"]
    assert [desk.owner_of(each) for each in (free, hers, known)] == [zhou, chen, None]
    with pytest.raises(Refused) as refused:
        desk.undo(zhou, done)
    assert codes(refused) == [("", "acknowledged_for_good")]


def test_the_cases_of_somebody_who_leaves_are_nobodys(desk: Desk, zhou: str, chen: str, open_case: OpenCase) -> None:
    hers, signed, his = open_case(), open_case(), open_case()
    desk.assign(zhou, Way.PERSON, [hers, signed], chen)
    desk.assign(zhou, Way.PERSON, [his], zhou)
    signed.accept(signed.offer())
    desk.leaves("陈磊")
    assert [desk.owner_of(each) for each in (hers, signed, his)] == [None, None, zhou]
    left = [each for each in desk.audit() if each.details.get("why") == "left"]
    assert {(each.about, each.details["before"]) for each in left} == {
        (hers.reference, "陈磊"),
        (signed.reference, "陈磊"),
    }
