"""A bank that has registered an application and decides later: what is told, and that no clock is answered."""

from datetime import date

import pytest

from hub.domain.errors import Refused, StatusConflict
from tests.services.conftest import OpenCase


def test_it_is_picked_up_told_and_mailed_and_the_clock_runs_on(open_case: OpenCase) -> None:
    case = open_case()
    due = case.due
    case.defer()
    view = case.view()
    assert view["decision_deferred"] == {"decision_by": "2026-12-04", "text": "已登记，正在核对账户"}
    assert (view["status"], case.due) == ("in_review", due)
    assert view["clock"]["answered_at"] is None
    assert case.kinds()[-2:] == ["acknowledged", "decision_deferred"]
    assert "2026-12-04" in (case.log()[-1].text or "")
    assert len(case.mails("decision_deferred")) == 1


def test_the_clock_is_breached_as_if_nothing_had_been_said(open_case: OpenCase) -> None:
    case = open_case()
    case.defer()
    case.at("2026-12-01 18:01")
    assert case.view()["clock"]["breached"]
    assert "breached" in case.kinds()


def test_it_may_be_said_again_and_the_same_again_changes_nothing(open_case: OpenCase) -> None:
    case = open_case()
    case.defer()
    length = len(case.log())
    case.defer()
    assert len(case.log()) == length
    case.defer(date(2026, 12, 8), "还要几天")
    assert case.view()["decision_deferred"] == {"decision_by": "2026-12-08", "text": "还要几天"}
    assert len(case.log()) == length + 1
    assert len(case.mails("decision_deferred")) == 2


def test_it_may_be_said_while_papers_are_asked_for_and_is_over_with_the_answer(open_case: OpenCase) -> None:
    case = open_case()
    case.ask()
    case.defer()
    assert case.view()["status"] == "awaiting_cardholder"
    case.offer()
    assert case.view()["decision_deferred"] is None
    with pytest.raises(StatusConflict):
        case.defer()


@pytest.mark.parametrize("day", [date(2026, 11, 21), date(2026, 12, 22)])
def test_a_day_out_of_bounds_is_refused_and_nothing_is_written(open_case: OpenCase, day: date) -> None:
    case = open_case()
    length = len(case.log())
    with pytest.raises(Refused) as refused:
        case.defer(day)
    assert [(fault.pointer, fault.code) for fault in refused.value.faults] == [("/decision_by", "decision_by_range")]
    assert (case.status, len(case.log()), case.view()["decision_deferred"]) == ("awaiting_bank", length, None)
