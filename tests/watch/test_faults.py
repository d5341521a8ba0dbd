"""Each alarm is set off by its fault, in a hub that Prometheus scrapes before and after; no other one is."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import count
from types import MethodType

import pytest
import sqlalchemy as sa

from hub import health
from hub.app import create_app
from hub.domain.actor import HUB
from hub.domain.backup_note import BackupKind, BackupState
from hub.domain.errors import RefusedForGood, TryAgain
from hub.findings import Part
from hub.services.accounts import staff_sign_in
from hub.services.delivery import reconciliation
from hub.services.evidence import scrubbing
from hub.services.notifications import outgoing_mail
from hub.services.operating import operator_tasks
from hub.services.operating.heartbeats import Heartbeat
from hub.services.operating.scanner_tasks import ScannerWatch
from hub.web.store_check import StoreCheck
from hub.wiring import Hub
from storage import bank_lines, clock_skew, mails
from storage.evidence_store import FolderStore
from tests.applications import CMB, ICBC
from tests.banks.simulated import SimulatedBank
from tests.bent import bent
from tests.conftest import AddCaller, Submit
from tests.services.case import Case
from tests.services.conftest import OpenCase
from tests.storage.postgres_server import free_port
from tests.watch.conftest import Watched
from tests.watch.prometheus import asks_promtool, down, scrape_of
from tests.weather.test_disk import SmallDisk
from tests.web.caller import Caller
from tests.web.pages.visitor import Visitor

pytestmark = [asks_promtool, pytest.mark.parametrize("database", ["sqlite"], indirect=True)]


_STEPS = 12


def on_jobs(hub: Hub, statement: str) -> None:
    """The statement is made about the rows of the job engine."""
    with hub.database.writing() as session:
        session.execute(sa.text(statement))


def is_closed(hub: Hub, bank_code: str) -> bool:
    """Whether the breaker holds back what is for that bank."""
    with hub.reading(HUB) as tx:
        return bank_lines.list_lines(tx)[bank_code].is_closed


def go_on(case: Case, watched: Watched, by: timedelta) -> None:
    """So long goes by, in a few steps, in which the worker works."""
    for _ in range(_STEPS):
        watched.later(by / _STEPS)
        case.sweep()
        watched.work()


def test_a_day_like_any_other_raises_none(watched: Watched, open_case: OpenCase) -> None:
    case = open_case(CMB)
    go_on(case, watched, timedelta(hours=3))
    watched.raises()


# What the hub stands on.


def test_a_hub_that_does_not_answer(watched: Watched) -> None:
    watched.raises_when(down(), "HubDown")


def test_a_database_that_is_gone(watched: Watched) -> None:
    nowhere = replace(watched.hub.settings, database_url=f"postgresql+psycopg://hub@127.0.0.1:{free_port()}/hub")
    lost = Hub(nowhere)
    lost.keyring = watched.hub.keyring
    lost.store = watched.hub.store
    watched.raises_when(scrape_of(create_app(lost)), "HubDatabaseDown")
    lost.close()


def test_a_store_that_takes_no_file(watched: Watched, caller: AddCaller) -> None:
    known = caller("host app", "applications:write")
    host_app = Caller(watched.app.test_client(), known.token, known.client)
    disk = SmallDisk(watched.hub.settings.home / "evidence", 1)
    try:
        with disk.full():
            # What was tried while there was room is old by then.
            watched.later(StoreCheck.FRESH_FOR)
            for _ in range(3):
                # Prometheus counts from the first time that it sees a status.
                watched.look()
                assert host_app.upload().status_code == 507
            watched.raises("HubEvidenceStoreDown", "HubErrors")
    finally:
        disk.end()


def test_a_store_whose_disk_is_not_there(watched: Watched) -> None:
    folder = watched.hub.settings.home / "evidence"
    shutil.rmtree(folder, ignore_errors=True)
    folder.symlink_to(watched.hub.settings.home / "not-mounted")
    watched.later(StoreCheck.FRESH_FOR)
    watched.raises("HubEvidenceStoreDown")


def test_a_store_whose_disk_was_not_mounted_where_its_folder_is(watched: Watched, submitted: Submit) -> None:
    submitted(ICBC, files=3)
    folder = watched.hub.settings.home / "evidence"
    watched.later(StoreCheck.FRESH_FOR)
    watched.raises()
    folder.rename(folder.with_name("the-disk"))
    watched.later(StoreCheck.FRESH_FOR)
    # It is made anew, and takes files; they would lie below the mount.
    watched.raises("HubEvidenceStoreDown")


def test_a_disk_that_fills(watched: Watched) -> None:
    disk = SmallDisk(watched.hub.settings.home / "evidence", 8)
    store = watched.hub.store
    try:
        store.free_bytes = MethodType(FolderStore.free_bytes, store)  # type: ignore[method-assign]
        watched.raises("HubEvidenceStoreFull")
    finally:
        disk.end()


def test_requests_that_take_seconds(watched: Watched) -> None:
    web, ticks = watched.app.test_client(), count(step=3)
    assert web.get("/sign-in/").status_code == 200
    watched.look()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(time, "perf_counter", lambda: float(next(ticks)))
        assert {web.get("/sign-in/").status_code for _ in range(20)} == {200}
    watched.raises("HubSlow")


# What works behind.


def test_a_worker_that_was_killed_beside_another(watched: Watched) -> None:
    killed = Heartbeat(watched.hub, watched.machine, lambda: "slot-2")
    killed.beat()
    watched.later(timedelta(minutes=3))
    watched.work()
    watched.raises("HubWorkerSilent")


def test_the_only_worker_that_was_killed(watched: Watched) -> None:
    watched.later(timedelta(minutes=3))
    watched.raises("HubNoWorker", "HubWorkerSilent")


def test_the_only_worker_that_was_ended_in_order(watched: Watched) -> None:
    watched.worker.end()
    watched.raises("HubNoWorker")


@pytest.mark.parametrize("by_s", [-120.0, 120.0])
def test_a_host_whose_clock_is_two_minutes_off(watched: Watched, monkeypatch: pytest.MonkeyPatch, by_s: float) -> None:
    monkeypatch.setattr(clock_skew, "database_ahead_s", lambda _session: by_s)
    watched.raises("HubClocksApart")


def test_a_job_that_nobody_takes(watched: Watched, submitted: Submit) -> None:
    submitted(ICBC, files=0)
    on_jobs(watched.hub, "UPDATE workflow_status SET created_at = created_at - 600000 WHERE status = 'ENQUEUED'")
    watched.raises("HubJobsWaiting")


def test_a_job_that_was_given_up(watched: Watched, submitted: Submit) -> None:
    submitted(ICBC, files=0)
    on_jobs(watched.hub, "UPDATE workflow_status SET status = 'ERROR' WHERE status = 'ENQUEUED'")
    watched.raises("HubJobsDead")


def test_a_file_that_nobody_judges(watched: Watched, submitted: Submit) -> None:
    submitted(ICBC, files=1)
    watched.later(timedelta(minutes=45))
    watched.work()
    watched.raises("HubFilesWaiting")


def test_a_scanner_that_does_not_answer(watched: Watched) -> None:
    looks = ScannerWatch()
    for _ in range(2):
        looks.look(watched.hub, answers=False, signatures_d=None, now=watched.machine.at)
        watched.machine.at += timedelta(minutes=6)
    watched.work()
    watched.raises("HubScannerAway")


def test_a_stored_file_that_changed(watched: Watched, submitted: Submit, work_off: Callable[[], int]) -> None:
    submitted(ICBC, files=1)
    work_off()
    watched.work()
    for stored in (watched.hub.settings.home / "evidence").glob("??/*"):
        stored.chmod(0o600)
        stored.write_bytes(bent(stored.read_bytes()))
    for turn in range(scrubbing.SLICES):
        scrubbing.scrub(watched.hub, watched.hub.store, at=watched.machine.at + turn * scrubbing.EVERY)
    watched.raises("HubFileDamaged")


def test_a_log_that_nobody_signs(watched: Watched, open_case: OpenCase) -> None:
    open_case(ICBC)
    outgoing_mail.send_due(watched.hub, watched.mail, watched.machine)
    watched.clock.at += timedelta(hours=3, minutes=1)
    watched.raises("HubLogUnsigned")


def test_a_night_without_a_backup(watched: Watched) -> None:
    watched.back_up(BackupState.DRILLED)
    watched.later(timedelta(hours=37))
    watched.worker.beat()
    watched.raises("HubBackupOld")


def test_a_hub_that_never_had_a_backup(watched: Watched) -> None:
    # As each process does when it starts: since then there is something to lose.
    watched.hub.require_up_to_date()
    watched.later(timedelta(days=10))
    watched.worker.beat()
    watched.raises("HubBackupOld", "HubBackupUnproven")


def test_a_week_in_which_postgresql_made_none(watched: Watched) -> None:
    watched.back_up(BackupState.CHECKED, BackupKind.DATABASE)
    watched.later(timedelta(days=9, hours=1))
    watched.work()
    watched.raises("HubBackupOld")


@pytest.mark.parametrize(("since", "now"), [(61, BackupState.MADE), (217, BackupState.CHECKED)])
def test_backups_that_nobody_tries(watched: Watched, since: int, now: BackupState) -> None:
    watched.back_up(BackupState.DRILLED)
    watched.later(timedelta(hours=since))
    watched.worker.beat()
    watched.back_up(now)
    watched.raises("HubBackupUnproven")


# What goes to banks and comes from them.


def test_a_bank_that_fails_again_and_again(watched: Watched, open_case: OpenCase, simulated: SimulatedBank) -> None:
    simulated.answers.extend([TryAgain("down")] * 200)
    case = [open_case(CMB) for _ in range(4)][-1]
    while not is_closed(watched.hub, CMB):
        watched.later(timedelta(minutes=1))
        case.sweep()
    watched.work()
    watched.raises("HubBreakerOpen")


def test_a_message_that_fails_for_more_than_an_hour(
    watched: Watched, open_case: OpenCase, simulated: SimulatedBank
) -> None:
    simulated.answers.extend([TryAgain("down")] * 5)
    case = open_case(CMB)
    go_on(case, watched, timedelta(minutes=61))
    watched.raises("HubDeliveriesFailing")


def test_a_message_that_nobody_tries_again(watched: Watched, open_case: OpenCase, simulated: SimulatedBank) -> None:
    simulated.answers.append(TryAgain("down"))
    open_case(CMB)
    watched.later(timedelta(minutes=15))
    watched.work()
    watched.raises("HubDeliveriesNotTried")


def test_a_message_that_was_given_up(watched: Watched, open_case: OpenCase, simulated: SimulatedBank) -> None:
    simulated.answers.append(RefusedForGood("410"))
    open_case(CMB)
    watched.work()
    watched.raises("HubDeliveryGivenUp")


def test_a_bank_whose_folder_cannot_be_read(watched: Watched) -> None:
    with watched.hub.writing(HUB) as tx:
        for _ in range(3):
            bank_lines.count_collecting(tx, CMB, failed=True)
    watched.raises("HubBankNotCollected")


def test_an_answer_that_is_late(watched: Watched, open_case: OpenCase) -> None:
    case = open_case(ICBC)
    case.acknowledge()
    go_on(case, watched, timedelta(days=12))
    watched.raises("HubAnswersLate")


def test_a_bank_that_does_not_speak(watched: Watched, open_case: OpenCase) -> None:
    case = open_case(CMB)
    go_on(case, watched, timedelta(days=4))
    reconciliation.reconcile(watched.hub, CMB)
    watched.raises("HubAnswersInDanger")


# What people get and do.


def test_a_mail_server_that_is_away(watched: Watched, open_case: OpenCase) -> None:
    watched.mail.answers.extend([TryAgain("nobody listens")] * 200)
    case = open_case(ICBC)
    go_on(case, watched, timedelta(minutes=40))
    watched.raises("HubMailsWaiting")


def test_a_mail_that_is_refused_for_good(watched: Watched, open_case: OpenCase) -> None:
    watched.mail.answers.append(RefusedForGood("550"))
    open_case(ICBC)
    watched.work()
    watched.raises("HubMailsDead")


def test_mails_that_a_restore_holds_were_refused_by_nobody(watched: Watched, open_case: OpenCase) -> None:
    open_case(ICBC)
    with watched.hub.writing(HUB) as tx:
        assert mails.hold_due(tx) > 0
    watched.work()
    watched.raises()
    line = health.look(watched.hub, Part.MAIL)
    assert "held by a restore" in line.detail
    assert "refused" not in line.detail


class _NoGateway:
    def send(self, *, to: str, text: str) -> None:
        raise TryAgain(f"text message gateway: HTTP 500 for {len(text)} letters to {len(to)} digits")


def test_a_text_message_gateway_that_is_away(watched: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watched.hub, "sms", _NoGateway())
    person = Visitor(watched.app)
    for number in range(3):
        watched.look()
        assert person.post("/sign-in/", {"mobile": f"1380000000{number}"}).status_code == 503
    watched.raises("HubCodesNotSent", "HubErrors")


def test_passwords_that_are_guessed(watched: Watched) -> None:
    with watched.hub.writing(HUB) as tx:
        for number in range(101):
            staff_sign_in.note_failure(tx, f"guess{number}@bank.example", second_step=False)
    watched.raises("HubSignInFailures")


def test_codes_that_are_guessed(watched: Watched, open_case: OpenCase) -> None:
    case = open_case(ICBC)
    case.acknowledge()
    offer, code = case.offer(), ""
    for number in range(10):
        if number % 5 == 0:
            watched.later(timedelta(minutes=5))
            code = case.send_code(offer)
        assert case.try_code(offer, f"{(int(code) + 1) % 1_000_000:06d}") is not None
    watched.work()
    watched.raises("HubSomebodyProbes")


def test_anything_else_that_needs_a_person(watched: Watched) -> None:
    with watched.hub.writing(HUB) as tx:
        operator_tasks.seal_ends(tx, serial="01", on="2026-12-20")
    watched.raises("HubTaskOpen")
    watched.later(timedelta(days=2, minutes=1))
    watched.work()
    watched.raises("HubTaskOpen", "HubTasksOld")
