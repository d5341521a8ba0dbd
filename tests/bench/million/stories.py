"""What happens in one negotiation: told through the services, a day at a time, to be copied a thousandfold."""

import io
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import time, timedelta
from decimal import Decimal
from typing import Final

from hub.banks.port import HttpAnswer
from hub.demo import steps
from hub.demo.applications import application
from hub.demo.stage import Stage, cardholder
from hub.demo.stories import Step, Story
from hub.domain.actor import HUB
from hub.domain.application import EvidenceReference
from hub.domain.balances import Balance
from hub.domain.china import china_day
from hub.domain.client import Client
from hub.domain.correspondence import CardholderMessage
from hub.domain.evidence import EvidenceKind
from hub.domain.offer import BankOffer
from hub.domain.payments import Payment
from hub.domain.terms import Kind, Method, Terms, Waived
from hub.services.agreements import finding, payments
from hub.services.agreements.agreement_views import payment_rows
from hub.services.applications import intake
from hub.services.erasure import retention
from hub.services.evidence import evidence_files
from hub.services.evidence.evidence_files import Upload
from hub.services.negotiations import correspondence, counter_offers, further_accounts, offering
from hub.services.operating import sweeps
from hub.wiring import Hub
from storage import negotiations
from storage.clients import find_client_named
from tests import applications
from tests.bench.million.world import CLIENT, TOLD_AT, Somebody, somebody
from tests.jobs.working_off import taken_for_clean, working_off

Deed = Callable[["Told"], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A negotiation that is being told."""

    stage: Stage
    client: Client
    negotiation: str


def _write(told: Told) -> None:
    message = CardholderMessage(text="您好，请问审核到哪一步了？", evidence=(), answers=False)
    with told.stage.hub.writing(cardholder(told.client)) as tx:
        correspondence.write_to_bank(tx, told.negotiation, message, client_id=told.client.id)


def _reply(told: Told) -> None:
    with told.stage.hub.writing(told.stage.clerk(TOLD_AT, told.negotiation)) as tx:
        correspondence.write_to_cardholder(tx, told.negotiation, "您好，正在核对，请稍候。", bank_code=TOLD_AT)


def _terms(told: Told, *, instalments: int) -> Terms:
    # Few rows: a schedule is kept with the offer, its delivery and the agreement.
    return Terms(
        kind=Kind.INSTALMENTS,
        principal_fen=sum(each.principal_fen for each in _owed(told)),
        first_due_on=told.stage.today() + timedelta(days=20),
        waived=Waived(
            interest_fen=sum(each.interest_fen for each in _owed(told)),
            penalty_fen=sum(each.penalty_fen for each in _owed(told)),
        ),
        instalments=instalments,
        annual_rate_percent=Decimal("3.60"),
        method=Method.EQUAL_INSTALMENT,
    )


def _owed(told: Told) -> Sequence[Balance]:
    with told.stage.hub.reading(HUB) as tx:
        row = negotiations.find_negotiation(tx, told.negotiation)
        assert row is not None
        return further_accounts.declared_balances(tx, row)


def _offer(told: Told) -> None:
    proposed = BankOffer(terms=_terms(told, instalments=18), balances=tuple(_owed(told)))
    with told.stage.hub.writing(told.stage.clerk(TOLD_AT, told.negotiation)) as tx:
        offering.make_offer(tx, told.negotiation, proposed, bank_code=TOLD_AT)


def _counter(told: Told) -> None:
    terms = _terms(told, instalments=24)
    with told.stage.hub.writing(cardholder(told.client)) as tx:
        counter_offers.counter(tx, told.negotiation, terms, client_id=told.client.id)


def _pay_next(told: Told) -> None:
    with told.stage.hub.writing(told.stage.clerk(TOLD_AT, told.negotiation)) as tx:
        rows = payment_rows(tx, finding.agreement_of_bank(tx, told.negotiation, bank_code=TOLD_AT))
        row = next(each for each in rows if each.open_fen)
        payment = Payment(number=row.number, paid_on=told.stage.today(), amount_fen=row.open_fen)
        payments.record_payment(tx, told.negotiation, payment, bank_code=TOLD_AT)


def _step(step: Step) -> Deed:
    return lambda told: steps.take(step, told.stage, told.client, told.negotiation, TOLD_AT)


_DEEDS: Final = {
    **{step.value: _step(step) for step in Step},
    "write": _write,
    "reply": _reply,
    "offer": _offer,
    "counter": _counter,
    "pay_next": _pay_next,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """A way that negotiations go: `deeds` as (day after the sending, deed), told as of each of `days_ago`.

    `weight`: how many of a thousand negotiations go so; None for an open one, of which each size has a number.
    """

    name: str
    days_ago: Sequence[int]
    deeds: str
    weight: int | None = None

    def steps(self) -> list[tuple[int, str]]:
        """The deeds with their days: `1 acknowledge write 3 reply` are two on the first day and one on the third."""
        found, day = [], 0
        for word in self.deeds.split():
            if word.isdecimal():
                day = int(word)
            else:
                found.append((day, word))
        return found


_TALK = "1 acknowledge 2 write reply"
_PAPERS = f"{_TALK} 3 ask 5 answer write"
_SIGNED = f"{_PAPERS} 6 offer 7 accept 8 hold"
_OVER = (27, 54, 80)

PLOTS: Final = (
    Plot(name="agreed", days_ago=(30, 75, 130), deeds=f"{_SIGNED} 26 pay_next write reply", weight=40),
    Plot(name="paid", days_ago=(190, 290), deeds=f"{_SIGNED} 26 pay_next 56 pay_next 87 pay_next", weight=40),
    Plot(name="countered", days_ago=(40, 150), deeds=f"{_TALK} 3 offer 4 counter 5 offer 6 accept 7 hold", weight=20),
    Plot(name="rejected", days_ago=_OVER, deeds=f"{_PAPERS} reply write reply 6 reject", weight=250),
    Plot(name="withdrawn", days_ago=_OVER, deeds=f"{_PAPERS} 6 reply write reply 7 withdraw", weight=50),
    Plot(name="declined", days_ago=_OVER[:2], deeds=f"{_PAPERS} 6 offer 7 decline 8 reject", weight=30),
    Plot(name="lapsed", days_ago=_OVER[1:], deeds=f"{_PAPERS} 6 offer write reply", weight=20),
    # Half a year after its end all of it but statuses, times and digests is erased: most of what years leave.
    Plot(name="erased", days_ago=(210, 280, 360), deeds=f"{_PAPERS} reply write reply 6 reject", weight=450),
    Plot(name="erased too", days_ago=(240, 320), deeds=f"{_PAPERS} 6 offer 7 withdraw", weight=100),
    Plot(name="new", days_ago=(1, 2, 3, 4), deeds=""),
    Plot(name="in_review", days_ago=(3, 5, 6), deeds=_TALK),
    Plot(name="asked", days_ago=(5, 7), deeds=f"{_TALK} 3 ask"),
    Plot(name="answered", days_ago=(6, 8), deeds=_PAPERS),
    Plot(name="offered", days_ago=(7, 9), deeds=f"{_PAPERS} 6 offer"),
    Plot(name="countering", days_ago=(9, 10), deeds=f"{_PAPERS} 6 offer 7 counter"),
)


class _Listens:
    """The host app, which takes whatever it is told."""

    def post(self, _url: str, _body: bytes, _headers: Mapping[str, str]) -> HttpAnswer:
        """Taken."""
        return HttpAnswer(status=200, body=b"")


def tell(hub: Hub, plots: Sequence[Plot] = PLOTS) -> dict[str, tuple[Plot, Somebody]]:
    """Every plot has happened once as of each of its days, and nothing is due; gives each by the application's id."""
    paper = applications.pdf()
    told: dict[str, tuple[Plot, Somebody]] = {}
    with closing(Stage(hub, lambda _html: paper)) as stage:
        vars(stage.hub)["http"] = _Listens()
        work = working_off(stage.hub, inspect=taken_for_clean, printer=lambda _html: paper)
        with hub.reading(HUB) as tx:
            client = find_client_named(tx, CLIENT)
        assert client is not None
        dated = sorted(((days, plot) for plot in plots for days in plot.days_ago), key=lambda each: -each[0])
        for place, (days_ago, plot) in enumerate(dated):
            # Far from each other: many from one block of numbers are a hint.
            person = somebody(1_000_000 + 20_020 * place + place % 5)
            told[_tell(stage, work, client, person, plot, days_ago)] = plot, person
        _come_to_rest(stage, work)
    return told


def _tell(stage: Stage, work: Callable[[], int], client: Client, person: Somebody, plot: Plot, days_ago: int) -> str:
    sent_on = china_day(stage.now) - timedelta(days=days_ago)
    stage.at(sent_on)
    files = [_kept(stage, client, person)]
    story = Story(name=person.name, days_ago=days_ago, plots={TOLD_AT: ()})
    with stage.hub.writing(cardholder(client)) as tx:
        sent = intake.submit(tx, application(person, story, files, sent_on), client_id=client.id)
    work()
    with stage.hub.reading(HUB) as tx:
        [row] = negotiations.list_of_application(tx, sent)
        told = Told(stage=stage, client=client, negotiation=row.id)
    today = None
    for day, word in plot.steps():
        if day != today:
            stage.at(sent_on + timedelta(days=day), time(15, 0))
            work()
            today = day
        _DEEDS[word](told)
        work()
    return sent


def _kept(stage: Stage, client: Client, person: Somebody) -> EvidenceReference:
    # Another file of each: one that many sent would be a hint.
    kind, paper = EvidenceKind.MEDICAL_BILL, applications.pdf(person.subject)
    upload = Upload(
        client_id=client.id, subject=None, kind=kind, file_name="证明.pdf", declared_type=None, length=len(paper)
    )
    stored = evidence_files.receive(stage.hub.store, upload, io.BytesIO(paper).read)
    with stage.hub.writing(cardholder(client)) as tx:
        evidence_files.keep(tx, stored)
    return EvidenceReference(id=stored.file.id, kind=kind)


def _come_to_rest(stage: Stage, work: Callable[[], int]) -> None:
    """It is now, what is to be erased by now is, and nothing is left to be done."""
    stage.at(china_day(stage.now), time(23, 59))
    retention.run(stage.hub, stage.hub.settings.retention)
    sweeps.forget_old(stage.hub, real_now=stage.hub.real_clock.now())
    while True:
        stage.at(china_day(stage.now), time(23, 59))
        if not work() + sweeps.run_due(stage.hub):
            return
