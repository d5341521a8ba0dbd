"""A database that restarts, is held up or has no room for one more: refused in words, never lost, never done twice."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
import urllib3
from flask import Flask

from hub.app import create_app
from hub.demo import people as demo_people
from hub.domain.actor import HUB
from hub.domain.bank import Bank
from hub.domain.clock import FixedClock
from hub.domain.errors import Unavailable
from hub.services.operating.invariants import breaches
from hub.services.transaction import HubTransaction
from hub.settings import Settings
from hub.web.idempotency import KeysInUse, Once, Reply
from hub.wiring import Hub
from storage.database import Database
from tests.applications import ICBC, application
from tests.conftest import Submit
from tests.dying_together import dying_with_us
from tests.jobs.waiting import PATIENTLY_S, wait_until
from tests.storage.postgres_server import PostgresServer, start_postgres
from tests.weather.conftest import Serve
from tests.weather.serving import Answer, Program, settings_of
from tests.web.caller import Caller, made

pytestmark = pytest.mark.slow

IMPATIENT_S = 0.3
TOUCH = sa.text("UPDATE bank SET name_en = name_en WHERE code = :code")


# B1: restarted under load


@pytest.fixture
def safe_server() -> Iterator[PostgresServer]:
    """A PostgreSQL of the test's own that loses nothing it has committed."""
    server = start_postgres({"synchronous_commit": "on", "max_connections": "60"})
    try:
        yield server
    finally:
        server.stop()


def restart_at_once(server: PostgresServer) -> None:
    """The server was ended as by a crash, and takes connections again at the same port."""
    command = Path(f"/proc/{server.process.pid}/cmdline").read_bytes().split(b"\0")[:-1]
    os.kill(server.process.pid, signal.SIGQUIT)
    server.process.wait(20)
    user: dict[str, Any] = {} if os.geteuid() else {"user": "postgres", "group": "postgres", "extra_groups": []}
    with (server.folder / "log").open("ab") as log:
        process = subprocess.Popen(
            dying_with_us([each.decode() for each in command], signal.SIGQUIT),
            stdout=log, stderr=log, cwd=server.folder, start_new_session=True, **user,
        )  # fmt: skip
    # The value is frozen, and its process is what the fixture ends.
    object.__setattr__(server, "process", process)


class Stubborn:
    """A client that submits one application after the other, each until it is answered, under one key each."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self.answered: list[tuple[str, str]] = []
        self.refusals: list[Answer] = []
        self.cut = 0

    def run(self, ended: threading.Event) -> None:
        while not ended.is_set():
            body, key = application(ICBC), uuid.uuid4().hex
            while True:
                try:
                    answer = self._program.post("/applications", body, key=key)
                except urllib3.exceptions.HTTPError:
                    self.cut += 1
                    continue
                if answer.status == 201:
                    self.answered.append((key, answer.json["id"]))
                    break
                self.refusals.append(answer)
                time.sleep(0.05)


def _goes_on(clients: list[Stubborn], so_far: int) -> bool:
    return sum(len(each.answered) for each in clients) > so_far + 2


def test_a_database_that_restarts_ten_times_under_load_loses_nothing(serve: Serve, safe_server: PostgresServer) -> None:
    hub = serve(HUB_DATABASE_URL=safe_server.create_database("weather"))
    clients = [Stubborn(replace(hub.program)) for _ in range(4)]
    ended = threading.Event()
    with ThreadPoolExecutor(len(clients)) as pool:
        running = [pool.submit(each.run, ended) for each in clients]
        try:
            for _ in range(10):
                so_far = [len(each.answered) for each in clients]
                restart_at_once(safe_server)
                wait_until(partial(_goes_on, clients, sum(so_far)), what="answers again")
        finally:
            ended.set()
        for each in running:
            each.result(60)
    refusals = [answer for each in clients for answer in each.refusals]
    assert refusals
    assert {(answer.status, answer.code, answer.headers["Retry-After"]) for answer in refusals} == {
        (503, "unavailable", "2")
    }
    assert sum(each.cut for each in clients) == 0
    answered = [pair for each in clients for pair in each.answered]
    assert len({identity for _, identity in answered}) == len(answered)
    looked = hub.opened()
    try:
        with looked.reading(HUB) as tx:
            rows = tx.session.connection().exec_driver_sql("SELECT id FROM application")
            assert set(rows.scalars()) == {identity for _, identity in answered}
        # Whoever asks again is told the same.
        assert hub.program.get(f"/api/v1/applications/{answered[0][1]}").status == 200
        wait_until(
            lambda: hub.count("negotiation WHERE status = 'awaiting_bank'") > 2,
            what="the worker to go on",
        )
        with looked.reading(HUB) as tx:
            assert list(breaches(tx, looked.store)) == []
    finally:
        looked.close()


# B2: a lock that another holds


@pytest.fixture
def impatient(hub: Hub, database: str) -> Hub:
    """A hub that waits for no lock longer than a moment."""
    hub.database = Database(database, patience_s=IMPATIENT_S)
    return hub


@contextmanager
def locked(database: str) -> Iterator[None]:
    """Another process of the database holds what every writer needs."""
    if database.startswith("sqlite"):
        other = sqlite3.connect(database.removeprefix("sqlite:///"), isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            other.close()
        return
    with psycopg.connect(database.replace("+psycopg", "")) as connection:
        connection.execute("LOCK TABLE negotiation, application, evidence IN ACCESS EXCLUSIVE MODE")
        yield
        connection.rollback()


def test_a_lock_that_is_held_for_long_refuses_writers_one_and_all(
    impatient: Hub, database: str, app: Flask, host_app: Caller
) -> None:
    body = application(ICBC)
    callers = [Caller(app.test_client(), host_app.token, host_app.client) for _ in range(8)]
    with locked(database), ThreadPoolExecutor(len(callers)) as pool:
        answers = list(pool.map(lambda each: each.post("/applications", body), callers))
    assert {(answer.status_code, answer.get_json()["code"], answer.headers["Retry-After"]) for answer in answers} == {
        (503, "unavailable", "2")
    }
    made(host_app.post("/applications", body))


def test_the_reason_is_a_word_that_an_operator_understands(impatient: Hub, database: str, submitted: Submit) -> None:
    with locked(database), pytest.raises(Unavailable) as refusal:
        submitted(ICBC)
    assert str(refusal.value) == "locked"


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_who_queues_behind_a_writer_that_hangs_is_refused_and_not_kept(impatient: Hub) -> None:
    goes_on, inside = threading.Event(), threading.Event()

    def hang() -> None:
        with impatient.database.writing():
            inside.set()
            goes_on.wait(PATIENTLY_S)

    def queue_up() -> str:
        with pytest.raises(Unavailable) as refusal, impatient.database.writing():
            pass
        return str(refusal.value)

    with ThreadPoolExecutor(5) as pool:
        hanging = pool.submit(hang)
        assert inside.wait(PATIENTLY_S)
        queued = [pool.submit(queue_up) for _ in range(4)]
        try:
            assert [each.result(PATIENTLY_S) for each in queued] == ["locked"] * 4
        finally:
            goes_on.set()
        hanging.result(PATIENTLY_S)
    with impatient.database.writing():
        pass


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_readers_do_not_wait_for_the_writer_of_a_file(settings: Settings, host_app: Caller) -> None:
    with locked(settings.database_url):
        assert host_app.get("/banks").status_code == 200
        assert host_app.web.get("/readyz").status_code == 200


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_who_only_reads_goes_on_while_nothing_can_be_written(impatient: Hub, database: str, banks: object) -> None:
    with impatient.writing(HUB) as tx:
        demo_people.add_accounts(tx)
    web = create_app(impatient, demo_is_open=True).test_client()
    assert web.get("/demo/").status_code == 200
    assert web.post("/demo/sign-in", data={"person": "operator"}).status_code == 303
    # Long enough after the last use that this one would be noted.
    impatient.real_clock = FixedClock(impatient.real_clock.now() + timedelta(minutes=5))
    with locked(database):
        assert web.get("/ops/").status_code == 200


# B3: deadlocks and lost races


@pytest.fixture
def once(hub: Hub) -> Once:
    """A call without a key, as every face makes it."""
    return Once(hub=hub, actor=HUB, client_id="-", key=None, fingerprint="", keys_in_use=KeysInUse())


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_two_that_wait_for_each_other_are_both_done(hub: Hub, banks: dict[str, Bank], once: Once) -> None:
    meeting = threading.Barrier(2, timeout=20)
    tries = []

    def deed_on(*codes: str) -> Callable[[HubTransaction], Reply]:
        def deed(tx: HubTransaction) -> Reply:
            tries.append(codes)
            for code in codes:
                tx.session.execute(TOUCH, {"code": code})
                if len(tries) <= 2 and code == codes[0]:
                    meeting.wait()
            return Reply(status=200, body=None)

        return deed

    first, second = list(banks)[:2]
    with ThreadPoolExecutor(2) as pool:
        both = [pool.submit(once.do, deed_on(*codes)) for codes in ((first, second), (second, first))]
        assert [each.result(60)[0].status for each in both] == [200, 200]
    assert len(tries) == 3


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
@pytest.mark.parametrize("state", ["40001", "40P01"])
def test_a_race_that_is_always_lost_is_tried_three_times_and_then_refused(once: Once, state: str) -> None:
    tries = []

    def deed(tx: HubTransaction) -> Reply:
        tries.append(state)
        tx.session.execute(sa.text(f"DO $$ BEGIN RAISE EXCEPTION SQLSTATE '{state}'; END $$"))
        raise AssertionError("unreachable")

    with pytest.raises(Unavailable):
        once.do(deed)
    assert len(tries) == 3


# B5: no connection left


@pytest.fixture
def narrow_database(tmp_path: Path) -> Iterator[str]:
    """A database with very few places."""
    server = start_postgres({"max_connections": "10", "superuser_reserved_connections": "0"})
    try:
        address = server.create_database("narrow")
        made_hub = Hub(settings_of(tmp_path, address))
        made_hub.upgrade()
        made_hub.close()
        yield address
    finally:
        server.stop()


def _take_every_place(address: str, held: ExitStack) -> None:
    while True:
        try:
            held.enter_context(psycopg.connect(address))
        except psycopg.OperationalError:
            return


def test_a_database_without_a_place_left_is_named_as_such_and_used_again_later(
    narrow_database: str, tmp_path: Path
) -> None:
    hub = Hub(settings_of(tmp_path, narrow_database))
    web = create_app(hub).test_client()
    address = narrow_database.replace("+psycopg", "")
    with ExitStack() as held:
        _take_every_place(address, held)
        answer = web.get("/readyz")
        assert answer.status_code == 503
        assert answer.get_json() == {
            "status": "unavailable",
            "failing": ["database"],
            "why": {"database": "too_many_connections"},
        }
        token = web.post("/oauth/token", data={"grant_type": "client_credentials"}, auth=("a", "b"))
        assert (token.status_code, token.headers["Retry-After"]) == (503, "2")
        assert web.get("/healthz").status_code == 200
        figures = web.get("/metrics")
        assert figures.status_code == 200
        assert "hub_database_up 0.0" in figures.get_data(as_text=True)
        assert "hub_files_waiting" not in figures.get_data(as_text=True)
    # The server lets go of a place a moment after its client.
    wait_until(lambda: web.get("/readyz").get_json() == {"status": "ok"}, what="a place")
    assert "hub_database_up 1.0" in web.get("/metrics").get_data(as_text=True)
    hub.close()
