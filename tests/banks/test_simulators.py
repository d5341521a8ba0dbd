"""The desk of simulated banks: what they are told to do, the terms they offer, and what they remember."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from queue import Empty
from typing import Any

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import given
from hypothesis import strategies as st

from hub.banks.simulator.conduct import read_conduct
from hub.banks.simulator.desk import SimulatedDesk
from hub.banks.simulator.journal import Journal
from hub.banks.simulator.port import Arrived, Does, Event, Way
from hub.banks.simulator.running import make_far_side
from hub.banks.simulator.terms import as_proposed, otherwise, read_wish
from hub.domain.bank_event import EventType
from hub.domain.clock import FixedClock
from hub.domain.delivery import MessageKind
from hub.domain.errors import Unusable
from hub.domain.terms import Kind
from schemas.offers import load_terms

TODAY = date(2026, 11, 21)
NEGOTIATION = "1" * 32


def packet(**proposal: Any) -> dict[str, Any]:
    """A packet as far as a simulated bank reads it; 19082.00 yuan are owed."""
    return {
        "negotiation": NEGOTIATION,
        "accounts": [{"principal_fen": 1_850_000, "interest_fen": 46_200, "fees_fen": 0, "penalty_fen": 12_000}],
        "proposal": {
            "kind": "instalments",
            "instalments": 36,
            "months": None,
            "monthly_payment_fen": 53_000,
            "first_due_on": "2026-12-20",
            "down_payment_fen": 0,
            "minimum_percent": None,
            "waive_interest": True,
            **proposal,
        },
    }


# What it is told to do.


@pytest.mark.parametrize("kind", ["portal", "pigeon", "desk", "pigeon.loft", "../pigeon"])
def test_a_kind_without_a_far_side_is_refused_in_words(kind: str) -> None:
    with pytest.raises(Unusable, match=kind):
        make_far_side(kind, None)  # type: ignore[arg-type]  # nothing is made of it


# The terms it offers.


PROPOSALS = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(list(Kind)).map(str),
        "instalments": st.none() | st.integers(1, 60),
        "months": st.none() | st.integers(1, 60),
        "first_due_on": st.dates(TODAY - timedelta(days=3), TODAY + relativedelta(years=5)).map(date.isoformat),
        "down_payment_fen": st.integers(0, 10**12),
        "minimum_percent": st.none() | st.just("2.50"),
        "waive_interest": st.booleans(),
    },
    optional={
        "settlement_fen": st.integers(1, 1_908_200),
        "waived": st.fixed_dictionaries({"interest_fen": st.integers(0, 46_200), "fees_fen": st.integers(0, 9)}),
    },
)


@given(PROPOSALS)
def test_whatever_was_proposed_the_terms_may_be_offered(proposal: dict[str, Any]) -> None:
    wish = read_wish(packet(**proposal))
    for terms in (as_proposed(wish, today=TODAY), otherwise(wish, today=TODAY)):
        _, faults = load_terms(json.loads(json.dumps(terms)), today=TODAY)
        assert faults == []


def test_it_offers_what_was_proposed_or_something_else() -> None:
    wish = read_wish(packet())
    proposed, other = as_proposed(wish, today=TODAY), otherwise(wish, today=TODAY)
    assert (proposed["instalments"], proposed["method"], proposed["principal_fen"]) == (36, "interest_free", 1_850_000)
    assert proposed["waived"]["interest_fen"] == 46_200
    assert (other["instalments"], other["annual_rate_percent"]) == (18, "3.60")


# What it does with messages.


@pytest.fixture
def lines() -> list[str]:
    return []


@pytest.fixture
def desk(tmp_path: Path, lines: list[str]) -> Callable[..., SimulatedDesk]:
    """A way to make the desk; made again in the same folder, it is the same bank started again."""

    def make(*words: str) -> SimulatedDesk:
        journal = Journal(tmp_path, FixedClock(datetime(2026, 11, 21, 2, 0, tzinfo=UTC)), lines.append)
        return SimulatedDesk(read_conduct(words), journal, today=lambda: TODAY)

    return make


def arrived(
    kind: MessageKind = MessageKind.SUBMITTED, *, message_id: str = "a" * 32, digest: str = "d", **data: Any
) -> Arrived:
    about = packet() if kind is MessageKind.SUBMITTED else {"negotiation": NEGOTIATION, **data}
    return Arrived(id=message_id, kind=kind, data=about, digest=digest)


def said(desk: SimulatedDesk) -> list[Event]:
    found = []
    while True:
        try:
            found.append(desk.events.get_nowait())
        except Empty:
            return found


def types(events: list[Event]) -> list[str]:
    return [event.type for event in events]


@pytest.mark.parametrize(
    ("behaviour", "says"),
    [
        ("accept", ["acknowledged", "offered"]),
        ("counter-offer", ["acknowledged", "offered"]),
        ("ask", ["acknowledged", "evidence_requested"]),
        ("reject", ["acknowledged", "rejected"]),
        ("silent", []),
        ("accept,duplicate", ["acknowledged", "acknowledged", "offered", "offered"]),
        ("accept,out-of-order", ["offered", "acknowledged", "evidence_requested"]),
        ("accept,replayed", ["acknowledged", "message", "offered", "message"]),
    ],
)
def test_what_it_says_to_an_application(desk: Callable[..., SimulatedDesk], behaviour: str, says: list[str]) -> None:
    there = desk(behaviour)
    assert there.take(arrived()).does is Does.TAKE
    assert types(said(there)) == says


@pytest.mark.parametrize(
    ("identity", "is_told"),
    [
        ({"level": "mobile", "confirmed_by_bank": None}, True),
        ({"level": "mobile", "confirmed_by_bank": True}, False),
        ({"level": "host", "confirmed_by_bank": None}, False),
    ],
)
def test_who_has_shown_a_mobile_alone_is_compared_before_the_offer(
    desk: Callable[..., SimulatedDesk], identity: dict[str, Any], is_told: bool
) -> None:
    there = desk("accept")
    there.take(replace(arrived(), data={**packet(), "identity": identity}))
    assert types(said(there)) == ["acknowledged", *(["identity_compared"] if is_told else []), "offered"]


def test_a_settlement_is_offered_for_the_sum_that_was_named() -> None:
    wish = read_wish(packet(kind="settlement", settlement_fen=1_500_000))
    terms = as_proposed(wish, today=TODAY)
    assert (terms["principal_fen"], sum(terms["waived"].values())) == (1_500_000, 408_200)


def test_what_is_wrong_on_purpose_bears_the_id_of_what_is_right(desk: Callable[..., SimulatedDesk]) -> None:
    there = desk("reject,forged,late,ahead,stray")
    there.take(arrived())
    events = said(there)[:5]
    assert [event.way for event in events] == [Way.AHEAD, Way.FORGED, Way.STALE, Way.HONEST, Way.HONEST]
    assert len({event.id for event in events[:4]}) == 1
    assert (events[4].id != events[3].id, events[4].negotiation != NEGOTIATION) == (True, True)


def test_it_offers_once_it_is_answered_and_agrees_to_a_counter_offer(desk: Callable[..., SimulatedDesk]) -> None:
    there = desk("ask")
    there.take(arrived())
    said(there)
    there.take(arrived(MessageKind.MESSAGE, message_id="b" * 32, text="给您"))
    assert types(said(there)) == [EventType.OFFERED]
    terms = as_proposed(read_wish(packet()), today=TODAY)
    there.take(arrived(MessageKind.COUNTER_OFFERED, message_id="c" * 32, terms=terms))
    [offer] = said(there)
    assert (offer.type, offer.data["terms"]) == (EventType.OFFERED, terms)
    there.take(arrived(MessageKind.MESSAGE, message_id="e" * 32, text="谢谢"))
    there.take(arrived(MessageKind.WITHDRAWN, message_id="f" * 32, text=""))
    assert said(there) == []


def test_a_message_that_comes_again_is_taken_again_and_answered_once(desk: Callable[..., SimulatedDesk]) -> None:
    there = desk()
    assert [there.take(arrived()).does for _ in range(3)] == [Does.TAKE] * 3
    assert len(said(there)) == 2


def test_a_bank_that_is_started_again_remembers_what_it_has(desk: Callable[..., SimulatedDesk]) -> None:
    first = desk()
    first.take(arrived())
    ids = [event.id for event in said(first)]
    again = desk()
    assert (again.take(arrived()).does, said(again), again.knows("a" * 32)) == (Does.TAKE, [], True)
    assert len(set(ids)) == 2
    assert all(len(each) == 32 and each.isalnum() for each in ids)


def test_two_contents_under_one_id_are_refused_also_after_a_restart(
    desk: Callable[..., SimulatedDesk], lines: list[str]
) -> None:
    desk().take(arrived())
    assert desk().take(arrived(digest="another")).does is Does.REFUSE
    assert any("two-contents-under-one-id" in line for line in lines)


def test_it_fails_as_often_as_it_was_told_with_each_message(desk: Callable[..., SimulatedDesk]) -> None:
    there = desk("fail=2")
    for message_id in ("a" * 32, "b" * 32):
        does = [there.take(arrived(message_id=message_id)).does for _ in range(3)]
        assert does == [Does.FAIL, Does.FAIL, Does.TAKE]


def test_what_is_in_process_is_decided_by_asking(desk: Callable[..., SimulatedDesk]) -> None:
    there = desk("in-process=2")
    assert there.knows("a" * 32) is False
    assert there.take(arrived()).does is Does.IN_PROCESS
    assert ([there.knows("a" * 32) for _ in range(2)], types(said(there))) == (
        [None, True],
        ["acknowledged", "offered"],
    )


def test_a_cut_connection_loses_the_answer_and_not_the_message(desk: Callable[..., SimulatedDesk]) -> None:
    there = desk("cut")
    assert there.take(arrived()).does is Does.CUT
    assert types(said(there)) == ["acknowledged", "offered"]


def test_the_journal_names_ids_kinds_and_digests_and_nothing_of_the_person(
    desk: Callable[..., SimulatedDesk], tmp_path: Path, lines: list[str]
) -> None:
    person = {"applicant": {"name": "王小明", "id_number": "11010519491231002X"}, "hardship": {"description": "住院"}}
    there = desk()
    there.take(Arrived(id="a" * 32, kind=MessageKind.SUBMITTED, data={**packet(), **person}, digest="d" * 64))
    written = (tmp_path / "journal.jsonl").read_text()
    for text in (written, "\n".join(lines)):
        assert not any(word in text for word in ("王小明", "11010519491231002X", "住院", "1850000"))
    assert {line["what"] for line in map(json.loads, written.splitlines())} == {"came", "took"}


def test_a_packet_of_another_form_is_taken_and_noticed(desk: Callable[..., SimulatedDesk], lines: list[str]) -> None:
    there = desk()
    odd = Arrived(id="a" * 32, kind=MessageKind.SUBMITTED, data={"negotiation": NEGOTIATION}, digest="d")
    assert (there.take(odd).does, said(there)) == (Does.TAKE, [])
    assert any("cannot-be-read" in line for line in lines)
