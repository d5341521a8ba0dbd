"""Sweeps: whatever moves the hub's clock, everything that is due follows, once."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from hub.domain.actor import HUB
from hub.domain.clock import FixedClock
from hub.domain.errors import TryAgain, Unusable
from hub.services.applications import drafts
from hub.services.evidence import evidence_files
from hub.services.exports import making
from hub.services.negotiations import offering
from hub.services.operating import sweeps
from hub.services.transaction import HubTransaction
from hub.wiring import Hub
from hub.work.jobs import schedules_of
from storage import clients as client_rows
from storage.records import AccessTokenRecord, AnsweredCallRecord, LaunchRecord
from tests.conftest import AddClient
from tests.services.case import everything_stored
from tests.services.conftest import OpenCase


def test_everything_that_falls_due_in_a_long_jump_happens_once(open_case: OpenCase) -> None:
    asked, offered, waiting, countered = (open_case() for _ in range(4))
    returned = open_case(worked_off=False)
    returned.judge(returned.sent.evidence[0], "unreadable")
    returned.work_off()
    asked.ask()
    offered.offer()
    countered.offer()
    countered.counter()

    waiting.clock.at += timedelta(days=60)
    waiting.sweep()
    cases = (asked, offered, waiting, countered, returned)
    assert [case.status for case in cases] == ["in_review", "lapsed", "awaiting_bank", "awaiting_bank", "lapsed"]
    last = [case.kinds()[-1] for case in cases]
    assert last == ["breached", "offer_lapsed", "breached", "offer_lapsed", "correction_lapsed"]

    before = everything_stored(waiting.hub)
    assert waiting.sweep() == 0
    assert everything_stored(waiting.hub) == before


def test_nothing_happens_before_its_time(open_case: OpenCase) -> None:
    case = open_case()
    case.ask()
    before = everything_stored(case.hub)
    assert (case.sweep(), everything_stored(case.hub)) == (0, before)


def test_one_that_is_gone_by_its_turn_holds_up_nobody(open_case: OpenCase) -> None:
    first, second = open_case(), open_case()
    first.offer()
    second.offer()
    first.withdraw()
    first.clock.at += timedelta(days=30)
    first.sweep()
    assert (first.status, second.status) == ("withdrawn", "lapsed")


def test_one_that_cannot_be_settled_holds_up_nobody_and_is_heard_of(
    open_case: OpenCase, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = open_case(), open_case()
    first.offer()
    second.offer()
    settle = offering.lapse

    def lapse(tx: HubTransaction, negotiation_id: str) -> None:
        if negotiation_id == first.id:
            raise Unusable("broken on purpose")
        settle(tx, negotiation_id)

    kinds = tuple((find, lapse if act is settle else act) for find, act in sweeps._KINDS)
    monkeypatch.setattr(sweeps, "_KINDS", kinds)
    first.clock.at += timedelta(days=30)
    with pytest.raises(Unusable, match="broken on purpose"):
        first.sweep()
    assert (first.status, second.status) == ("offered", "lapsed")


def test_each_of_what_fails_is_in_the_log_by_its_id_and_the_first_is_heard_of(
    open_case: OpenCase, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    first, second = open_case(), open_case()
    first.offer()
    second.offer()

    def lapse(_tx: HubTransaction, negotiation_id: str) -> None:
        raise Unusable("the first") if negotiation_id == first.id else TryAgain("the second")

    kinds = tuple((find, lapse if act is offering.lapse else act) for find, act in sweeps._KINDS)
    monkeypatch.setattr(sweeps, "_KINDS", kinds)
    first.clock.at += timedelta(days=30)
    with pytest.raises(Unusable, match="the first"):
        first.sweep()
    said = [vars(each) for each in caplog.records if each.message == "what was due failed"]
    assert [(each["due"], each["error"]) for each in said] == [(first.id, "Unusable"), (second.id, "TryAgain")]
    assert {each["step"] for each in said} == {f"{__name__}.{lapse.__qualname__}"}
    assert "the first" not in caplog.text


def test_mornings_that_cannot_be_planned_hold_up_no_part_behind_them(
    open_case: OpenCase, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    case = open_case()
    case.offer()
    ran = []

    def broken(_transactions: object) -> int:
        raise Unusable("broken on purpose")

    def part(name: str) -> Callable[[object], int]:
        def run(_transactions: object) -> int:
            ran.append(name)
            return 0

        return run

    monkeypatch.setattr(sweeps, "_plan_mornings", broken)
    monkeypatch.setattr(sweeps, "_remind", part("reminders"))
    monkeypatch.setattr(sweeps, "_put_in_jobs", part("jobs"))
    case.clock.at += timedelta(days=30)
    with pytest.raises(Unusable, match="broken on purpose"):
        case.sweep()
    assert (case.status, ran) == ("lapsed", ["reminders", "jobs"])
    assert [vars(each)["step"] for each in caplog.records if each.message == "a step failed"] == ["mornings"]


def test_no_deed_has_two_kinds() -> None:
    deeds = [sweeps._name_of(act) for _, act in sweeps._KINDS]
    assert len(set(deeds)) == len(deeds)


def test_ended_tokens_old_answers_and_unused_launches_are_forgotten(
    hub: Hub, clock: FixedClock, add_client: AddClient
) -> None:
    client, _ = add_client("a host app", "applications:write")
    real_now = datetime.now(UTC)
    with hub.writing(HUB) as tx:
        young = client_rows.add_token(tx, client, ["applications:write"], at=real_now)
        client_rows.add_token(tx, client, ["applications:write"], at=real_now - timedelta(hours=2))
        answer = client_rows.FirstAnswer(fingerprint="f" * 64, status=201, location=None, body={"id": "1"})
        client_rows.keep_first_answer(tx, client.id, "key", answer)
    sweeps.forget_old(hub, real_now=real_now)
    with hub.reading(HUB) as tx:
        assert client_rows.find_by_token(tx, young, at=real_now) is not None
        assert tx.session.scalar(sa.select(sa.func.count()).select_from(AccessTokenRecord)) == 1
        found = client_rows.find_first_answer(tx, client.id, "key")
        assert found is not None
        assert found.body == answer.body
    clock.at += timedelta(days=31)
    sweeps.forget_old(hub, real_now=real_now + timedelta(hours=2))
    with hub.reading(HUB) as tx:
        for record in (AccessTokenRecord, AnsweredCallRecord, LaunchRecord):
            assert tx.session.scalar(sa.select(sa.func.count()).select_from(record)) == 0


def test_what_cannot_be_forgotten_holds_up_nothing_else_and_is_heard_of(
    hub: Hub, add_client: AddClient, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, _ = add_client("host app")
    with hub.writing(HUB) as tx:
        answer = client_rows.FirstAnswer(fingerprint="f" * 64, status=201, location=None, body={"id": "1"})
        client_rows.keep_first_answer(tx, client.id, "key", answer)

    def broken(tx: HubTransaction, _real_now: datetime) -> None:
        # What it has done of its own so far is undone, and nothing else.
        tx.session.execute(sa.delete(AnsweredCallRecord))
        raise Unusable("broken on purpose")

    def old_answers() -> int:
        with hub.reading(HUB) as tx:
            return tx.session.scalar(sa.select(sa.func.count()).select_from(AnsweredCallRecord)) or 0

    kept = sweeps._FORGOTTEN
    monkeypatch.setattr(sweeps, "_FORGOTTEN", {"broken": broken})
    with pytest.raises(Unusable, match="broken on purpose"):
        sweeps.forget_old(hub, real_now=clock.at)
    assert old_answers() == 1
    monkeypatch.setattr(sweeps, "_FORGOTTEN", {"broken": broken, **kept})
    clock.at += timedelta(days=31)
    with pytest.raises(Unusable, match="broken on purpose"):
        sweeps.forget_old(hub, real_now=clock.at)
    assert old_answers() == 0


def test_a_store_that_is_away_stops_no_forgetting_and_is_heard_of(
    hub: Hub, clock: FixedClock, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    done = []

    def is_away(*_: object, **__: object) -> None:
        raise TryAgain("the store is away")

    monkeypatch.setattr(evidence_files, "sweep_orphans", is_away)
    monkeypatch.setattr(making, "expire", is_away)
    monkeypatch.setattr(drafts, "forget_old", lambda *_: done.append("drafts"))
    monkeypatch.setattr(sweeps, "forget_old", lambda *_, real_now: done.append("old"))
    monkeypatch.setattr(hub.jobs, "prune", lambda _before: done.append("work"))
    with pytest.raises(TryAgain, match="the store is away"):
        schedules_of(hub)["tidy"].run(clock.at)
    assert done == ["drafts", "old", "work"]
    failed = [vars(each)["step"] for each in caplog.records if each.message == "a step failed"]
    assert failed == ["orphans", "exports"]
