"""What banks say, through the hub's real door: applied once, or refused and kept, whatever the kind."""

from collections.abc import Callable
from typing import Any

import pytest

from hub.banks.port import Answering
from hub.banks.simulator.port import Way
from hub.domain.bank_event import EventType
from tests import applications
from tests.applications import CITIC, ICBC
from tests.banks.joined import (
    ASKED,
    DEFERRED,
    MATCHES,
    NO,
    TERMS,
    TRANSFERRED,
    WORDS,
    FarBank,
    all_but_refusals,
    events_of,
    refused,
)
from tests.conftest import Submit
from tests.services.case import Case

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    ("type_", "data", "status"),
    [
        (EventType.ACKNOWLEDGED, {}, "in_review"),
        (EventType.EVIDENCE_REQUESTED, ASKED, "awaiting_cardholder"),
        (EventType.OFFERED, TERMS, "offered"),
        (EventType.REJECTED, NO, "rejected"),
        (EventType.MESSAGE, WORDS, "awaiting_bank"),
        (EventType.DECISION_DEFERRED, DEFERRED, "in_review"),
        (EventType.TRANSFERRED, TRANSFERRED, "rejected"),
        (EventType.IDENTITY_COMPARED, MATCHES, "awaiting_bank"),
        (EventType.IDENTITY_COMPARED, {"matches": False, "text": "与预留信息不一致"}, "rejected"),
    ],
)
def test_what_the_bank_says_has_its_effect_once_however_often_it_comes(
    case: Case, far: FarBank, hear: Callable[[], None], type_: EventType, data: dict[str, Any], status: str
) -> None:
    for _ in range(3):
        assert far.say(type_, case.id, data).taken
        hear()
    assert (case.status, events_of(case)) == (status, {type_: 1})
    assert refused(case.hub) == []


@pytest.mark.parametrize("way", [Way.FORGED, Way.STALE, Way.AHEAD])
def test_what_is_forged_or_out_of_time_is_refused_and_kept_and_moves_nothing(
    case: Case, far: FarBank, way: Way
) -> None:
    if way not in far.far_side.ways:
        pytest.skip("its wire cannot show that")
    before = all_but_refusals(case.hub)
    heard = far.say(EventType.REJECTED, case.id, NO, way=way)
    assert (heard.taken, heard.again) == (False, False)
    assert all_but_refusals(case.hub) == before
    [kept] = refused(case.hub)
    assert (kept.bank_code, kept.code) == (
        ICBC,
        {Way.FORGED: "signature_wrong", Way.STALE: "stamp_old", Way.AHEAD: "stamp_ahead"}[way],
    )
    # Whoever tries an id in vain takes it from nobody.
    assert far.say(EventType.REJECTED, case.id, NO).taken
    assert case.status == "rejected"


def test_another_banks_key_opens_no_door(case: Case, far: FarBank, other: FarBank) -> None:
    if Way.FORGED not in far.far_side.ways:
        pytest.skip("it has no key of its own")
    other.far_side._place = far.place  # type: ignore[attr-defined]  # it calls at the other bank's door
    before = all_but_refusals(case.hub)
    assert not other.say(EventType.REJECTED, case.id, NO).taken
    assert (all_but_refusals(case.hub), [kept.bank_code for kept in refused(case.hub)]) == (before, [ICBC])


WRONG: list[tuple[str, EventType, str | None, dict[str, Any], str]] = [
    ("a negotiation that nobody knows", EventType.REJECTED, "f" * 32, NO, "not_found"),
    ("an offer without terms", EventType.OFFERED, None, {}, "invalid_input"),
    (
        "terms that break a rule",
        EventType.OFFERED,
        None,
        {"terms": applications.terms(instalments=61)},
        "invalid_input",
    ),
    ("a field that is not there", EventType.ACKNOWLEDGED, None, {"status": "agreed"}, "invalid_input"),
    ("a no without words", EventType.REJECTED, None, {"reason_code": "other", "text": ""}, "invalid_input"),
    ("incomplete before anything was asked", EventType.REJECTED, None, {**NO, "reason_code": "incomplete"}, ""),
]


@pytest.mark.parametrize(("type_", "named", "data", "code"), [row[1:] for row in WRONG], ids=[row[0] for row in WRONG])
def test_what_cannot_be_is_refused_and_kept_and_moves_nothing(
    case: Case,
    far: FarBank,
    hear: Callable[[], None],
    type_: EventType,
    named: str | None,
    data: dict[str, Any],
    code: str,
) -> None:
    before = all_but_refusals(case.hub)
    far.say(type_, named or case.id, data)
    hear()
    assert all_but_refusals(case.hub) == before
    [kept] = refused(case.hub)
    assert (kept.bank_code, kept.event_id, kept.negotiation_id) == (ICBC, "e" * 32, named or case.id)
    assert kept.code == code or not code


def test_another_banks_negotiation_answers_as_an_unknown_one_does(
    case: Case, other: FarBank, hear: Callable[[], None]
) -> None:
    before = all_but_refusals(case.hub)
    told = [other.say(EventType.REJECTED, named, NO, event_id=named) for named in (case.id, "f" * 32)]
    hear()
    assert all_but_refusals(case.hub) == before
    assert {(heard.taken, heard.again) for heard in told} == {(told[0].taken, told[0].again)}
    if isinstance(case.hub.adapters.adapter(other.far_side.kind), Answering):
        assert told[0].detail == told[1].detail
    assert {(kept.bank_code, kept.code) for kept in refused(case.hub)} == {(CITIC, "not_found")}


def test_an_id_that_was_used_before_with_another_content_is_refused_and_kept(
    case: Case, far: FarBank, hear: Callable[[], None]
) -> None:
    far.say(EventType.ACKNOWLEDGED, case.id, {})
    hear()
    before = all_but_refusals(case.hub)
    far.say(EventType.REJECTED, case.id, NO)
    hear()
    assert all_but_refusals(case.hub) == before
    [kept] = refused(case.hub)
    assert (kept.code, kept.event_id, case.status) == ("event_id_reused", "e" * 32, "in_review")


def test_what_the_status_does_not_allow_is_refused_and_never_moves_it_backwards(
    case: Case, far: FarBank, hear: Callable[[], None]
) -> None:
    far.say(EventType.OFFERED, case.id, TERMS, event_id="a" * 32)
    far.say(EventType.EVIDENCE_REQUESTED, case.id, ASKED, event_id="b" * 32)
    hear()
    assert (case.status, [kept.code for kept in refused(case.hub)]) == ("offered", ["status_conflict"])
    far.say(EventType.REJECTED, case.id, NO, event_id="c" * 32)
    hear()
    assert case.status == "offered"


def test_one_bank_may_use_the_id_of_anothers_event(
    case: Case, far: FarBank, other: FarBank, submitted: Submit, work_off: Callable[[], int], hear: Callable[[], None]
) -> None:
    theirs = submitted(CITIC)
    work_off()
    far.say(EventType.ACKNOWLEDGED, case.id, {})
    other.say(EventType.ACKNOWLEDGED, theirs.negotiation, {})
    hear()
    assert (case.status, refused(case.hub)) == ("in_review", [])
