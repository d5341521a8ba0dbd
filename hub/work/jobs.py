"""The jobs and schedules there are, and which service each one calls."""

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from hub.documents.printing import print_pdf
from hub.domain.actor import HUB
from hub.domain.errors import StoreFull, TryAgain
from hub.jobs.port import Job, Schedule, Watch
from hub.services.agreements import acceptance, amendment_printing, clearance_papers, default_notices
from hub.services.applications import drafts, screening
from hub.services.applications.screening_jobs import AFTER_VERDICT, SCREEN_APPLICATION, SCREEN_NEGOTIATION
from hub.services.delivery import batches, collecting, reconciliation, sending
from hub.services.delivery.bank_calls import BankCalls
from hub.services.documents.printing import Printer
from hub.services.evidence import evidence_files, judging, scrubbing
from hub.services.evidence.judging import Inspection, Judging
from hub.services.negotiations import answer_clocks
from hub.services.notifications import client_notices, operator_mail, outgoing_mail, outgoing_sms
from hub.services.operating import sweeps, task_causes
from hub.services.transaction import HubTransaction
from hub.wiring import Hub
from schemas.bank_events import load_call
from storage.evidence_store import EvidenceStore

_log = logging.getLogger(__name__)

# Finished work is forgotten after this long; a key is only ever used again much sooner.
WORK_KEPT = timedelta(days=1)


def jobs_of(hub: Hub, *, printer: Printer = print_pdf) -> Mapping[str, Callable[[str], None]]:
    """Every job by name. All bear being run twice."""

    def screened(run: Callable[[Hub, Printer, EvidenceStore, str], None]) -> Callable[[str], None]:
        return _left_to_sweeps(lambda argument: run(hub, printer, hub.store, argument))

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
        "tell_client": lambda argument: client_notices.tell(hub, hub.http, hub.real_clock, argument),
        "print_agreement": _left_to_sweeps(
            lambda argument: acceptance.print_agreement(hub, printer, hub.store, argument)
        ),
        "print_default_notice": _left_to_sweeps(
            lambda argument: default_notices.print_default_notice(hub, printer, hub.store, argument)
        ),
        "print_amendment": _left_to_sweeps(
            lambda argument: amendment_printing.print_amendment(hub, printer, hub.store, argument)
        ),
        "print_clearance": _left_to_sweeps(
            lambda argument: clearance_papers.print_clearance(hub, printer, hub.store, argument)
        ),
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


def watches_of(hub: Hub, *, inspect: Inspection | None = None) -> Mapping[str, Watch]:
    """Every watch by name that judges or does what people wait for."""
    judge = Judging(hub, hub.store, inspect or hub.inspect, hub.real_clock)

    def waits() -> bool:
        with hub.reading(HUB) as tx:
            return judging.is_any_waiting(tx)

    return {"judge": Watch(run=judge, is_there=waits, every_s=0.5, at_once=2)}


# What is due by the hub's clock is looked for so often.
SWEEP_INTERVAL_S = 5.0


def sweeps_of(hub: Hub) -> Mapping[str, Watch]:
    """Every watch by name that asks the rows what is due by now. Several workers may each run them at once."""

    def sweep(run: Callable[[], object]) -> Watch:
        def look() -> bool:
            run()
            # What was found may be found again until it is done.
            return False

        return Watch(run=look, every_s=SWEEP_INTERVAL_S, after_error_s=SWEEP_INTERVAL_S)

    return {
        "run_due": sweep(lambda: sweeps.run_due(hub)),
        # Apart from the sweep and from each other: neither waits for a slow mail server or gateway.
        "send_mail": sweep(lambda: outgoing_mail.send_due(hub, hub.mail, hub.real_clock)),
        "send_sms": sweep(lambda: outgoing_sms.send_due(hub, hub.sms, hub.real_clock)),
        "collect": sweep(_put_in(hub, collecting.jobs_due)),
    }


def schedules_of(hub: Hub) -> Mapping[str, Schedule]:
    """Every schedule by name."""

    def tidy(_at: datetime) -> None:
        real_now = hub.real_clock.now()
        evidence_files.sweep_orphans(hub, hub.store, real_now=real_now)
        drafts.forget_old(hub, hub.store)
        sweeps.forget_old(hub, real_now=real_now)
        hub.jobs.prune(real_now - WORK_KEPT)

    def scrub(at: datetime) -> None:
        scrubbing.scrub(hub, hub.store, at=at)

    def look_for_unjudged(_at: datetime) -> None:
        with hub.writing(HUB) as tx:
            judging.look_for_unjudged(tx)

    def tell_operators(_at: datetime) -> None:
        task_causes.look(hub)
        operator_mail.tell(hub, hub.mail, hub.settings.operator_emails)

    def follow_calendar(_at: datetime) -> None:
        answer_clocks.follow_calendar(hub)

    return {
        # Before banks open, so that an operator has the day to ask.
        "reconcile": Schedule(cron="0 30 7 * * *", run=_put_in(hub, reconciliation.jobs_of_today)),
        "print_missing": Schedule(cron="45 */2 * * * *", run=_put_in(hub, _unprinted)),
        # An import moves clocks by itself; this goes on where one was cut off.
        "follow_calendar": Schedule(cron="50 */10 * * * *", run=follow_calendar),
        "look_for_unjudged": Schedule(cron="15 */10 * * * *", run=look_for_unjudged),
        "tell_operators": Schedule(cron="20 * * * * *", run=tell_operators),
        "scrub": Schedule(cron="15 */5 * * * *", run=scrub),
        "tidy": Schedule(cron="30 17 * * * *", run=tidy),
    }
