"""Over random balances, terms and payments: an agreement adds up to the fen, and no sentence contradicts another."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from hub.domain.agreement import AgreementContents, Texts, contents_of, missing_parts, texts_of
from hub.domain.agreement_clauses import DEFAULT_CLAUSE_ZH, PAYMENT_INSTRUCTIONS_ZH
from hub.domain.amounts import owed_fen, yuan
from hub.domain.balances import Balance, amount_faults, left_out_fen, planned_of
from hub.domain.china import CHINA
from hub.domain.payments import Reported, came_by_its_day, due_rows, rows_before_default, rows_of
from hub.domain.repayment import row_faults, schedule_of
from hub.domain.terms import Kind, Method, Terms, Waived, faults_of, fields_of

SIGNED = date(2026, 11, 21)
FEN = st.integers(0, 5_000_000)
TOLERANCE_FEN = 1_000


@st.composite
def balances_and_terms(draw: st.DrawFn) -> tuple[tuple[Balance, ...], Terms]:
    """What is owed on one to three cards, and terms on it that a bank may offer."""
    balances = tuple(
        Balance(
            card_last4=f"{place:04}",
            currency="CNY",
            principal_fen=draw(st.integers(100_000, 5_000_000)),
            interest_fen=draw(FEN),
            fees_fen=draw(FEN),
            penalty_fen=draw(FEN),
            as_of=SIGNED,
        )
        for place in range(draw(st.integers(1, 3)))
    )
    waived = Waived(
        **{
            part: draw(st.integers(0, sum(getattr(balance, part) for balance in balances)))
            for part in ("interest_fen", "fees_fen", "penalty_fen")
        }
    )
    kind = draw(st.sampled_from(Kind))
    rate = draw(st.sampled_from([Decimal(0), Decimal("3.60"), Decimal("18.25")]))
    principal_fen = draw(st.integers(50_000, owed_fen(balances) - waived.total_fen))
    all_fields: dict[str, Any] = {
        "instalments": draw(st.integers(1, 59)),
        "annual_rate_percent": rate,
        "method": draw(
            st.sampled_from([Method.EQUAL_PRINCIPAL, Method.EQUAL_INSTALMENT if rate else Method.INTEREST_FREE])
        ),
        "down_payment_fen": draw(st.integers(0, 10_000)),
        "fee_fen": draw(st.integers(0, 100_000)),
        "months": draw(st.integers(1, 12)),
        "minimum_percent": Decimal(5),
    }
    terms = Terms(
        kind=kind,
        principal_fen=principal_fen,
        first_due_on=SIGNED + timedelta(days=draw(st.integers(1, 31))),
        waived=waived,
        **{name: value for name, value in all_fields.items() if name in fields_of(kind)},
    )
    return balances, terms


def signed(balances: tuple[Balance, ...], terms: Terms, void_after_missed: int) -> AgreementContents:
    schedule = schedule_of(terms, signed_on=SIGNED, down_payment_on=SIGNED + timedelta(days=5))
    texts = Texts(
        default_clause=DEFAULT_CLAUSE_ZH,
        payment_instructions=PAYMENT_INSTRUCTIONS_ZH,
        void_after_missed=void_after_missed,
        annual_fee_during_plan=False,
    )
    held = texts_of(texts, terms.kind, rows=len(due_rows(terms, schedule.rows)))
    return contents_of(terms=terms, schedule=schedule, balances=balances, texts=held)


@given(balances_and_terms())
def test_every_fen_that_is_owed_is_planned_waived_or_left_out(case: tuple[tuple[Balance, ...], Terms]) -> None:
    balances, terms = case
    assert faults_of(terms, today=SIGNED) == amount_faults(terms, balances) == []
    planned = planned_of(terms, balances)
    assert planned.total_fen == terms.principal_fen
    assert owed_fen(balances) == planned.total_fen + terms.waived.total_fen + left_out_fen(terms, balances)
    for part in ("principal_fen", "interest_fen", "fees_fen", "penalty_fen"):
        there = sum(getattr(balance, part) for balance in balances)
        assert getattr(planned, part) + getattr(terms.waived, part) <= there
    said = signed(balances, terms, 2).balance_zh
    assert f"金额为人民币 {yuan(terms.principal_fen)} 元" in said
    left = left_out_fen(terms, balances)
    assert (f"未列入本协议的部分为人民币 {yuan(left)} 元" in said) is (left > 0)
    assert (f"共人民币 {yuan(terms.waived.total_fen)} 元" in said) is (terms.waived.total_fen > 0)


@given(balances_and_terms())
def test_the_payments_add_up_to_what_is_planned(case: tuple[tuple[Balance, ...], Terms]) -> None:
    _, terms = case
    if terms.kind is Kind.LOWER_MINIMUM or row_faults(terms):
        return
    schedule = schedule_of(terms, signed_on=SIGNED)
    left = terms.principal_fen
    for row in schedule.rows:
        left -= row.principal_fen
        assert row.remaining_fen == left >= 0
        assert row.total_fen == row.principal_fen + row.interest_fen + row.fee_fen
    assert left == 0
    assert schedule.total_fen == sum(row.total_fen for row in schedule.rows) >= terms.principal_fen
    assert sum(row.fee_fen for row in schedule.rows) == terms.fee_fen


@given(balances_and_terms(), st.integers(1, 12))
def test_no_sentence_contradicts_another(case: tuple[tuple[Balance, ...], Terms], void_after_missed: int) -> None:
    balances, terms = case
    if row_faults(terms):
        return
    contents = signed(balances, terms, void_after_missed)
    assert missing_parts(contents) == []
    on_default = contents.default_clause_zh + contents.missed_payment_zh
    counted = set(re.findall(r"累计达到 ?(\d+) 期", on_default))
    rows = rows_of(due_rows(terms, contents.schedule.rows), (), (), tolerance_fen=TOLERANCE_FEN)
    needed = rows_before_default(rows, void_after_missed)
    fails_by_itself = "自次日起失效" in on_default
    # One rule for the end: it fails by itself, or the bank may end it after one and the same number of rows.
    assert (counted, fails_by_itself) == ((set(), True) if terms.kind.is_paid_at_once else ({str(needed)}, False))
    assert ("减免不生效" in contents.missed_payment_zh) is (terms.kind.is_paid_at_once and terms.waived.total_fen > 0)
    interest = sum(row.interest_fen for row in contents.schedule.rows)
    if terms.kind is not Kind.LOWER_MINIMUM:
        assert ("不计收利息" in contents.charges_zh) is (terms.annual_rate_percent in (None, 0))
        assert (f"计收利息，共 {yuan(interest)} 元" in contents.charges_zh) is bool(terms.annual_rate_percent)
    assert bool(contents.promise_zh) is (terms.kind is not Kind.LOWER_MINIMUM)
    assert contents.is_of_article_70 is terms.kind.is_in_parts


@given(
    balances_and_terms(),
    st.lists(st.tuples(st.integers(0, 60), st.integers(1, 3_000_000), st.integers(0, 400)), max_size=8),
    st.sets(st.integers(0, 60), max_size=3),
)
def test_whatever_comes_is_counted_once_and_no_row_gets_less_than_nothing(
    case: tuple[tuple[Balance, ...], Terms], came: list[tuple[int, int, int]], missed: set[int]
) -> None:
    _, terms = case
    if row_faults(terms):
        return
    due = due_rows(terms, schedule_of(terms, signed_on=SIGNED).rows)
    numbers = [row.number for row in due]
    told = [
        Reported(
            number=numbers[place % len(numbers)],
            paid_on=SIGNED + timedelta(days=days),
            amount_fen=fen,
            at=china_noon(SIGNED + timedelta(days=days + 2)),
        )
        for place, fen, days in came
    ]
    rows = rows_of(due, told, missed, tolerance_fen=TOLERANCE_FEN)
    assert sum(row.paid_fen for row in rows) == sum(each.amount_fen for each in told)
    assert all(row.paid_fen >= 0 and row.open_fen >= 0 for row in rows)
    if terms.kind.is_paid_at_once:
        [row] = rows
        in_time = sum(each.amount_fen for each in told if each.paid_on <= row.due_on)
        assert came_by_its_day(row, tolerance_fen=TOLERANCE_FEN) is ((row.total_fen or 0) - in_time <= TOLERANCE_FEN)


def china_noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=CHINA)
