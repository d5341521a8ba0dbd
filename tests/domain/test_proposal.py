"""Which fields a proposal of each kind has, and how one to all banks becomes one to each."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.domain.amounts import AMOUNT_NAMES, Amounts
from hub.domain.errors import Fault
from hub.domain.plain import from_plain, to_plain
from hub.domain.proposal import (
    LEFT_OUT,
    OWN_FIELDS,
    BankProposal,
    Proposal,
    debt_faults,
    field_faults,
    split,
    waiver_wished,
)
from hub.domain.terms import Kind, Waived

FIRST = date(2026, 12, 20)
OWED = Amounts(principal_fen=1_000_000, interest_fen=50_000, fees_fen=3_000, penalty_fen=7_000)
WHOLE: dict[Kind, dict[str, Any]] = {
    Kind.INSTALMENTS: {"instalments": 36, "monthly_payment_fen": 53_000, "down_payment_fen": 10_000},
    Kind.REDUCTION: {"instalments": 12, "monthly_payment_fen": 80_000, "waived": {"interest_fen": 40_000}},
    Kind.DEFERRAL: {"months": 6},
    Kind.SETTLEMENT: {"settlement_fen": 900_000},
    Kind.LOWER_MINIMUM: {"minimum_percent": "5.00", "months": 12},
}
FEN = st.integers(0, 10**12)
AMOUNTS = st.builds(Amounts, principal_fen=FEN, interest_fen=FEN, fees_fen=FEN, penalty_fen=FEN)


def proposal(kind: Kind, **said: Any) -> Proposal:
    return Proposal(kind=kind, first_due_on=FIRST, **said)


@pytest.mark.parametrize("kind", Kind)
def test_every_field_of_its_kind_is_taken_and_none_of_another(kind: Kind) -> None:
    assert list(field_faults(kind, WHOLE[kind])) == []
    everything = {name: value for each in WHOLE.values() for name, value in each.items()}
    foreign = {fault.pointer for fault in field_faults(kind, everything) if fault.code == "not_for_this_kind"}
    assert foreign == {f"/{name}" for name in everything if name not in OWN_FIELDS[kind] and name not in LEFT_OUT}


def test_the_kind_is_named_where_a_field_is_refused() -> None:
    assert list(field_faults(Kind.SETTLEMENT, {"months": 3})) == [
        Fault("/months", "not_for_this_kind", {"kind": "settlement"})
    ]


def test_a_field_of_another_kind_that_says_nothing_is_no_fault() -> None:
    empty = {"instalments": None, "monthly_payment_fen": 0, "down_payment_fen": 0, "waived": {"fees_fen": 0}}
    assert list(field_faults(Kind.DEFERRAL, {**empty, "months": 3})) == []


@pytest.mark.parametrize("kind", [Kind.INSTALMENTS, Kind.REDUCTION])
def test_a_plan_in_parts_needs_their_number_and_amount(kind: Kind) -> None:
    faults = list(field_faults(kind, {"instalments": None, "monthly_payment_fen": None}))
    assert faults == [Fault("/instalments", "required"), Fault("/monthly_payment_fen", "required")]
    assert [each.code for each in field_faults(kind, {"instalments": 3, "monthly_payment_fen": 0})] == ["too_small"]


def test_a_deferral_is_at_most_a_year() -> None:
    assert list(field_faults(Kind.DEFERRAL, {"months": 13})) == [
        Fault("/months", "out_of_range", {"min": 1, "max": 12})
    ]
    assert list(field_faults(Kind.LOWER_MINIMUM, {"months": 13})) == []


def test_no_more_is_settled_or_waived_than_is_owed() -> None:
    assert list(debt_faults(OWED.total_fen, Waived(interest_fen=50_000, principal_fen=1_000_000), OWED)) == []
    assert list(debt_faults(OWED.total_fen + 1, Waived(interest_fen=50_001), OWED)) == [
        Fault("/settlement_fen", "more_than_owed", {"owed_fen": 1_060_000}),
        Fault("/waived/interest_fen", "more_than_owed", {"owed_fen": 50_000}),
    ]


@given(st.dictionaries(st.sampled_from("ABCD"), AMOUNTS, min_size=1), FEN, FEN, st.data())
def test_what_is_split_between_banks_adds_up_to_the_fen(
    owed: dict[str, Amounts], settlement_fen: int, down_fen: int, data: st.DataObject
) -> None:
    if sum(each.total_fen for each in owed.values()) == 0:
        return
    most = {part: sum(getattr(each, part) for each in owed.values()) for part in AMOUNT_NAMES}
    waived = Waived(**{part: data.draw(st.integers(0, most[part])) for part in AMOUNT_NAMES})
    whole = proposal(Kind.REDUCTION, settlement_fen=settlement_fen, down_payment_fen=down_fen, waived=waived)
    parts = split(whole, owed)
    assert parts.keys() == owed.keys()
    assert sum(each.settlement_fen or 0 for each in parts.values()) == settlement_fen
    assert sum(each.down_payment_fen for each in parts.values()) == down_fen
    for part in AMOUNT_NAMES:
        shares = {code: getattr(each.waived, part) for code, each in parts.items()}
        assert sum(shares.values()) == getattr(waived, part)
        assert all(share <= getattr(owed[code], part) for code, share in shares.items())
    assert all(each.monthly_payment_fen is None for each in parts.values())


@pytest.mark.parametrize(
    ("wished", "waived"),
    [
        (proposal(Kind.INSTALMENTS), Waived()),
        (proposal(Kind.INSTALMENTS, waive_interest=True), Waived(interest_fen=50_000, penalty_fen=7_000)),
        (proposal(Kind.REDUCTION, waived=Waived(fees_fen=9_999)), Waived(fees_fen=3_000)),
        (
            proposal(Kind.REDUCTION, waived=Waived(principal_fen=5, interest_fen=1), waive_interest=True),
            Waived(principal_fen=5, interest_fen=50_000, penalty_fen=7_000),
        ),
        (proposal(Kind.SETTLEMENT, settlement_fen=1_055_000), Waived(penalty_fen=5_000)),
        (
            proposal(Kind.SETTLEMENT, settlement_fen=900_000),
            Waived(penalty_fen=7_000, fees_fen=3_000, interest_fen=50_000, principal_fen=100_000),
        ),
        (proposal(Kind.SETTLEMENT), Waived()),
    ],
)
def test_what_the_bank_is_asked_to_give_up(wished: Proposal, waived: Waived) -> None:
    assert waiver_wished(wished, OWED) == waived


def test_what_was_not_said_is_not_in_the_plain_form_so_that_old_ones_are_spelt_as_they_were() -> None:
    plain = to_plain(proposal(Kind.DEFERRAL, months=3))
    assert not {"settlement_fen", "waived"} & plain.keys()
    assert from_plain(Proposal, plain) == proposal(Kind.DEFERRAL, months=3)
    whole = proposal(Kind.SETTLEMENT, settlement_fen=900_000, waived=Waived(fees_fen=1))
    assert from_plain(Proposal, to_plain(whole)) == whole


def test_a_proposal_for_one_bank_keeps_everything_but_the_bank() -> None:
    meant = BankProposal(kind=Kind.SETTLEMENT, first_due_on=FIRST, settlement_fen=5, bank_code="01020000")
    assert meant.proposal == proposal(Kind.SETTLEMENT, settlement_fen=5)


def test_a_settlement_is_paid_once() -> None:
    assert proposal(Kind.SETTLEMENT, settlement_fen=900_000).total_fen == 900_000
    assert proposal(Kind.SETTLEMENT).total_fen is None
