"""The jobs and schedules there are, and which service each one calls."""

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from hub.documents import ocr
from hub.documents.paper_seal import PaperSigner
from hub.documents.printing import print_pdf
from hub.documents.scanner import ScannerUrl, look_at
from hub.domain.actor import HUB
from hub.domain.errors import StoreFull, TryAgain
from hub.jobs.port import Job, Schedule, Watch
from hub.services.agreements import acceptance, amendment_printing, clearance_papers, default_notices
from hub.services.applications import drafts, screening
from hub.services.applications.screening_jobs import AFTER_VERDICT, SCREEN_APPLICATION, SCREEN_NEGOTIATION
from hub.services.consents import ledger
from hub.services.delivery import batches, collecting, reconciliation, sending
from hub.services.delivery.bank_calls import BankCalls
from hub.services.documents.printing import Printer
from hub.services.doubts import jobs as doubt_jobs
from hub.services.doubts import looking
from hub.services.erasure import leftovers, retention
from hub.services.evidence import evidence_files, judging, scrubbing
from hub.services.evidence.copying import Copying
from hub.services.evidence.judging import Inspection, Judging
from hub.services.evidence.recognising import ReadPage, Recognising
from hub.services.evidence.viewing_copies import Draw, Drawing
from hub.services.exports import making, ordering
from hub.services.log_heads import signing
from hub.services.negotiations import answer_clocks
from hub.services.notifications import client_notices, head_mail, operator_mail, outgoing_mail, outgoing_sms
from hub.services.operating import answered_weeks, seal_tasks, sweeps, tallies, task_causes
from hub.services.operating.apart import run_apart
from hub.services.operating.scanner_tasks import ScannerWatch
from hub.services.referrals import handing_over
from hub.services.transaction import HubTransaction
from hub.wiring import Hub
from schemas.bank_events import load_call
from storage import clean_copies, evidence, recognised_amounts, viewing_copies, waiting_files
from storage.claims import SAID_EVERY_S, Claim
from storage.evidence_store import EvidenceStore

_log = logging.getLogger(__name__)

# Finished work is forgotten after this long; a key is only ever used again much sooner.
WORK_KEPT = timedelta(days=1)


def jobs_of(hub: Hub, *, printer: Printer = print_pdf) -> Mapping[str, Callable[[str], None]]:
    """Every job by name. All bear being run twice."""

    claim = Claim(claims=hub.claims, what="form")

    def screened(run: Callable[..., None]) -> Callable[[str], None]:
        return _left_to_sweeps(lambda argument: run(hub, printer, hub.store, argument, claim=claim))

    def sealed(run: Callable[[Hub, Printer, EvidenceStore, str, PaperSigner | None], None]) -> Callable[[str], None]:
        return _left_to_sweeps(lambda argument: run(hub, printer, hub.store, argument, hub.sealing.signer))

    calls = BankCalls(transactions=hub, clock=hub.clock, load=load_call)
    return {
        SCREEN_APPLICATION: screened(screening.screen_application),
        SCREEN_NEGOTIATION: screened(screening.screen_negotiation),
        AFTER_VERDICT: screened(screening.after_verdict),
        # What versions put in that had one job for the three.
        "screen": screened(screening.screen_as_once_queued),
        "deliver": lambda argument: sending.deliver(hub, hub.store, argument),
        "deliver_batch": lambda argument: batches.deliver_batch(hub, hub.store, argument),
        "collect": lambda argument: _done(collecting.collect(hub, calls.taken_or_refused, argument)),
        "reconcile": lambda argument: _done(reconciliation.reconcile(hub, argument)),
        doubt_jobs.LOOK_FOR_DOUBTS: lambda argument: looking.look(hub, argument),
        "tell_client": lambda argument: client_notices.tell(hub, hub.http, hub.real_clock, argument),
        handing_over.TELL_PARTNER: lambda argument: handing_over.tell(hub, hub.partners, argument),
        leftovers.FINISH: _left_to_sweeps(lambda argument: leftovers.finish(hub, hub.store, argument)),
        ordering.MAKE_EXPORT: _left_to_sweeps(lambda argument: making.make(hub, hub.store, argument)),
        "print_agreement": sealed(acceptance.print_agreement),
        "print_default_notice": sealed(default_notices.print_default_notice),
        "print_amendment": sealed(amendment_printing.print_amendment),
        "print_clearance": sealed(clearance_papers.print_clearance),
    }


def _left_to_sweeps(run: Callable[[str], None]) -> Callable[[str], None]:
    """A store that is away makes no dead letter: the rows still say what is to be done, and a sweep asks."""

    def run_or_leave(argument: str) -> None:
        try:
            run(argument)
        except (StoreFull, TryAgain) as error:
            _log.warning("left to the next sweep", extra={"error": type(error).__name__})

    return run_or_leave


def _done(_found: object) -> None:
    """What an action gives its caller is nothing to a job."""


def _unprinted(tx: HubTransaction) -> list[Job]:
    finders = (
        acceptance.jobs_unprinted,
        default_notices.jobs_unprinted,
        amendment_printing.jobs_unprinted,
        clearance_papers.jobs_unprinted,
        making.jobs_stuck,
        leftovers.jobs_unfinished,
    )
    return [job for find in finders for job in find(tx)]


def _put_in(hub: Hub, find: Callable[[HubTransaction], Sequence[Job]]) -> Callable[..., None]:
    """A run that puts in what `find` finds; most of the time it is nothing, and nobody has to wait for a writer."""

    def run(*_at: datetime) -> None:
        with hub.reading(HUB) as tx:
            jobs = find(tx)
        if jobs:
            with hub.writing(HUB) as tx:
                for job in jobs:
                    tx.jobs.enqueue(tx.session, job)

    return run


def watches_of(
    hub: Hub, *, inspect: Inspection | None = None, draw: Draw | None = None, read_page: ReadPage | None = None
) -> Mapping[str, Watch]:
    """Every watch by name that judges or does what people wait for; files are read for amounts where that is set."""
    looks, reads, clock = inspect or hub.inspect, hub.settings.ocr is not None, hub.real_clock

    def to(what: str) -> Claim:
        return Claim(claims=hub.claims, what=what)

    judge = Judging(hub, hub.store, looks, clock, claim=to("judge"))
    copy = Copying(hub, hub.store, looks, clock, claim=to("copy"))
    show = Drawing(hub, hub.store, draw or hub.inspector.draw, clock, wants_amounts=reads, claim=to("draw"))
    read = Recognising(hub, hub.store, read_page or ocr.read_page, clock, claim=to("read"))

    found = {
        "judge": Watch(run=judge, sleeps=True, every_s=0.5, at_once=2),
        "copy": Watch(run=copy, sleeps=True, every_s=2.0),
        "draw": Watch(run=show, sleeps=True, every_s=0.5),
    }
    if reads:
        found["read"] = Watch(run=read, sleeps=True, every_s=2.0)
    return found


def wake_of(hub: Hub) -> Callable[[], Iterable[str]]:
    """The one question that names those of `watches_of` for which there is work."""
    lists = {"judge": evidence.CHECKING, "copy": clean_copies.WAITING, "draw": viewing_copies.WAITING}
    if hub.settings.ocr is not None:
        lists["read"] = recognised_amounts.WAITING
    question = waiting_files.question(lists)

    def ask() -> Iterable[str]:
        with hub.asking(HUB) as tx:
            return waiting_files.named(tx, question)

    return ask


def hold_of(hub: Hub) -> Watch:
    """The watch by which what this worker has in hand stays so, however long it takes, until the worker is to stop."""

    def go_on_holding() -> bool:
        hub.claims.say_something()
        return False

    return Watch(run=go_on_holding, every_s=SAID_EVERY_S)


# What is due by the hub's clock is looked for so often.
SWEEP_INTERVAL_S = 5.0
# What the queues come to is counted so often.
TALLY_INTERVAL_S = 60.0


def sweeps_of(hub: Hub) -> Mapping[str, Watch]:
    """Every watch by name that asks the rows what is due by now. Several workers may each run them at once.

    They need not: what a second worker finds is the same over again. Messages they share among them.
    """

    def sweep(run: Callable[[], object], *, led: bool = True) -> Watch:
        def look() -> bool:
            run()
            # What was found may be found again until it is done.
            return False

        return Watch(run=look, led=led, every_s=SWEEP_INTERVAL_S, after_error_s=SWEEP_INTERVAL_S)

    def count() -> bool:
        tallies.renew(hub)
        return False

    def index_old() -> bool:
        return tallies.index_old(hub) > 0

    def note_old_consents() -> bool:
        return ledger.note_old(hub) > 0

    def date_old() -> bool:
        return retention.date_old(hub) > 0

    def to(what: str) -> Claim:
        return Claim(claims=hub.sending_claims, what=what)

    def send_mail() -> None:
        outgoing_mail.send_due(hub, hub.mail, hub.real_clock, claim=to("mail"))

    def send_sms() -> None:
        outgoing_sms.send_due(hub, hub.sms, hub.real_clock, claim=to("sms"))

    return {
        "tally": Watch(run=count, led=True, every_s=TALLY_INTERVAL_S, after_error_s=TALLY_INTERVAL_S),
        # Nothing but a look once the cases of before are done.
        "index_queue": Watch(run=index_old, led=True, every_s=TALLY_INTERVAL_S),
        "note_consents": Watch(run=note_old_consents, led=True, every_s=TALLY_INTERVAL_S),
        "date_ends": Watch(run=date_old, led=True, every_s=TALLY_INTERVAL_S),
        "run_due": sweep(lambda: sweeps.run_due(hub)),
        # Apart from the sweep and from each other: neither waits for a slow mail server or gateway.
        "send_mail": sweep(send_mail, led=False),
        "send_sms": sweep(send_sms, led=False),
        "collect": sweep(_put_in(hub, collecting.jobs_due)),
    }


def _look_at_scanner(hub: Hub) -> Callable[[datetime], None]:
    watch = ScannerWatch()

    def look(_at: datetime) -> None:
        answers, signatures_d, now = True, None, hub.real_clock.now()
        if hub.settings.scanner_url is not None:
            try:
                signatures_d = look_at(ScannerUrl.parse(hub.settings.scanner_url)).signatures_d(now)
            except TryAgain:
                answers = False
        watch.look(hub, answers=answers, signatures_d=signatures_d, now=now)

    return look


def schedules_of(hub: Hub) -> Mapping[str, Schedule]:
    """Every schedule by name."""

    def tidy(at: datetime) -> None:
        real_now = hub.real_clock.now()
        parts = evidence_files.parts_of_hour(at)
        run_apart(
            {
                "orphans": lambda: evidence_files.sweep_orphans(hub, hub.store, real_now=real_now, parts=parts),
                "drafts": lambda: drafts.forget_old(hub, hub.store),
                "old": lambda: sweeps.forget_old(hub, real_now=real_now),
                "exports": lambda: making.expire(hub, hub.store),
                "work": lambda: hub.jobs.prune(real_now - WORK_KEPT),
            }
        )

    def scrub(at: datetime) -> None:
        scrubbing.scrub(hub, hub.store, at=at)

    def look_for_unjudged(_at: datetime) -> None:
        with hub.writing(HUB) as tx:
            judging.look_for_unjudged(tx)

    def tell_operators(_at: datetime) -> None:
        task_causes.look(hub)
        seal_tasks.look(hub, hub.sealing.ending)
        operator_mail.tell(hub, hub.mail, hub.settings.operator_emails)

    def sign_heads(_at: datetime) -> None:
        try:
            signing.sign_due(hub)
            signing.note_covered(hub)
        finally:
            signing.look(hub)

    def mail_head(_at: datetime) -> None:
        head_mail.tell(hub, hub.mail)

    def count_answers(_at: datetime) -> None:
        answered_weeks.count_weeks(hub)

    def retain(_at: datetime) -> None:
        retention.run(hub, hub.settings.retention)

    def follow_calendar(_at: datetime) -> None:
        answer_clocks.follow_calendar(hub)

    return {
        # Before banks open, so that an operator has the day to ask.
        "reconcile": Schedule(cron="0 30 7 * * *", run=_put_in(hub, reconciliation.jobs_of_today)),
        "print_missing": Schedule(cron="45 */2 * * * *", run=_put_in(hub, _unprinted)),
        # An import moves clocks by itself; this goes on where one was cut off.
        "follow_calendar": Schedule(cron="50 */10 * * * *", run=follow_calendar),
        "count_answers": Schedule(cron="35 */10 * * * *", run=count_answers),
        # A head is signed an hour after the last one, where something was written; this only looks.
        "sign_heads": Schedule(cron="25 */10 * * * *", run=sign_heads),
        # At nine in China, when desks begin.
        "mail_head": Schedule(cron="40 0 9 * * *", run=mail_head),
        "look_for_unjudged": Schedule(cron="15 */10 * * * *", run=look_for_unjudged),
        "look_at_scanner": Schedule(cron="5 * * * * *", run=_look_at_scanner(hub)),
        "tell_operators": Schedule(cron="20 * * * * *", run=tell_operators),
        # At night: what is due came due at any hour of the day before.
        "retain": Schedule(cron="0 40 3 * * *", run=retain),
        "scrub": Schedule(cron="15 */5 * * * *", run=scrub),
        "tidy": Schedule(cron="30 17 * * * *", run=tidy),
    }
