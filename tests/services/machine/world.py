"""The hub beside its model: every deed is done to both, and both must agree whether it may be."""

import copy
import shutil
from collections import deque
from collections.abc import Callable, Sequence
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa

from hub import steps
from hub.banks.adapters.portal import Portal
from hub.domain.actor import HUB, Actor, Channel, Party
from hub.domain.client import Client
from hub.domain.clock import FixedClock
from hub.domain.errors import Conflict, NotAllowed, NotFound, Refused, RefusedForGood, TryAgain
from hub.domain.evidence import CleanCopy, MediaType
from hub.services.evidence import judging
from hub.services.operating import sweeps
from hub.settings import Settings
from hub.wiring import Hub
from hub.work.jobs import jobs_of
from storage import banks as bank_rows
from storage import evidence
from storage.clients import add_client
from storage.records import DeliveryRecord, EvidenceRecord, NegotiationRecord, OfferRecord
from tests import applications
from tests.applications import CITIC, CMB, ICBC
from tests.banks.simulated import SimulatedBank
from tests.conftest import SECRET, SentMessages, Submitted
from tests.jobs.draining import finish, list_waiting
from tests.services.case import Case
from tests.services.machine import deeds
from tests.services.machine.facts import Message, Negotiation, No, Rules
from tests.services.machine.model import Model

Answer = TypeVar("Answer")

RULES = {
    ICBC: Rules(system=False, response_days=7, closes=time(18), pauses=False, counters=3),
    CMB: Rules(system=True, response_days=7, closes=time(17, 30), pauses=True, counters=2),
    CITIC: Rules(system=False, response_days=3, closes=time(9), pauses=True, counters=1),
}
DIRTY = b"nobody can read this"
# The name under which a file that waits for its verdict stands among the jobs.
JUDGE = "judge"
_PAGE = applications.pdf()


class Crash(BaseException):
    """The process ends at the step it is named after."""


class World:
    """A hub of its own in `home`, and the model. What differs between the two is an `AssertionError`."""

    def __init__(self, template: Path, home: Path, start: datetime) -> None:
        shutil.copy(template, home / "hub.db")
        self.clock = FixedClock(start)
        self.bank = SimulatedBank()
        settings = Settings(
            home=home,
            database_url=f"sqlite:///{home / 'hub.db'}",
            evidence_url=f"file://{home / 'evidence'}",
            secret_keys=SECRET,
        )
        self.hub = Hub(settings, clock=self.clock, adapters=[Portal(), self.bank], sms=SentMessages([]))
        self.model = Model(RULES, start)
        self.jobs = {**jobs_of(self.hub, printer=lambda _: _PAGE), JUDGE: self._judge}
        self.clients = [self._client(name) for name in ("a host app", "another host app")]
        self._add_banks()
        self.cases: list[Case] = []
        self.files: list[str] = []
        # What was submitted: the deed on the model, the call, and its first answer.
        self.submitted: list[tuple[Callable[[Model], None], Callable[[], str], str]] = []
        self.answers = "takes"
        self.works = True
        # The process dies after so many steps; 0 is never.
        self.dies_after = 0
        steps.on_step = self._step

    def close(self) -> None:
        steps.on_step = lambda _: None
        self.hub.close()

    def _client(self, name: str) -> Client:
        with self.hub.writing(HUB) as tx:
            return add_client(tx, name=name, scopes=("applications:write",), bank_code=None)[0]

    def _add_banks(self) -> None:
        with self.hub.writing(HUB) as tx:
            for code, rules in RULES.items():
                zh, en = applications.BANK_NAMES[code]
                adapter = "simulated" if rules.system else "portal"
                words = {
                    "response_days": str(rules.response_days),
                    "closes_at": f"{rules.closes:%H:%M}",
                    "pause_on_evidence": str(rules.pauses).lower(),
                    "max_counter_offers": str(rules.counters),
                }
                bank_rows.add_bank(tx, code=code, name_zh=zh, name_en=en, adapter=adapter, settings=words)

    def _step(self, name: str) -> None:
        if self.dies_after:
            self.dies_after -= 1
            if not self.dies_after:
                raise Crash(name)

    @property
    def written(self) -> tuple[int, int]:
        """Another value after anything was written into the database."""
        log = (self.hub.settings.home / "hub.db-wal").stat()
        return log.st_mtime_ns, log.st_size

    # One deed.

    def do(self, predict: Callable[[Model], None], act: Callable[[], Answer]) -> Answer | None:
        """The deed is done to both or to neither; gives the hub's answer, None where it refused or died."""
        self.pass_time(timedelta(seconds=1))
        after = copy.deepcopy(self.model)
        expected = "done"
        try:
            predict(after)
        except No as no:
            expected = no.kind
        answer, got = None, "done"
        try:
            answer = act()
        except Crash as crash:
            # Whoever asked got no answer. What was committed is there all the same, and nothing else is.
            if str(crash) != "commit.after":
                return None
            got = expected
        except Refused:
            got = "refused"
        except NotFound:
            got = "unknown"
        except NotAllowed:
            got = "not allowed"
        except Conflict:
            got = "conflict"
        if isinstance(answer, Refused):
            got = "refused"
        assert got == expected
        if got == "done":
            self.model = after
            self._learn()
        return answer

    def pass_time(self, by: timedelta) -> None:
        """It is later."""
        self.clock.at += by
        self.model.now = self.clock.at

    def _learn(self) -> None:
        """Each negotiation and file of the model has the id that the hub gave it: none is missing, none too many."""
        with self.hub.reading(HUB) as tx:
            self.files = list(tx.session.scalars(sa.select(EvidenceRecord.id).order_by(EvidenceRecord.id)))
            rows = list(tx.session.scalars(sa.select(NegotiationRecord).order_by(NegotiationRecord.id)))
        assert len(self.files) == len(self.model.files)
        for it, row in zip(self.model.negotiations, rows, strict=True):
            assert (it.bank, self.clients[it.client].id) == (row.bank_code, row.client_id)
        for row in rows[len(self.cases) :]:
            client = next(each for each in self.clients if each.id == row.client_id)
            sent = Submitted(id=row.application_id, client=client, negotiations={row.bank_code: row.id}, evidence=[])
            self.cases.append(
                Case(hub=self.hub, clock=self.clock, work_off=self.work, sent=sent, bank_code=row.bank_code)
            )

    def case(self, it: Negotiation) -> Case:
        """The hub's side of the model's negotiation."""
        return self.cases[self.model.negotiations.index(it)]

    def place(self, it: Negotiation) -> int:
        """Where the negotiation stands in both lists."""
        return next(n for n, each in enumerate(self.model.negotiations) if each is it)

    def cardholder(self, client: int) -> Actor:
        return Actor(party=Party.CARDHOLDER, id=f"client/{self.clients[client].id}", channel=Channel.API)

    def offer_ids(self, negotiation_id: str) -> list[str]:
        with self.hub.reading(HUB) as tx:
            query = sa.select(OfferRecord.id).where(OfferRecord.negotiation_id == negotiation_id)
            return list(tx.session.scalars(query.order_by(OfferRecord.id)))

    # Workers.

    def rest(self) -> None:
        """Workers have done what there is to do, unless they stand still."""
        if self.works:
            self.work()

    def work(self) -> int:
        """No file and no job waits any more."""
        ran = 0
        while waiting := self.waiting_jobs():
            for job in waiting:
                self.run(job)
                ran += 1
        return ran

    def run(
        self, job: tuple[str, str, str], meanwhile: tuple[Callable[[], Any], Callable[[], Any]] | None = None
    ) -> None:
        """The job has run to its end, in a second process where the first one died."""
        key, name, argument = job
        happens, predicted = meanwhile or (lambda: None, lambda: None)
        effect = self._effect(name, argument, predicted)
        met = len(self.bank.attempts)
        while True:
            self.bank.answers = deque(_error(self.answers))
            self.bank.meanwhile, happens = happens, lambda: None
            try:
                self.jobs[name](argument)
                break
            except Crash:
                continue
        if name != JUDGE:
            finish(self.hub.database.engine, key, "SUCCESS", None)
        # A bank whose system fails again and again is left alone for a while, and then nothing has happened.
        if name != "deliver" or len(self.bank.attempts) > met:
            effect()

    def _effect(self, name: str, argument: str, meanwhile: Callable[[], Any]) -> Callable[[], None]:
        if name == JUDGE:
            return lambda: self.model.judge(self.files.index(argument))
        if name == "deliver":
            it, message = self.message_of(argument)
            return lambda: self.model.deliver(it, message, self.answers, meanwhile)
        named = [self.model.negotiations[n] for n, case in enumerate(self.cases) if argument in (case.id, case.sent.id)]
        if name == "print_agreement":
            return lambda: _print(named)
        if name in ("print_default_notice", "look_for_doubts"):
            # Which papers were printed, or what a machine hints at, is no deed of anybody.
            return lambda: None
        assert name in ("screen_application", "screen_negotiation", "after_verdict"), name
        return lambda: _screen(self.model, named)

    def message_of(self, delivery_id: str) -> tuple[Negotiation, Message]:
        """The model's message that the delivery is."""
        with self.hub.reading(HUB) as tx:
            negotiation_id = tx.session.get_one(DeliveryRecord, delivery_id).negotiation_id
            query = sa.select(DeliveryRecord.id).where(DeliveryRecord.negotiation_id == negotiation_id)
            place = list(tx.session.scalars(query.order_by(DeliveryRecord.id))).index(delivery_id)
        it = next(self.model.negotiations[n] for n, case in enumerate(self.cases) if case.id == negotiation_id)
        return it, it.messages[place]

    def waiting_jobs(self) -> Sequence[tuple[str, str, str]]:
        """The jobs that wait, and one for each file that does."""
        with self.hub.reading(HUB) as tx:
            files = evidence.list_checking(tx, limit=1000)
        return [*((JUDGE, JUDGE, each) for each in files), *list_waiting(self.hub.database.engine)]

    def _judge(self, evidence_id: str) -> None:
        judging.judge(self.hub, self.hub.store, lambda chunks, _: _verdict(chunks), [evidence_id])

    def sweep(self) -> None:
        """The schedule has run, by a second process where the first one died."""
        while True:
            try:
                sweeps.run_due(self.hub)
                break
            except Crash:
                continue
        self.model.sweep()


def _verdict(chunks: Any) -> str | CleanCopy:
    sent = b"".join(chunks)
    return "unreadable" if DIRTY in sent else CleanCopy(media_type=MediaType.PDF, content=sent)


def _error(answer: str) -> list[TryAgain | RefusedForGood]:
    errors: dict[str, list[TryAgain | RefusedForGood]] = {
        "takes": [],
        "busy": [TryAgain("busy")],
        "refuses": [RefusedForGood("no such card")],
    }
    return errors[answer]


def _screen(model: Model, named: list[Negotiation]) -> None:
    for it in named:
        model.screen(it)


def _print(named: list[Negotiation]) -> None:
    for it in named:
        assert it.agreement is not None
        it.agreement.printed = True


__all__ = ["DIRTY", "RULES", "Crash", "World", "deeds"]
