"""A hub and a simulated bank that talk over real sockets on loopback, for tests that ask every kind the same."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask
from werkzeug.serving import make_server

from hub.banks.catalogue import Catalogue
from hub.banks.outgoing import OutgoingHttp, Reach
from hub.banks.port import HttpAnswer, Message, Surroundings
from hub.banks.simulator.conduct import read_conduct
from hub.banks.simulator.desk import SimulatedDesk
from hub.banks.simulator.journal import Journal
from hub.banks.simulator.port import Event, FarSide, Heard, Place, Way
from hub.banks.simulator.running import Simulation, make_far_side
from hub.domain.actor import HUB
from hub.domain.bank_event import EventType
from hub.domain.china import china_day
from hub.domain.clock import Clock
from hub.domain.delivery import MessageKind
from hub.services.reading.operator.refusals import list_refused
from hub.wiring import Hub
from storage.bank_events import RefusedEvent
from storage.records import BankEventRecord
from tests import applications
from tests.banks.simulated import SimulatedBank
from tests.services.case import Case, everything_stored

KINDS = Catalogue(surroundings=SimulatedBank()).kinds  # type: ignore[arg-type]  # nothing is made of it here
FAR = [kind for kind in KINDS if kind != "portal" and find_spec(f"hub.banks.simulator.{kind}") is not None]
PACKET = b'{"accounts":[],"negotiation":"%s","proposal":{},"reference":"XS-20261121-483920"}' % (b"1" * 32)
# How long a whole call may take here, so that what never ends is soon over.
CALL_S = 4.0


@dataclass(slots=True, kw_only=True)
class FarBank:
    """A simulated bank at work. `conduct` changes what it does from now on."""

    place: Place
    far_side: FarSide
    desk: SimulatedDesk
    journal: Journal
    lines: list[str] = field(default_factory=list)

    @property
    def code(self) -> str:
        return self.place.code

    @property
    def settings(self) -> dict[str, str]:
        return dict(self.far_side.joining.settings)

    def behave(self, *words: str) -> None:
        """From now on it does that."""
        self.desk.conduct = read_conduct(words)

    def wrote(self, what: str, **facts: object) -> list[Mapping[str, Any]]:
        """The lines of its journal of that kind which say so."""
        return [
            line
            for line in self.journal.read()
            if line["what"] == what and all(line.get(name) == value for name, value in facts.items())
        ]

    def say(
        self,
        type_: EventType,
        negotiation: str,
        data: Mapping[str, Any],
        *,
        event_id: str = "e" * 32,
        way: Way = Way.HONEST,
    ) -> Heard:
        """What the hub made of that event."""
        return self.far_side.say(Event(id=event_id, type=type_, negotiation=negotiation, data=data, way=way))


@contextmanager
def far_bank(kind: str, code: str, folder: Path, *, hub_url: str, clock: Clock, business: Clock) -> Iterator[FarBank]:
    """A simulated bank that takes everything and says nothing by itself, listening on a free port."""
    folder.mkdir(parents=True)
    place = Place(
        code=code,
        port=0,
        folder=folder,
        hub_url=hub_url,
        http=OutgoingHttp(Reach(loopback=True)),
        clock=clock,
    )
    lines: list[str] = []
    journal = Journal(folder, clock, lines.append)
    far_side = make_far_side(kind, place)
    desk = SimulatedDesk(read_conduct(["silent"]), journal, today=lambda: china_day(business.now()))
    with Simulation(far_side, desk, journal, pause_s=0.0):
        yield FarBank(place=place, far_side=far_side, desk=desk, journal=journal, lines=lines)


@contextmanager
def served(app: Flask, port: int) -> Iterator[None]:
    """The app answers on that port of 127.0.0.1."""
    server = make_server("127.0.0.1", port, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join(10)
        server.server_close()


@dataclass(slots=True)
class RecordedHttp:
    """Calls as the hub makes them, each kept: what was sent, with its headers. A whole call ends after `CALL_S`."""

    sent: list[tuple[str, bytes, Mapping[str, str]]] = field(default_factory=list)
    way_out: OutgoingHttp = field(default_factory=lambda: OutgoingHttp(Reach(loopback=True), answer_s=CALL_S))

    def check_url(self, url: str) -> str:
        return self.way_out.check_url(url)

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> HttpAnswer:
        self.sent.append((url, body, dict(headers)))
        return self.way_out.post(url, body, headers)


def surroundings_of(hub: Hub) -> Surroundings:
    """What the hub's adapters are given of the world."""
    found: Surroundings = hub.adapters._surroundings  # type: ignore[assignment]
    return found


def record_calls(hub: Hub) -> RecordedHttp:
    """The calls by HTTP that the hub's adapters make from now on; before any adapter was asked for."""
    recorded = RecordedHttp()
    vars(hub)["http"] = recorded
    assert surroundings_of(hub).http is recorded
    return recorded


def refused(hub: Hub) -> list[RefusedEvent]:
    """What was refused of all banks, kept for the operator."""
    with hub.reading(HUB) as tx:
        return list_refused(tx)


def all_but_refusals(hub: Hub) -> dict[str, list[Any]]:
    """Every row of the hub's tables, but kept refusals, counted tries, and when a bank was last asked what it says."""
    aside = ("refused_event", "bank_line", "attempt")
    return {name: rows for name, rows in everything_stored(hub).items() if name not in aside}


def message(kind: MessageKind = MessageKind.SUBMITTED, number: int = 0) -> Message:
    about = "negotiation" if kind.startswith(("negotiation.", "agreement.")) else "request"
    return Message(
        id=f"{number:032x}",
        kind=kind,
        negotiation="1" * 32 if about == "negotiation" else "",
        request="1" * 32 if about == "request" else "",
        body=PACKET if kind is MessageKind.SUBMITTED else b'{"%s":"%s","text":"1"}' % (about.encode(), b"1" * 32),
        queued_at=datetime(2026, 11, 21, 2, 0, tzinfo=UTC),
        reference="XS-20261121-483920",
        owed_fen=1_908_200,
        due_at=datetime(2026, 12, 1, 10, 0, tzinfo=UTC),
    )


def events_of(case: Case) -> Counter[str]:
    """How many events of each type were applied to the case."""
    with case.hub.reading(HUB) as tx:
        return Counter(
            tx.session.scalars(sa.select(BankEventRecord.type).where(BankEventRecord.negotiation_id == case.id))
        )


TERMS = {"terms": applications.terms(first_due_on=applications.in_four_weeks())}
ASKED = {"kinds": ["bank_statement"], "text": "请补充流水"}
DEFERRED = {"decision_by": "2026-12-10", "text": "已登记，正在核对"}
TRANSFERRED = {"name": "某某资产管理有限公司", "contact": "4000000000", "transferred_on": "2026-11-01"}
MATCHES = {"matches": True, "text": ""}
NO = {"reason_code": "other", "text": "暂时无法办理"}
WORDS = {"text": "请保持电话畅通"}
