"""What takes more than 80 % of what is left a month needs a reason, for the bank's own file and nobody else."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from hub.domain.actor import HUB, Actor, Party
from hub.domain.correspondence import CallRecord, Direction
from hub.domain.errors import Fault, Refused
from hub.domain.offer import BankOffer
from hub.domain.plain import to_plain
from hub.domain.terms import Kind, Method, Terms, Waived
from hub.services.agreements import oral_agreements
from hub.services.delivery.bank_events import actor_of, apply_event
from storage.records import OfferRecord
from tests.services.case import OFFER, Case, everything_stored
from tests.services.events import event_of
from tests.services.offer_case import case, database, statuses

__all__ = ["case", "database"]
REASON = "客户的父母承担一半房租，已电话核实。"
NEEDED = (Fault("/reason_over_80", "reason_over_80_required"),)
# 1,200.00 are left a month, of which 960.00 are 80 %.
AT_80 = replace(
    OFFER, principal_fen=960_00 * 19, instalments=19, annual_rate_percent=Decimal(0), method=Method.INTEREST_FREE
)
ABOVE = replace(AT_80, principal_fen=AT_80.principal_fen + 1)
ONCE = Terms(kind=Kind.SETTLEMENT, principal_fen=1_850_000, first_due_on=OFFER.first_due_on, waived=Waived())


def test_at_80_percent_no_reason_is_needed_and_from_one_fen_more_it_is(case: Case) -> None:
    case.offer(AT_80)
    before = everything_stored(case.hub)
    for reason in ("", "  "):
        with pytest.raises(Refused) as refused:
            case.offer(ABOVE, reason_over_80=reason)
        assert refused.value.faults == NEEDED
    assert everything_stored(case.hub) == before
    case.offer(ABOVE, reason_over_80=f" {REASON} ")
    assert case.view(Party.BANK)["offers"][-1]["reason_over_80"] == REASON


def test_what_is_paid_once_needs_none(case: Case) -> None:
    case.offer(ONCE)
    assert statuses(case) == ["open"]


def test_a_call_and_an_event_of_the_banks_system_need_it_as_well(case: Case) -> None:
    def call(reason: str) -> None:
        record = CallRecord(
            at=datetime(2026, 11, 20, 8, tzinfo=UTC),
            text="同意分期。",
            direction=Direction.OUTBOUND,
            recording_reference="R-1",
            terms=ABOVE,
            reason_over_80=reason,
        )
        with case.hub.writing(case.REVIEWER) as tx:
            oral_agreements.log_call(tx, case.id, record, recording=None, bank_code=case.bank_code)

    def event(reason: str) -> None:
        happened = event_of(case, "offered", content=BankOffer(terms=ABOVE, reason_over_80=reason))
        with case.hub.writing(actor_of(case.bank_code)) as tx:
            apply_event(tx, happened)

    for offer in (call, event):
        with pytest.raises(Refused) as refused:
            offer("")
        assert refused.value.faults == NEEDED
        offer(REASON)
    assert statuses(case) == ["open", "open"]


def test_nobody_but_the_bank_is_shown_it(case: Case) -> None:
    offer = case.offer(ABOVE, reason_over_80=REASON)
    case.accept(offer)
    case.sweep()
    seen: list[Any] = [case.view(), to_plain([each.text for each in case.log()])]
    with case.hub.reading(HUB) as tx:
        seen.append(repr(everything_stored(case.hub)))
        sealed = tx.session.get_one(OfferRecord, offer).reason_over_80_sealed
    assert sealed is not None
    assert REASON not in str(seen)
    assert "reason_over_80" not in str(seen[0])
    assert case.view(Party.BANK)["offers"][0]["reason_over_80"] == REASON


def test_a_reason_is_no_part_of_what_both_sides_sign(case: Case) -> None:
    digests = {
        case.view()["offers"][-1]["digest"] for reason in ("", REASON) if case.offer(AT_80, reason_over_80=reason)
    }
    assert len(digests) == 1


@pytest.mark.parametrize("by", [Case.REVIEWER, Case.ADAPTER])
def test_whoever_makes_it(case: Case, by: Actor) -> None:
    with pytest.raises(Refused):
        case.offer(ABOVE, by=by)
