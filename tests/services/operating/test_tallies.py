"""The tally of a bank's queue: what is counted, for whom, and that another bank's cases change nothing of it."""

from datetime import timedelta

from hub.domain.actor import HUB
from hub.domain.plain import to_plain
from hub.domain.queue_question import Tab, Urgency
from hub.domain.staff import Role
from hub.domain.tally import STALE_AFTER, Tally
from hub.services.accounts import staff
from hub.services.operating import tallies
from hub.wiring import Hub
from storage import negotiation_locks
from storage import tallies as rows
from tests.applications import CITIC, ICBC
from tests.services.case import LARGE_OFFER
from tests.services.conftest import OpenCase, SetRules


def tally(hub: Hub, bank_code: str = ICBC) -> Tally:
    tallies.renew(hub)
    with hub.reading(HUB) as tx:
        found = rows.find(tx, bank_code)
    assert found is not None
    return found


def test_everything_that_tabs_and_cards_show_is_counted(open_case: OpenCase, set_rules: SetRules) -> None:
    set_rules(pause_on_evidence="true")
    mine, waiting, countered, written, paused, agreed = (open_case() for _ in range(6))
    hub = mine.hub
    with hub.writing(HUB) as tx:
        clerk, _ = staff.add(tx, role=Role.REVIEWER, email="a@icbc.example", bank_code=ICBC, at=tx.now)
        boss, _ = staff.add(tx, role=Role.SUPERVISOR, email="b@icbc.example", bank_code=ICBC, at=tx.now)
        negotiation_locks.lock(tx, mine.id).owner_id = clerk.id
    waiting.offer(LARGE_OFFER)
    countered.offer()
    countered.counter()
    written.write("请尽快")
    paused.ask()
    agreed.accept(agreed.offer())
    found = tally(hub)
    assert found.tabs == {
        Tab.ALL: 5, Tab.UNASSIGNED: 4, Tab.COUNTERED: 1, Tab.MESSAGES: 1, Tab.ASKED: 1, Tab.AGREED: 1,
    }  # fmt: skip
    assert (found.due[Urgency.LATER], found.due[Urgency.PAUSED], found.due[Urgency.LATE]) == (4, 1, 0)
    assert (found.mine, found.in_force) == ({clerk.id: 1}, 1)
    assert found.to_approve == {boss.id: 1}
    assert (found.count_for(Tab.MINE, clerk.id), found.count_for(Tab.MINE, boss.id)) == (1, 0)


def test_what_is_late_and_how_answers_came_is_told(open_case: OpenCase) -> None:
    late, quick = open_case(), open_case()
    late.clock.at += timedelta(days=2)
    quick.offer()
    late.at("2026-12-03 10:00")
    found = tally(late.hub)
    assert found.due[Urgency.LATE] == 1
    assert found.late_since is not None
    assert found.late_since < late.clock.at
    assert (found.answers.month, found.answers.due, found.answers.in_time) == ("2026-12", 1, 0)
    assert (found.answers_before.month, found.answers_before.percent) == ("2026-11", 100.0)
    assert found.answers.median_days is None
    assert found.answers_before.median_days is not None


def test_a_tally_gets_old(open_case: OpenCase) -> None:
    case = open_case()
    found = tally(case.hub)
    assert not found.is_stale(case.clock.at)
    assert found.is_stale(case.clock.at + STALE_AFTER + timedelta(seconds=1))


def test_the_other_bank_s_cases_change_nothing(open_case: OpenCase) -> None:
    first = open_case()
    before = to_plain(tally(first.hub))
    for _ in range(2):
        other = open_case(CITIC)
        other.write("请尽快")
    assert {**to_plain(tally(first.hub)), "counted_at": ""} == {**before, "counted_at": ""}
    assert tally(first.hub, CITIC).tabs[Tab.ALL] == 2
