"""Heads are signed on a schedule, follow each other, and cover all that is written, whichever key comes first."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from hub.domain.actor import HUB
from hub.domain.clock import FixedClock
from hub.domain.log_chain import NO_PREVIOUS, BreakReason, Broken
from hub.domain.log_heads import Head
from hub.domain.merkle import Growing
from hub.services import passes
from hub.services.documents import records
from hub.services.log_heads import log_sections, signing, verifying
from hub.services.operating.operator_tasks import open_tasks
from hub.services.reading.operator.figures import log_figures
from hub.wiring import Hub
from storage import access_log, log_heads, negotiation_locks
from storage.records import NegotiationRecord
from storage.sealing import Keyring
from tests.applications import CMB
from tests.services.case import Case
from tests.services.conftest import OpenCase
from tests.services.test_races import at_once


def heads(hub: Hub) -> list[Head]:
    with hub.reading(HUB) as tx:
        assert list(passes.within(tx, log_sections.sections())) == []
        return [log_heads.head_of(each) for each in log_heads.list_heads(tx)]


def read(case: Case, *what: str) -> None:
    with case.hub.writing(HUB) as tx:
        row = tx.session.get_one(NegotiationRecord, case.id)
        for each in what:
            access_log.note_reading(tx, row, case.REVIEWER, each)


def test_a_head_is_signed_each_hour_in_which_something_was_written_and_each_day_anyway(
    open_case: OpenCase, clock: FixedClock
) -> None:
    case = open_case()
    assert signing.sign_due(case.hub) == 1
    for wait, deed, signed in (
        (timedelta(minutes=59), case.acknowledge, 0),
        (timedelta(minutes=1), None, 1),
        (timedelta(hours=1), None, 0),
        (timedelta(hours=22, minutes=59), None, 0),
        (timedelta(minutes=1), None, 1),
        (timedelta(hours=1), lambda: read(case, "page"), 1),
        (timedelta(hours=1), None, 0),
    ):
        clock.at += wait
        if deed is not None:
            deed()
        assert (wait, signing.sign_due(case.hub)) == (wait, signed)
    found = heads(case.hub)
    assert [each.number for each in found] == [1, 2, 3, 4]
    assert [each.previous for each in found] == [NO_PREVIOUS, *(each.digest for each in found[:-1])]
    assert found[1].root == found[2].root
    assert found[2].entries < found[3].entries


def test_a_clock_that_was_set_back_holds_no_head_up(open_case: OpenCase, clock: FixedClock) -> None:
    case = open_case()
    clock.at += timedelta(days=3)
    assert signing.sign_due(case.hub) == 1
    clock.at -= timedelta(days=3)
    case.acknowledge()
    assert signing.sign_due(case.hub) == 1
    assert len(heads(case.hub)) == 2


def test_the_root_is_over_the_ends_of_all_chains_in_the_order_they_were_covered(open_case: OpenCase) -> None:
    first, second = open_case(), open_case(CMB)
    read(first, "page", "paper")
    signing.sign_all(first.hub)
    second.acknowledge()
    signing.sign_all(first.hub)
    with first.hub.reading(HUB) as tx:
        ends = [log_heads.chain_end(each) for each, _ in log_heads.list_leaves(tx, 0, 1000)]
        sizes = [each.size for each in log_heads.list_heads(tx)]
    names = [each.chain for each in ends]
    assert names[: sizes[0]] == sorted({first.id, second.id, "access", *({"audit"} & set(names))})
    assert names[sizes[0] :] == [second.id]
    for head, size in zip(heads(first.hub), sizes, strict=True):
        tree = Growing()
        for each in ends[:size]:
            tree.append(each.leaf)
        assert head.root == tree.root.hex()
        assert head.entries == sum({each.chain: each.length for each in ends[:size]}.values())


def test_much_that_waits_is_covered_by_several_heads_at_once(
    open_case: OpenCase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signing, "MOST_CHAINS", 1)
    monkeypatch.setattr(signing, "MOST_ROWS", 2)
    case, _ = open_case(), open_case(CMB)
    read(case, *"abcde")
    assert signing.sign_due(case.hub) >= 3
    assert len(heads(case.hub)) >= 3
    assert signing.sign_all(case.hub) == 0


def test_whatever_is_put_in_meanwhile_follows_under_the_next_head(open_case: OpenCase) -> None:
    case = open_case()
    for what in "abc":
        read(case, what)
        signing.sign_all(case.hub)
    with case.hub.reading(HUB) as tx:
        assert [each.length for each in log_heads.list_ends(tx, "access")] == [1, 2, 3]


def test_ends_of_before_they_were_signed_are_signed_with_their_first_head(open_case: OpenCase) -> None:
    case = open_case()
    with case.hub.writing(HUB) as tx:
        tx.session.get_one(NegotiationRecord, case.id).log_mac = None
    signing.sign_all(case.hub)
    with case.row() as (_, row):
        assert row.log_mac is not None
    heads(case.hub)


# What waits is found by a note in the row, so that nobody looks at every chain there is.


def noted(case: Case) -> tuple[int, int]:
    """How long the chain is, and how much of it is noted to be covered."""
    with case.row() as (_, row):
        return row.log_length, row.log_covered


def test_a_covered_chain_is_noted_once_and_found_again_when_it_grows(open_case: OpenCase) -> None:
    case, other = open_case(), open_case(CMB)
    assert signing.note_covered(case.hub) == 0
    signing.sign_all(case.hub)
    assert (signing.note_covered(case.hub), signing.note_covered(case.hub)) == (2, 0)
    assert noted(case)[0] == noted(case)[1] > 0
    case.acknowledge()
    with case.hub.reading(HUB) as tx:
        assert [each.negotiation_id for each in log_heads.list_uncovered(tx, limit=10)] == [case.id]
        assert log_heads.uncovered_since(tx) == case.clock.at
    signing.sign_all(case.hub)
    assert signing.note_covered(case.hub) == 1
    assert [length - covered for length, covered in (noted(case), noted(other))] == [0, 0]


def test_a_chain_that_is_covered_and_not_noted_yet_gets_no_second_leaf(open_case: OpenCase) -> None:
    case = open_case()
    signing.sign_all(case.hub)
    assert noted(case)[1] == 0
    assert signing.sign_all(case.hub) == 0
    with case.hub.reading(HUB) as tx:
        assert (log_heads.list_uncovered(tx, limit=10), log_heads.uncovered_since(tx)) == ([], None)


def test_chains_are_noted_a_lot_at_a_time_and_a_busy_one_another_time(
    open_case: OpenCase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signing, "_NOTED_TOGETHER", 1)
    monkeypatch.setattr(signing, "_NOTED_A_TIME", 1)
    case, _ = open_case(), open_case(CMB)
    signing.sign_all(case.hub)
    assert [signing.note_covered(case.hub) for _ in range(3)] == [1, 1, 0]
    case.acknowledge()
    signing.sign_all(case.hub)
    if case.hub.database.on_sqlite:
        return
    with case.hub.writing(HUB) as tx:
        negotiation_locks.lock(tx, case.id)
        assert signing.note_covered(case.hub) == 0
    assert signing.note_covered(case.hub) == 1


def test_a_note_of_what_no_head_covers_is_a_break(open_case: OpenCase) -> None:
    case = open_case()
    signing.sign_all(case.hub)
    case.acknowledge()
    with case.hub.writing(HUB) as tx:
        row = tx.session.get_one(NegotiationRecord, case.id)
        row.log_covered = length = row.log_length
    with case.hub.reading(HUB) as tx:
        assert records.verify_log(tx, case.id) == Broken(sequence=length, reason=BreakReason.COVERED)


# Keys.


def rotated(hub: Hub, monkeypatch: pytest.MonkeyPatch, secrets: str) -> None:
    monkeypatch.setattr(hub, "keyring", Keyring.parse(secrets))


def test_a_new_key_signs_the_next_head_and_old_heads_hold_under_it(
    open_case: OpenCase, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = open_case()
    old, new = "o" * 40, "n" * 40
    own = case.hub.settings.secret_keys
    with monkeypatch.context() as patched:
        rotated(case.hub, patched, f"{old},{own}")
        signing.sign_all(case.hub)
    rotated(case.hub, monkeypatch, f"{new},{old},{own}")
    case.acknowledge()
    signing.sign_all(case.hub)
    first, second = heads(case.hub)
    assert first.key_id != second.key_id == case.hub.keyring.head_key_id
    assert second.previous == first.digest
    assert list(case.hub.keyring.head_keys())[:2] == [second.key_id, first.key_id]


def test_heads_of_a_key_that_is_lost_are_named(open_case: OpenCase, monkeypatch: pytest.MonkeyPatch) -> None:
    case = open_case()
    own = case.hub.settings.secret_keys
    with monkeypatch.context() as patched:
        rotated(case.hub, patched, f"{'o' * 40},{own}")
        signing.sign_all(case.hub)
    with case.hub.reading(HUB) as tx:
        assert [(each.number, each.fault) for each in verifying.broken_heads(tx)] == [(1, "key")]


# Late.


def look(case: Case) -> list[str]:
    signing.look(case.hub)
    with case.hub.reading(HUB) as tx:
        return [each.kind for each in open_tasks(tx)]


def figure(case: Case, name: str) -> float:
    with case.hub.reading(HUB) as tx:
        return next(each.values[0][1] for each in log_figures(tx) if each.name == name)


def test_a_log_that_waits_too_long_for_its_head_is_a_task_and_a_figure(open_case: OpenCase, clock: FixedClock) -> None:
    case = open_case()
    clock.at += timedelta(hours=2)
    assert look(case) == []
    clock.at += timedelta(hours=1)
    assert look(case) == look(case) == ["log_unsigned"]
    assert (figure(case, "hub_log_heads"), figure(case, "hub_log_unsigned_seconds")) == (0, 10_800)
    signing.sign_due(case.hub)
    assert (figure(case, "hub_log_heads"), figure(case, "hub_log_unsigned_seconds")) == (1, 0)


def test_two_who_sign_at_once_fork_nothing_while_others_write(open_case: OpenCase) -> None:
    case = open_case()
    deeds: list[Callable[[], object]] = [lambda: signing.sign_all(case.hub), lambda: signing.sign_all(case.hub)]
    assert set(at_once(*deeds, lambda: read(case, "a"), lambda: read(case, "b"), case.acknowledge)) == {"done"}
    signing.sign_all(case.hub)
    heads(case.hub)
    assert signing.sign_all(case.hub) == 0
