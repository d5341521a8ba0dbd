"""The ways out of a card debt side by side."""

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from hub.domain.calculation import AssumedDeal, AssumedPlan, Question, WayKind, terms_by_way, ways_of
from hub.domain.card_debt import End
from hub.domain.repayment import row_faults, schedule_of
from hub.domain.terms import Method, faults_of

TODAY = date(2026, 11, 29)


def test_every_way_stands_beside_the_others_with_what_it_takes() -> None:
    ways = ways_of(Question(debt_fen=1_000_000, monthly_fen=50_000), today=TODAY)
    assert [(way.kind, way.months, way.first_payment_fen, way.interest_fen, way.fees_fen) for way in ways] == [
        (WayKind.MINIMUM, 33, 115_208, 145_883, 0),
        (WayKind.FIXED_SUM, 25, 50_000, 210_725, 28_084),
        (WayKind.EQUAL_INSTALMENT, 12, 89_317, 71_808, 0),
        (WayKind.EQUAL_PRINCIPAL, 12, 94_166, 70_417, 0),
        (WayKind.INTEREST_FREE, 12, 89_333, 0, 72_000),
        (WayKind.PLAN, 60, 18_237, 94_187, 0),
    ]
    costs = [str(way.annual_cost.nominal_percent) for way in ways if way.annual_cost]
    assert costs == ["18.25", "20.82", "13.00", "13.00", "13.03", "3.60"]


def test_a_fixed_sum_is_there_only_where_one_is_asked_for() -> None:
    assert WayKind.FIXED_SUM not in {way.kind for way in ways_of(Question(debt_fen=1_000_000), today=TODAY)}


def test_what_never_ends_has_no_sums() -> None:
    way = ways_of(Question(debt_fen=1_000_000, monthly_fen=10_000), today=TODAY)[1]
    assert (way.kind, way.end) == (WayKind.FIXED_SUM, End.NEVER)
    assert [way.months, way.interest_fen, way.fees_fen, way.cost_fen, way.total_fen, way.annual_cost] == [None] * 6
    assert way.first_payment_fen == 10_000


def test_a_plan_without_interest_is_paid_in_equal_parts() -> None:
    question = Question(debt_fen=1_000_000, plan=AssumedPlan(annual_rate_percent=Decimal("0.00")))
    assert terms_by_way(question, today=TODAY)[WayKind.PLAN].method is Method.INTEREST_FREE
    assert ways_of(question, today=TODAY)[-1].cost_fen == 0


questions = st.builds(
    Question,
    debt_fen=st.integers(6_000, 100_000_000),
    monthly_fen=st.none() | st.integers(1, 100_000_000),
    deal=st.builds(
        AssumedDeal,
        instalments=st.integers(1, 60),
        annual_rate_percent=st.integers(1, 10_000).map(lambda n: Decimal(n) / 100),
        term_fee_percent=st.integers(0, 1_000).map(lambda n: Decimal(n) / 100),
    ),
    plan=st.builds(
        AssumedPlan,
        instalments=st.integers(1, 60),
        annual_rate_percent=st.integers(0, 10_000).map(lambda n: Decimal(n) / 100),
    ),
)
days = st.dates(date(2026, 1, 1), date(2032, 12, 31))


@given(questions, days)
def test_what_a_bank_agrees_to_is_what_a_quote_of_the_same_terms_says(question: Question, today: date) -> None:
    for way in ways_of(question, today=today):
        if way.terms is not None:
            assert faults_of(way.terms, today=today) == []
            assert row_faults(way.terms) == []
            assert way.schedule == schedule_of(way.terms, signed_on=today)
            # All ways are counted in equal months from today, so their costs can be compared.
            assert way.schedule.annual_cost is not None
            assert way.schedule.annual_cost.by_dates_percent is None


@given(questions)
def test_the_sums_of_every_way_add_up(question: Question) -> None:
    for way in ways_of(question, today=TODAY):
        if way.end is End.PAID_OFF:
            assert way.total_fen == question.debt_fen + (way.cost_fen or 0)
            assert way.months == len(way.schedule.rows)
            assert way.schedule.rows[-1].remaining_fen == 0
            assert sum(row.principal_fen for row in way.schedule.rows) == question.debt_fen
