"""Early settlement: asked for, quoted, signed and paid, and all that can come between."""

import pytest

from hub.domain.agreement_end import EndReason
from hub.domain.amendment import AmendmentEvent
from hub.domain.errors import AgreementConflict, NotFound, Refused, StatusConflict
from tests.services.agreements.amending import DAY, EARLY, Amending
from tests.services.agreements.test_payments import LOWER_MINIMUM
from tests.services.case import Case, china
from tests.services.conftest import OpenCase, SetRules
from tests.services.test_races import sound


@pytest.fixture
def amending(agreed: Case) -> Amending:
    """An agreement over 18,500.00 in 36 rows from 2026-12-20 on, signed on 2026-11-21."""
    return Amending(case=agreed)


def test_a_request_waits_for_the_bank_with_the_hubs_own_estimate(amending: Amending) -> None:
    amending.ask_settlement(text="年终奖到了")
    request = amending.newest(EARLY)
    assert (request["status"], request["settle_on"], request["text"]) == ("with_bank", "2026-12-10", "年终奖到了")
    # 18,500.00 for 19 days at 3.60 %, by 365 days a year.
    assert request["estimate"] == {
        "principal_fen": 1_850_000,
        "interest_fen": 3_467,
        "fee_fen": 0,
        "total_fen": 1_853_467,
    }
    assert request["quote"] is None
    assert amending.case.kinds()[-2:] == ["amendment_asked", "delivered"]
    assert len(amending.case.mails("arrived_amendment_requested")) == 1


def test_a_quote_shows_every_figure_and_what_is_saved(amending: Amending) -> None:
    going_on = sum(row["total_fen"] for row in amending.agreement["payments"])
    amending.quoted()
    request = amending.newest(EARLY)
    quote = request["quote"]
    assert (request["status"], quote["total_fen"], quote["going_on_fen"]) == ("quoted", 1_853_000, going_on)
    assert (quote["saved_fen"], quote["fails_on"]) == (going_on - 1_853_000, "2026-12-14")
    assert "于 2026 年 12 月 10 日前（含当日）一次归还人民币 18,530.00 元" in quote["text"]
    assert amending.case.kinds()[-1] == "amendment_answered"
    assert len(amending.case.mails("amendment_answered")) == 1


def test_a_signed_settlement_is_one_row_and_paying_it_settles_the_agreement(amending: Amending) -> None:
    amending.case.pay(1, 10_000)
    before = amending.agreement
    amendment_id = amending.ask_settlement()
    # What came paid the first month's interest of 55.50, and then principal.
    amending.quote(amendment_id, principal_fen=1_845_550, interest_fen=0)
    assert amending.sign(amendment_id, EARLY) is None
    after = amending.agreement
    assert (after["schedule"], after["digest"]) == (before["schedule"], before["digest"])
    [row] = after["payments"]
    assert (row["number"], row["due_on"], row["paid_fen"]) == (1, "2026-12-10", 10_000)
    assert row["total_fen"] - row["paid_fen"] == 1_845_550
    [signed] = after["amendments"]
    assert (signed["number"], signed["status"]) == (f"{after['number']}-01", "awaiting_payment")
    assert len(amending.case.mails("amended")) == 1
    amending.case.at("2026-12-10 10:00")
    amending.case.pay(1, 1_845_550)
    ended = amending.agreement
    assert (ended["status"], ended["end_reason"]) == ("settled", "settled")
    assert (ended["early_settlement"]["status"], ended["payments"][0]["status"]) == ("done", "paid")
    assert sum(row["paid_fen"] for row in ended["payments"]) == 1_855_550
    assert sound(amending.case.hub)


def test_rows_that_were_paid_stay_as_they_are(amending: Amending) -> None:
    first = amending.agreement["payments"][0]
    amending.case.pay(1, first["total_fen"])
    amendment_id = amending.ask_settlement()
    amending.quote(amendment_id, principal_fen=1_800_000, interest_fen=0)
    assert amending.sign(amendment_id, EARLY) is None
    [paid, one] = amending.agreement["payments"]
    assert (paid["number"], paid["status"], paid["due_on"]) == (1, "paid", "2026-12-20")
    assert (one["number"], one["total_fen"], one["status"]) == (2, 1_800_000, "due")


def test_not_paid_in_time_the_rows_of_before_hold_again_with_all_that_came(amending: Amending) -> None:
    rows = amending.agreement["payments"]
    amending.settling()
    amending.case.at("2026-12-10 10:00")
    amending.case.pay(1, 60_000)
    amending.case.at("2026-12-13 23:59")
    assert amending.newest(EARLY)["status"] == "awaiting_payment"
    amending.case.at("2026-12-14 00:00")
    assert amending.newest(EARLY)["status"] == "void"
    after = amending.agreement
    assert [(row["number"], row["due_on"], row["total_fen"]) for row in after["payments"]] == [
        (row["number"], row["due_on"], row["total_fen"]) for row in rows
    ]
    assert amending.case.rows()[:2] == [("paid", rows[0]["total_fen"]), ("part_paid", 60_000 - rows[0]["total_fen"])]
    assert len(amending.case.mails("amendment_lapsed")) == len(amending.case.mails("arrived_amendment_closed")) == 1
    assert sound(amending.case.hub)
    # Asked again it can be.
    amending.ask_settlement("2026-12-28")


def test_while_it_waits_for_its_money_nothing_is_missed(amending: Amending) -> None:
    amending.settling()
    amending.case.at("2026-12-10 10:00")
    with pytest.raises(AgreementConflict, match="not_due"):
        amending.case.miss(1)
    # The last day of grace is the settlement's still.
    amending.case.at("2026-12-13 10:00")
    with pytest.raises(AgreementConflict, match="not_due") as refused:
        amending.case.miss(1)
    assert refused.value.params == {"number": 1, "earliest": "2026-12-14"}
    with pytest.raises(AgreementConflict, match="not_defaulted"):
        amending.case.end(EndReason.DEFAULTED)


@pytest.mark.parametrize("day", ["2026-11-21", "2026-12-22", "2026-11-01"])
def test_the_day_is_within_thirty_days_from_tomorrow(amending: Amending, day: str) -> None:
    entries = len(amending.case.log())
    with pytest.raises(Refused, match="/settle_on: day_range"):
        amending.ask_settlement(day)
    assert (len(amending.case.log()), amending.newest(EARLY)) == (entries, None)


def test_one_request_at_a_time(amending: Amending) -> None:
    amending.ask_settlement()
    for ask in (amending.ask_settlement, amending.ask_day, amending.propose_day):
        with pytest.raises(AgreementConflict, match="amendment_open"):
            ask()


@pytest.mark.parametrize(
    ("figures", "fault"),
    [
        ({"principal_fen": 1_850_001}, "/principal_fen: more_than_left"),
        # A month at 3.60 % is 55.50.
        ({"interest_fen": 5_551}, "/interest_fen: more_than_left"),
        ({"fee_fen": 1}, "/fee_fen: fee_not_agreed"),
        ({"principal_fen": 0, "interest_fen": 0}, "/principal_fen: not_above_zero"),
        ({"valid_until": china("2026-12-11 00:01")}, "/valid_until: quote_valid_until"),
        ({"valid_until": china("2026-11-21 10:00")}, "/valid_until: quote_valid_until"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_its_place(
    amending: Amending, figures: dict[str, int], fault: str
) -> None:
    amendment_id = amending.ask_settlement()
    entries = len(amending.case.log())
    with pytest.raises(Refused, match=fault):
        amending.quote(amendment_id, **figures)  # type: ignore[arg-type]
    assert (len(amending.case.log()), amending.newest(EARLY)["status"]) == (entries, "with_bank")


def test_a_fee_is_quoted_where_the_clauses_of_the_agreement_leave_it_to_the_quote(
    open_case: OpenCase, set_rules: SetRules
) -> None:
    set_rules(early_repayment_fee="true")
    case = open_case()
    case.accept(case.offer())
    # What was signed counts, whatever the bank sets later.
    set_rules(early_repayment_fee="false")
    amending = Amending(case=case)
    amending.quote(amending.ask_settlement(), fee_fen=5_000)
    quote = amending.newest(EARLY)["quote"]
    assert (quote["fee_fen"], quote["total_fen"]) == (5_000, 1_858_000)


def test_money_that_comes_after_the_quote_asks_for_a_new_one(amending: Amending) -> None:
    amendment_id = amending.quoted()
    code = amending.send_code(amendment_id, EARLY)
    amending.case.pay(1, 10_000)
    request = amending.newest(EARLY)
    assert (request["status"], request["quote"]) == ("with_bank", None)
    assert amending.case.kinds()[-2:] == ["amendment_outdated", "delivered"]
    with pytest.raises(StatusConflict):
        amending.try_code(amendment_id, EARLY, code)
    with pytest.raises(Refused, match="more_than_left"):
        amending.quote(amendment_id)
    amending.quote(amendment_id, principal_fen=1_845_550, interest_fen=0)
    # The code was sent for other figures than those that wait now.
    assert "confirmation_code_expired" in str(amending.try_code(amendment_id, EARLY, code))
    assert amending.newest(EARLY)["status"] == "quoted"
    assert amending.sign(amendment_id, EARLY) is None


def test_a_quote_and_a_request_end_by_themselves(amending: Amending) -> None:
    amendment_id = amending.quoted()
    code = amending.send_code(amendment_id, EARLY)
    amending.case.clock.at = china("2026-12-05 18:00")
    with pytest.raises(StatusConflict):
        amending.try_code(amendment_id, EARLY, code)
    amending.case.sweep()
    assert amending.newest(EARLY)["status"] == "lapsed"
    amending.ask_settlement()
    amending.case.at("2026-12-10 00:00")
    assert amending.newest(EARLY)["status"] == "lapsed"
    assert amending.case.kinds().count("amendment_lapsed") == 2


def test_the_person_can_take_it_back_or_decline_and_the_bank_refuse(amending: Amending) -> None:
    first = amending.ask_settlement()
    with pytest.raises(StatusConflict):
        amending.end(first, EARLY, AmendmentEvent.DECLINED)
    amending.end(first, EARLY, AmendmentEvent.WITHDRAWN, "先不还了")
    second = amending.quoted()
    with pytest.raises(StatusConflict):
        amending.refuse(second, EARLY)
    amending.end(second, EARLY, AmendmentEvent.DECLINED)
    third = amending.ask_settlement()
    amending.refuse(third, EARLY)
    assert (amending.newest(EARLY)["status"], amending.newest(EARLY)["answer"]) == ("refused", "请到网点办理。")
    assert amending.case.rows()[0] == ("due", 0)
    with pytest.raises(StatusConflict):
        amending.quote(third)


def test_a_wrong_code_counts_and_signing_twice_is_once(amending: Amending) -> None:
    amendment_id = amending.quoted()
    code = amending.send_code(amendment_id, EARLY)
    wrong = amending.try_code(amendment_id, EARLY, f"{(int(code) + 1) % 10**6:06d}")
    assert wrong is not None
    assert wrong.faults[0].code == "wrong_confirmation_code"
    assert amending.try_code(amendment_id, EARLY, code) is None
    assert amending.try_code(amendment_id, EARLY, code) is None
    assert amending.case.kinds().count("amended") == 1


def test_what_ends_the_agreement_ends_what_is_open(amending: Amending) -> None:
    amending.settling()
    amending.case.end(EndReason.SETTLED, waive_rest=True)
    assert amending.newest(EARLY)["status"] == "void"
    with pytest.raises(StatusConflict):
        amending.ask_settlement()
    assert sound(amending.case.hub)


def test_a_lowered_minimum_has_no_rest_to_settle(open_case: OpenCase) -> None:
    case = open_case()
    case.accept(case.offer(LOWER_MINIMUM))
    with pytest.raises(AgreementConflict, match="not_for_this_agreement"):
        Amending(case=case).ask_settlement()


def test_another_kind_or_another_negotiation_knows_nothing_of_it(amending: Amending) -> None:
    amendment_id = amending.quoted()
    with pytest.raises(NotFound):
        amending.send_code(amendment_id, DAY)
    with pytest.raises(NotFound):
        amending.agree(amendment_id)
