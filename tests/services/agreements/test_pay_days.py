"""Another pay day: asked for by either side, agreed by both, and only what is ahead moves."""

import pytest

from hub.domain.amendment import AmendmentEvent
from hub.domain.errors import AgreementConflict, Refused, StatusConflict
from tests.services.agreements.amending import DAY, Amending
from tests.services.case import Case
from tests.services.test_races import sound


@pytest.fixture
def amending(agreed: Case) -> Amending:
    """An agreement with 36 rows, due on the 20th from 2026-12-20 on."""
    return Amending(case=agreed)


def days(amending: Amending, count: int = 3) -> list[str]:
    return [row["due_on"] for row in amending.agreement["payments"][:count]]


def test_what_the_person_asks_for_counts_once_the_bank_agrees(amending: Amending) -> None:
    before = amending.agreement
    amendment_id = amending.ask_day(5, "工资每月 3 日到账")
    assert days(amending) == ["2026-12-20", "2027-01-20", "2027-02-20"]
    assert amending.newest(DAY)["rows"][0] == {
        "number": 1,
        "due_on_before": "2026-12-20",
        "due_on": "2026-12-05",
        "total_fen": before["payments"][0]["total_fen"],
    }
    amending.agree(amendment_id)
    after = amending.agreement
    assert days(amending) == ["2026-12-05", "2027-01-05", "2027-02-05"]
    assert [row["total_fen"] for row in after["payments"]] == [row["total_fen"] for row in before["payments"]]
    assert (after["schedule"], after["digest"], after["status"]) == (before["schedule"], before["digest"], "in_force")
    assert [(each["number"], each["status"]) for each in after["amendments"]] == [(f"{after['number']}-01", "in_force")]
    assert amending.case.kinds()[-2:] == ["amended", "delivered"]
    assert len(amending.case.mails("amended")) == 1
    assert sound(amending.case.hub)


def test_what_the_bank_proposes_counts_once_the_person_signs(amending: Amending) -> None:
    amendment_id = amending.propose_day(28, "方便您在发薪后还款。")
    assert (amending.newest(DAY)["status"], amending.newest(DAY)["by"]) == ("proposed", "bank")
    assert len(amending.case.mails("amendment_answered")) == 1
    with pytest.raises(StatusConflict):
        amending.agree(amendment_id)
    assert amending.sign(amendment_id, DAY) is None
    assert days(amending) == ["2026-12-28", "2027-01-28", "2027-02-28"]


def test_where_time_changed_the_rows_the_person_sees_them_first(amending: Amending) -> None:
    amendment_id = amending.ask_day(5)
    amending.case.at("2026-12-04 10:00")
    amending.agree(amendment_id)
    assert (amending.newest(DAY)["status"], amending.newest(DAY)["rows"][0]["due_on"]) == ("proposed", "2027-01-05")
    assert days(amending, 1) == ["2026-12-20"]
    assert amending.sign(amendment_id, DAY) is None
    assert days(amending, 1) == ["2027-01-05"]


def test_rows_that_changed_after_the_code_are_not_signed(amending: Amending) -> None:
    amendment_id = amending.propose_day(5)
    code = amending.send_code(amendment_id, DAY)
    amending.case.pay(1, amending.agreement["payments"][0]["total_fen"])
    with pytest.raises(AgreementConflict, match="rows_changed"):
        amending.try_code(amendment_id, DAY, code)
    amending.case.at("2026-11-21 10:05")
    assert amending.sign(amendment_id, DAY) is None
    assert days(amending, 2) == ["2026-12-20", "2027-01-05"]
    assert sound(amending.case.hub)


def test_what_is_missed_follows_the_new_day(amending: Amending) -> None:
    amending.agree(amending.ask_day(5))
    amending.case.at("2026-12-07 10:00")
    with pytest.raises(AgreementConflict, match="not_due"):
        amending.case.miss(1)
    amending.case.at("2026-12-08 10:00")
    amending.case.miss(1)
    assert amending.case.rows()[0] == ("missed", 0)
    # A later change leaves what is due already where it is.
    amending.agree(amending.ask_day(25))
    assert days(amending, 2) == ["2026-12-05", "2027-01-25"]
    assert [each["number"][-2:] for each in amending.agreement["amendments"]] == ["01", "02"]


def test_a_pay_day_and_then_an_early_settlement(amending: Amending) -> None:
    amending.agree(amending.ask_day(5))
    amending.settling()
    [row] = amending.agreement["payments"]
    assert (row["due_on"], row["total_fen"]) == ("2026-12-10", 1_853_000)
    amending.case.at("2026-12-14 00:00")
    assert days(amending) == ["2026-12-05", "2027-01-05", "2027-02-05"]


def test_the_same_day_is_refused_and_nothing_is_written(amending: Amending) -> None:
    entries = len(amending.case.log())
    with pytest.raises(Refused, match="/day: pay_day_same"):
        amending.ask_day(20)
    assert (len(amending.case.log()), amending.newest(DAY)) == (entries, None)


def test_declined_refused_withdrawn_and_lapsed_leave_the_days(amending: Amending) -> None:
    amending.end(amending.ask_day(), DAY, AmendmentEvent.WITHDRAWN)
    amending.refuse(amending.ask_day(), DAY)
    amending.end(amending.propose_day(), DAY, AmendmentEvent.DECLINED, "不方便")
    amending.propose_day()
    amending.case.at("2026-11-28 10:00")
    assert amending.newest(DAY)["status"] == "lapsed"
    assert days(amending, 1) == ["2026-12-20"]
