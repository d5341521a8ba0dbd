"""A bank's time to answer: when it begins, what answers it, how it pauses, moves, and is breached once."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from hub.domain.actor import HUB
from hub.domain.notices import PUBLISHED, Notice
from hub.services.negotiations import answer_clocks
from hub.services.operating import sweeps
from hub.wiring import Hub
from hub.work.jobs import schedules_of
from tests.applications import ICBC
from tests.services.case import LARGE_OFFER, Case, china
from tests.services.conftest import OpenCase, SetRules

# The tests begin on Saturday, 21 November 2026; the days after are ordinary until New Year.
DUE = "2026-12-01 18:00"


def test_the_day_of_receipt_is_not_counted_and_neither_are_weekends(open_case: OpenCase) -> None:
    case = open_case()
    clock = case.view()["clock"]
    assert (case.due, clock["provisional"], clock["paused"], clock["working_days_left"]) == (DUE, False, False, 7)
    days = {each["date"]: each["number"] for each in clock["explained"]}
    assert (days["2026-11-22"], days["2026-11-23"], days["2026-12-01"]) == (None, 1, 7)


def test_no_clock_runs_before_the_packet_is_with_the_bank(open_case: OpenCase) -> None:
    case = open_case(worked_off=False)
    assert (case.view()["clock"], case.view()["clocks"]) == (None, [])


def test_a_bank_sets_its_own_days_and_hour_and_a_running_clock_keeps_its_own(
    open_case: OpenCase, set_rules: SetRules
) -> None:
    first = open_case()
    set_rules(response_days="3", closes_at="17:30")
    assert (first.due, open_case().due) == (DUE, "2026-11-25 17:30")


def test_acknowledging_asking_and_writing_answer_no_clock(open_case: OpenCase) -> None:
    case = open_case()
    case.acknowledge()
    case.ask()
    assert case.due == DUE
    assert case.view()["clocks"][0]["answered_at"] is None


def test_an_offer_answers_when_it_opens_and_not_while_it_waits_for_approval(open_case: OpenCase) -> None:
    case = open_case()
    offer = case.offer(LARGE_OFFER)
    assert (case.status, case.due) == ("awaiting_bank", DUE)
    case.clock.at = china("2026-11-23 09:00")
    case.approve(offer)
    [clock] = case.view()["clocks"]
    assert (case.due, clock["answered_at"], clock["breached"]) == (None, "2026-11-23T09:00:00+08:00", False)


def test_a_rejection_answers(open_case: OpenCase) -> None:
    case = open_case()
    case.reject()
    assert case.due is None
    assert case.view()["clocks"][0]["answered_at"] is not None


@pytest.mark.parametrize("turn", ["counter", "decline"])
def test_a_counter_offer_and_a_declined_offer_begin_a_new_clock(open_case: OpenCase, turn: str) -> None:
    case = open_case()
    offer = case.offer()
    case.clock.at = china("2026-11-24 10:00")
    case.counter() if turn == "counter" else case.decline(offer)
    assert (case.status, case.due, len(case.view()["clocks"])) == ("awaiting_bank", "2026-12-03 18:00", 2)


def test_declining_one_of_two_offers_begins_no_clock(open_case: OpenCase) -> None:
    case = open_case()
    first, _ = case.offer(), case.offer()
    case.decline(first)
    assert (case.status, case.due, len(case.view()["clocks"])) == ("offered", None, 1)


@pytest.mark.parametrize("ending", ["withdraw", "accept an earlier offer"])
def test_a_clock_that_ends_without_an_answer_is_neither_running_nor_answered(open_case: OpenCase, ending: str) -> None:
    case = open_case()
    offer = case.offer()
    case.counter()
    case.withdraw() if ending == "withdraw" else case.accept(offer)
    assert (case.due, case.view()["clock"]) == (None, None)
    assert case.view()["clocks"][1]["answered_at"] is None
    with case.hub.reading(HUB) as tx:
        assert answer_clocks.report(tx, as_of=tx.now) == []


class TestPause:
    """A bank with `pause_on_evidence`: asking moves the due time five working days on, once a negotiation."""

    @pytest.fixture
    def case(self, open_case: OpenCase, set_rules: SetRules) -> Case:
        set_rules(pause_on_evidence="true")
        return open_case()

    def test_the_due_time_moves_at_once(self, case: Case) -> None:
        case.clock.at = china("2026-11-24 10:00")
        case.ask()
        assert (case.due, case.view()["clock"]["paused"]) == ("2026-12-08 18:00", True)
        assert case.view()["evidence_request"]["due_at"] == "2026-12-01T18:00:00+08:00"
        assert case.kinds()[-2:] == ["evidence_requested", "clock_moved"]

    def test_an_answer_leaves_the_working_days_that_were_waited(self, case: Case) -> None:
        case.clock.at = china("2026-11-24 10:00")
        case.ask()
        case.clock.at = china("2026-11-26 10:00")
        case.write("没有流水", answers=True)
        assert (case.due, case.view()["clock"]["paused"]) == ("2026-12-03 18:00", False)

    def test_an_answer_on_the_day_of_asking_gives_the_old_due_time_back(self, case: Case) -> None:
        case.ask()
        case.write("没有流水", answers=True)
        assert case.due == DUE

    def test_no_answer_in_time_leaves_the_five_days_however_late_that_is_seen(self, case: Case) -> None:
        case.clock.at = china("2026-11-24 10:00")
        case.ask()
        case.at("2026-12-03 10:00")
        assert (case.status, case.due, case.view()["clock"]["paused"]) == ("in_review", "2026-12-08 18:00", False)

    def test_a_second_request_pauses_no_more(self, case: Case) -> None:
        case.ask()
        case.write("没有流水", answers=True)
        case.ask("请补充收入证明")
        assert (case.due, case.view()["clock"]["paused"]) == (DUE, False)

    def test_a_pause_of_one_turn_is_the_only_one_of_the_negotiation(self, case: Case) -> None:
        case.ask()
        case.offer()
        case.counter()
        before = case.due
        case.ask("请补充收入证明")
        assert (case.due, case.view()["clock"]["paused"]) == (before, False)

    def test_a_paused_clock_is_not_breached(self, case: Case) -> None:
        case.clock.at = china("2026-12-01 17:00")
        case.ask()
        case.at("2026-12-02 10:00")
        assert ("breached" in case.kinds(), case.view()["clock"]["breached"]) == (False, False)

    def test_nor_is_one_whose_answer_waits_for_a_verdict_beyond_the_due_time(self, case: Case) -> None:
        case.ask()
        case.write("流水在这里", case.upload())
        case.clock.at = china("2026-12-31 10:00")
        sweeps.run_due(case.hub)
        assert (case.status, case.view()["clock"]["paused"]) == ("awaiting_cardholder", True)
        assert ("breached" in case.kinds(), case.view()["clock"]["breached"]) == (False, False)


def test_without_the_setting_a_request_moves_nothing(open_case: OpenCase) -> None:
    case = open_case()
    case.ask()
    assert (case.due, case.view()["clock"]["paused"]) == (DUE, False)


def test_a_breach_is_in_the_log_once_and_is_shown_ever_after(open_case: OpenCase) -> None:
    case = open_case()
    case.at(DUE)
    assert ("breached" in case.kinds(), case.view()["clock"]["breached"]) == (False, False)
    case.at("2026-12-01 18:01")
    case.at("2026-12-05 10:00")
    assert (case.kinds().count("breached"), case.view()["clock"]["working_days_left"]) == (1, 0)
    case.reject()
    assert case.view()["clocks"][0]["breached"] is True


def test_an_answer_at_the_due_instant_is_in_time(open_case: OpenCase) -> None:
    case = open_case()
    case.clock.at = china(DUE)
    case.offer()
    assert case.view()["clocks"][0]["breached"] is False


NEW_YEAR_2027 = Notice(
    year=2027,
    notice="国办发明电〔2026〕9号",
    published_on=date(2026, 11, 25),
    off=frozenset(date(2027, 1, day) for day in (1, 2, 3, 4, 5)),
    work=frozenset({date(2027, 1, 9)}),
)


def _late_case(open_case: OpenCase) -> Case:
    """Received on 28 December 2026, so that its due time lies in a year without a notice."""
    case = open_case(worked_off=False)
    case.clock.at = china("2026-12-28 10:00")
    case.work_off()
    return case


def test_around_the_new_year_a_due_time_is_provisional_until_the_notice_is_there(open_case: OpenCase) -> None:
    other = open_case()
    case = _late_case(open_case)
    other.reject()
    assert (case.due, case.view()["clock"]["provisional"]) == ("2027-01-07 18:00", True)

    assert answer_clocks.import_notice(case.hub, NEW_YEAR_2027, actor=HUB) == 1
    assert (case.due, case.view()["clock"]["provisional"]) == ("2027-01-09 18:00", False)
    moved = case.log()[-1]
    assert moved.header.kind == "clock_moved"
    assert moved.text is not None
    assert "国办发明电〔2026〕9号" in moved.text
    assert other.kinds()[-1] == "rejected"


def test_a_notice_that_moves_the_day_of_a_breach_takes_nothing_out_of_the_log(open_case: OpenCase) -> None:
    case = open_case()
    case.at("2026-12-01 18:01")
    assert case.kinds()[-1] == "breached"
    official = PUBLISHED[-1]
    later = replace(official, notice="国办发明电〔2026〕2号", off=official.off | {date(2026, 11, 30)})
    answer_clocks.import_notice(case.hub, later, actor=HUB)
    assert (case.due, case.kinds()[-2:]) == ("2026-12-02 18:00", ["breached", "clock_moved"])
    assert str(case.log()[-1].text).startswith("答复期限由 2026-12-01 18:00 改为 2026-12-02 18:00。")
    case.at("2026-12-02 18:01")
    assert case.kinds().count("breached") == 2


def test_a_notice_that_moves_nothing_is_no_entry_and_imports_twice_alike(open_case: OpenCase) -> None:
    case = _late_case(open_case)
    for _ in range(2):
        answer_clocks.import_notice(case.hub, NEW_YEAR_2027, actor=HUB)
    assert case.kinds().count("clock_moved") == 1


def test_an_import_that_was_cut_off_is_gone_on_with(open_case: OpenCase, hub: Hub) -> None:
    answered, late = open_case(), _late_case(open_case)
    with hub.writing(HUB) as tx:
        answer_clocks.put_in_force(tx, NEW_YEAR_2027)
    assert late.due == "2027-01-07 18:00"
    answered.reject()
    schedules_of(hub)["follow_calendar"].run(late.clock.at)
    assert (late.due, late.kinds()[-1]) == ("2027-01-09 18:00", "clock_moved")
    assert answered.kinds()[-1] == "rejected"
    assert answer_clocks.follow_calendar(hub) == 0


def test_the_report_lists_running_clocks_the_one_due_first_in_front(open_case: OpenCase, set_rules: SetRules) -> None:
    late = open_case()
    set_rules(response_days="2")
    early = open_case()
    open_case().reject()
    with late.hub.reading(HUB) as tx:
        lines = [line.plain() for line in answer_clocks.report(tx, as_of=tx.now + timedelta(days=5))]
    expected = [(early.view()["reference"], ICBC, True, 0), (late.view()["reference"], ICBC, False, 3)]
    found = [(each["negotiation"], each["bank_code"], each["breached"], each["working_days_left"]) for each in lines]
    assert found == expected
