"""A household's month by what was declared and by the papers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.domain.affordability import Finances, IncomeKind, IncomeLine, SpendingKind, SpendingLine, left_fen
from hub.domain.evidence import EvidenceKind
from hub.domain.evidenced_figures import FigureGroup, compare, is_about, lines_of

BARE = Finances(monthly_income_fen=620_000, monthly_essential_spending_fen=410_000, other_debt_payments_fen=90_000)
FULL = Finances(
    monthly_income_fen=745_000,
    monthly_essential_spending_fen=502_000,
    other_debt_payments_fen=78_000,
    income=(
        IncomeLine(kind=IncomeKind.WAGE, amount_fen=620_000),
        IncomeLine(kind=IncomeKind.FAMILY, amount_fen=125_000),
    ),
    spending=(
        SpendingLine(kind=SpendingKind.HOUSING, amount_fen=300_000),
        SpendingLine(kind=SpendingKind.MEDICAL, amount_fen=100_000),
        SpendingLine(kind=SpendingKind.MEDICAL, amount_fen=102_000),
    ),
)
FEN = st.integers(min_value=0, max_value=10**9)


def test_without_declared_lines_each_side_is_its_total() -> None:
    assert [(each.name, each.declared_fen) for each in lines_of(BARE)] == [("income", 620_000), ("spending", 410_000)]


def test_beside_declared_lines_there_is_one_for_what_nobody_declared() -> None:
    assert [(each.name, each.declared_fen, each.is_declared) for each in lines_of(FULL)] == [
        ("income.wage", 620_000, True),
        ("income.family", 125_000, True),
        ("income.other", 0, False),
        ("spending.housing", 300_000, True),
        ("spending.medical", 202_000, True),
        ("spending.other", 0, False),
    ]


def test_what_the_papers_show_counts_and_what_they_do_not_is_as_declared() -> None:
    found = compare(FULL, {"income.wage": 580_000, "spending.medical": 210_000, "income.other": 20_000})
    assert (found.checked, found.unchecked) == (3, 2)
    assert found.left_fen == left_fen(FULL) == 165_000
    assert found.left_by_papers_fen == 165_000 - 40_000 + 20_000 - 8_000
    differences = {each.line.name: each.difference_fen for each in found.lines}
    assert differences == {
        "income.wage": -40_000,
        "income.family": None,
        "income.other": 20_000,
        "spending.housing": None,
        "spending.medical": 8_000,
        "spending.other": None,
    }


@given(evidenced=st.dictionaries(st.sampled_from([each.name for each in lines_of(FULL)]), FEN))
def test_sums_are_those_of_their_lines_whatever_was_read(evidenced: dict[str, int]) -> None:
    found = compare(FULL, evidenced)
    assert found.left_fen == left_fen(FULL)
    for group in FigureGroup:
        read = [evidenced.get(each.line.name, each.line.declared_fen) for each in found.of(group)]
        assert found.counted_fen(group) == sum(read)
    income, spending = (found.counted_fen(group) for group in (FigureGroup.INCOME, FigureGroup.SPENDING))
    assert found.left_by_papers_fen == income - spending - FULL.other_debt_payments_fen


@pytest.mark.parametrize(
    ("kind", "lines"),
    [
        (EvidenceKind.PAYSLIP, ["income.wage"]),
        (EvidenceKind.MEDICAL_BILL, ["spending.medical"]),
        (EvidenceKind.BANK_STATEMENT, ["income.wage", "income.family", "income.other"]),
        (EvidenceKind.IDENTITY, []),
    ],
)
def test_a_paper_is_about_the_lines_of_its_kind(kind: EvidenceKind, lines: list[str]) -> None:
    assert [each.name for each in lines_of(FULL) if is_about(kind, each)] == lines


def test_a_paper_is_about_a_total_where_there_are_no_lines() -> None:
    assert [each.name for each in lines_of(BARE) if is_about(EvidenceKind.PAYSLIP, each)] == ["income"]
    assert [each.name for each in lines_of(BARE) if is_about(EvidenceKind.DIAGNOSIS, each)] == ["spending"]


def test_every_kind_of_paper_is_known() -> None:
    for kind in EvidenceKind:
        assert [is_about(kind, each) for each in lines_of(FULL)]
