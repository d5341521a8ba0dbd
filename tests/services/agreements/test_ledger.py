"""One ledger for every face: whatever a bank says of an agreement's rows, all show the same, and it adds up."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.domain.actor import Party
from hub.domain.agreement_end import EndReason
from hub.domain.errors import AgreementConflict, Refused
from hub.services.agreements.agreement_views import next_steps, payment_rows
from hub.services.operating import invariants
from storage import agreements
from tests.services.case import OFFER, Case
from tests.services.conftest import OpenCase, SetRules

NUMBERS = st.integers(1, 36)
DEEDS = st.one_of(
    st.tuples(st.just("pay"), NUMBERS, st.sampled_from([1, 999, 54_291, 54_300, 120_000, 3_000_000])),
    st.tuples(st.just("miss"), NUMBERS, st.just(0)),
    st.tuples(st.just("take_back"), NUMBERS, st.just(0)),
    st.tuples(st.just("wait"), st.integers(1, 40), st.just(0)),
    st.tuples(st.just("tolerance"), st.sampled_from([0, 1_000, 60_000]), st.just(0)),
)


def do(case: Case, set_rules: SetRules, deed: tuple[str, int, int]) -> int:
    """How much came by the deed: nothing where it is refused."""
    name, number, amount_fen = deed
    try:
        match name:
            case "pay":
                case.pay(number, amount_fen)
                return amount_fen
            case "miss":
                case.miss(number)
            case "take_back":
                case.take_back(number)
            case "wait":
                case.clock.at += timedelta(days=number)
            case _:
                set_rules(tolerance_fen=str(number))
    except (AgreementConflict, Refused):
        pass
    return 0


def check(case: Case, came_fen: int) -> None:
    """All faces show one ledger: its sums are right, and its statuses are those that the rules go by."""
    mine, theirs = (case.view(party)["agreement"] for party in (Party.CARDHOLDER, Party.BANK))
    assert mine["payments"] == theirs["payments"]
    assert sum(row["paid_fen"] for row in mine["payments"]) == came_fen
    assert all(row["paid_fen"] >= 0 for row in mine["payments"])
    assert sum(each["amount_fen"] for row in mine["payments"] for each in row["reported"]) == came_fen
    with case.row() as (tx, row):
        agreement = agreements.find_agreement(tx, row.id)
        assert agreement is not None
        steps, rows = next_steps(tx, agreement), payment_rows(tx, agreement)
    shown: dict[str, list[Any]] = {"missed": [], "open": []}
    for each in mine["payments"]:
        if each["status"] == "missed":
            shown["missed"].append(each["number"])
        if each["status"] != "paid":
            shown["open"].append(each["number"])
    assert [row.number for row in steps.missed] == shown["missed"]
    assert [row.number for row in steps.open_rows] == shown["open"]
    assert steps.may_default is (len(shown["missed"]) >= 2)
    assert [row.status for row in rows] == [each["status"] for each in mine["payments"]]


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(DEEDS, min_size=4, max_size=14))
def test_every_face_shows_one_ledger_that_adds_up(
    open_case: OpenCase, set_rules: SetRules, deeds: list[tuple[str, int, int]]
) -> None:
    set_rules(tolerance_fen="1000")
    case = open_case()
    begun_at = case.clock.at
    try:
        case.accept(case.offer(OFFER))
        came_fen = 0
        for deed in deeds:
            came_fen += do(case, set_rules, deed)
            check(case, came_fen)
        if all(status == "paid" for status, _ in case.rows()):
            case.end(EndReason.SETTLED, "")
        else:
            with pytest.raises(AgreementConflict, match="rows_open"):
                case.end(EndReason.SETTLED, "")
        with case.row() as (tx, _):
            assert list(invariants.breaches(tx, case.hub.store)) == []
    finally:
        case.clock.at = begun_at
