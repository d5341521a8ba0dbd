"""What must hold between any two deeds: the hub breaks no invariant of its own, and shows what the model expects."""

from collections import Counter
from itertools import groupby
from typing import Any

import sqlalchemy as sa

from hub.domain.actor import HUB, Actor, Channel, Party
from hub.domain.errors import NotFound
from hub.domain.paging import Page
from hub.services.evidence import evidence_files
from hub.services.operating import invariants
from hub.services.reading import views
from hub.services.reading.bank.heading import require_negotiation
from hub.services.transaction import HubTransaction
from storage import negotiations, offers
from storage.records import (
    ClockRecord,
    DeliveryRecord,
    EvidenceRequestRecord,
    LogEntryRecord,
    MailRecord,
    NegotiationRecord,
)
from tests.services.machine.counting import day_of
from tests.services.machine.facts import Negotiation
from tests.services.machine.world import RULES, World

# How often a delivery was tried again, which papers were printed, and what follows from a settlement by itself, is no
# deed of anybody.
UNCOUNTED = ("pdf_copied", "delivery_failed", "document_printed", "clearance_opened", "clearance_late")
COUNTED_MAILS = (
    "delivered",
    "counter_delivered",
    "asked",
    "offered",
    "agreed",
    "refused",
    "counter_refused",
    "moved",
    "payment_missed",
    "agreement_ended",
)
ROWS = ("missed", "part_paid")


def check(world: World) -> None:
    """Nothing: or an `AssertionError`."""
    with world.hub.reading(HUB) as tx:
        assert list(invariants.breaches(tx, world.hub.store)) == []
        for it in world.model.negotiations:
            _check_one(world, tx, it)
        _check_mails(world, tx)
    _check_banks(world)
    _check_files(world)
    sent = sorted(set(world.bank.attempts))
    assert all(len(list(same)) == 1 for _, same in groupby(sent, key=lambda attempt: attempt[0]))


def _check_one(world: World, tx: HubTransaction, it: Negotiation) -> None:
    case = world.cases[world.place(it)]
    row = tx.session.get_one(NegotiationRecord, case.id)
    columns = (LogEntryRecord.kind, LogEntryRecord.from_status, LogEntryRecord.to_status)
    of_it = LogEntryRecord.negotiation_id == case.id
    lines = tx.session.execute(sa.select(*columns).where(of_it).order_by(LogEntryRecord.sequence)).all()
    assert (row.status, [(before, to) for _, before, to in lines if to is not None]) == (it.status, it.history)
    assert Counter(kind for kind, _, _ in lines if kind not in UNCOUNTED) == +it.said
    assert (row.reached_bank_at is not None, row.version) == (it.reached, it.version)
    made = sorted(offers.list_offers(tx, case.id), key=lambda each: each.id)
    assert [(each.by, each.status, each.valid_until) for each in made] == [
        (each.by, each.status, each.valid_until) for each in it.offers
    ]
    deliveries = tx.session.scalars(
        sa.select(DeliveryRecord).where(DeliveryRecord.negotiation_id == case.id).order_by(DeliveryRecord.id)
    )
    assert [(each.kind.rpartition(".")[2], each.status) for each in deliveries] == [
        (each.kind, each.state) for each in it.messages
    ]
    _check_turns(world, tx, case.id, it)
    _check_view(world, views.negotiation_view(tx, row), it)


def _check_turns(world: World, tx: HubTransaction, negotiation_id: str, it: Negotiation) -> None:
    clocks = tx.session.scalars(
        sa.select(ClockRecord).where(ClockRecord.negotiation_id == negotiation_id).order_by(ClockRecord.id)
    )
    ends = {(False, False): None, (True, False): "answered", (False, True): "ended"}
    assert [
        (
            each.opened_at,
            each.due_at,
            each.provisional,
            ends[each.answered_at is not None, each.ended_at is not None],
            each.breach_noted_at is not None,
        )
        for each in clocks
    ] == [(each.opened, each.due, each.provisional, each.end, each.noted) for each in it.turns]
    requests = tx.session.scalars(
        sa.select(EvidenceRequestRecord)
        .where(EvidenceRequestRecord.negotiation_id == negotiation_id)
        .order_by(EvidenceRequestRecord.id)
    )
    assert [
        (each.due_at, each.answered_at is not None, each.lapsed_at is not None, each.closed_at is not None)
        for each in requests
    ] == [(each.due, each.state == "answered", each.state == "lapsed", each.state == "closed") for each in it.requests]


def _check_view(world: World, view: Any, it: Negotiation) -> None:
    turn, now = it.turn, world.clock.at
    clock = None if turn is None else (
        turn.stands,
        not turn.stands and now > turn.due,
        world.model.days.between(day_of(now), day_of(turn.due)) if turn.due > now else 0,
    )  # fmt: skip
    shown = view["clock"]
    assert (shown and (shown["paused"], shown["breached"], shown["working_days_left"])) == clock
    request = view["evidence_request"]
    assert (request and tuple(request["kinds"])) == (it.request and it.request.kinds)
    assert [each["status"] for each in view["offers"]] == [each.status for each in it.offers if each.opened]
    agreement = view["agreement"]
    expected = it.agreement
    rows = (
        {status: {row["number"] for row in agreement["payments"] if row["status"] == status} for status in ROWS}
        if (agreement)
        else {}
    )
    found = agreement and (agreement["status"], agreement["document"] is not None, rows["missed"], rows["part_paid"])
    assert found == (expected and (expected.state, expected.printed, expected.missed, expected.paid - expected.missed))
    assert (view["rejection"] and view["rejection"]["reason_code"]) == it.reason
    assert it.status != "returned" or view["faults"]


def _check_mails(world: World, tx: HubTransaction) -> None:
    mails = tx.session.execute(sa.select(MailRecord.negotiation_id, MailRecord.kind, MailRecord.key)).all()
    assert len({key for _, _, key in mails}) == len(mails)
    counted = Counter((negotiation, kind) for negotiation, kind, _ in mails if kind in (*COUNTED_MAILS, "late"))
    expected = Counter[tuple[str, str]]()
    for case, it in zip(world.cases, world.model.negotiations, strict=True):
        expected.update({(case.id, kind): number for kind, number in it.mails.items()})
        expected[case.id, "late"] += len(it.late)
    assert counted == +expected


def _check_banks(world: World) -> None:
    """Each bank sees what has reached it, and nothing of another."""
    for code in RULES:
        actor = Actor(party=Party.BANK, id="staff/reviewer", channel=Channel.PORTAL)
        with world.hub.reading(actor) as tx:
            queue = negotiations.list_of_bank(tx, code, statuses=(), due_before=None, page=Page(limit=200))
            seen = {each.id for each in queue}
            for case, it in zip(world.cases, world.model.negotiations, strict=True):
                if it.bank != code or not it.reached:
                    assert case.id not in seen
                    _refused(tx, case.id, code)
                else:
                    require_negotiation(tx, case.id, bank_code=code)


def _refused(tx: HubTransaction, negotiation_id: str, bank_code: str) -> None:
    try:
        require_negotiation(tx, negotiation_id, bank_code=bank_code)
    except NotFound:
        return
    raise AssertionError("a bank sees what is not its own")


def _check_files(world: World) -> None:
    with world.hub.reading(HUB) as tx:
        for file_id, file in zip(world.files, world.model.files, strict=True):
            client_id = world.clients[file.client].id
            assert evidence_files.view(tx, file_id, client_id=client_id)["status"] == file.status


def check_nothing_waits(world: World) -> None:
    """After some quiet hours everything has arrived, been judged and been printed, and no job was lost."""
    for it in world.model.negotiations:
        assert it.status not in ("screening", "delivering")
        assert "waiting" not in [each.state for each in it.messages]
        assert it.agreement is None or it.agreement.printed
        assert it.request is None or not it.request.waits
    assert "checking" not in [each.status for each in world.model.files]
