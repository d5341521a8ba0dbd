"""An upgrade without standing still: the release before goes on beside a database that was made wider, or says no."""

from __future__ import annotations

import base64
import json
import subprocess
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
import urllib3

from hub.domain.actor import HUB
from hub.services.operating.invariants import breaches
from hub.settings import parse_settings
from hub.wiring import Hub
from storage import schema
from tests.applications import BANK_NAMES, ICBC, application
from tests.commands.set_clock import set_to_morning
from tests.jobs.waiting import PATIENTLY_S, wait_until
from tests.storage.postgres_server import PostgresServer, free_port
from tests.weather.releases import ROOT, Release, later_release, release_before
from tests.weather.serving import SECRET, Program
from tests.weather.test_database import safe_server

__all__ = ["safe_server"]

pytestmark = pytest.mark.slow

STOPS_AT_STARTS_ALONE = "0080"
"""Before it code started at no newer database; what ran went on."""


class Installation:
    """One hub on one PostgreSQL, and whatever of it runs, of whichever release."""

    def __init__(self, place: Path, url: str) -> None:
        home = place / "home"
        home.mkdir(mode=0o700)
        set_to_morning(home)
        self._place = place
        self.settings = {"HUB_HOME": str(home), "HUB_DATABASE_URL": url, "HUB_SECRET_KEYS": SECRET}
        self._secret = ""
        self.running: list[subprocess.Popen[bytes]] = []

    def release(self, code: Path) -> Release:
        """That code with the settings of this hub."""
        return Release(code, self._place, self.settings)

    def install(self, code: Path) -> None:
        """The tables of that code, banks, and a program that may write."""
        self.do(code, "db", "upgrade")
        for bank, (zh, en) in BANK_NAMES.items():
            self.do(code, "bank", "add", "--code", bank, "--name-zh", zh, "--name-en", en, "--adapter", "portal")
        scopes = ("--scope", "applications:write", "--scope", "applications:read")
        made = json.loads(self.do(code, "client", "add", "--name", "a host app", *scopes, "--json"))
        self._secret = base64.b64encode(f"{made['client_id']}:{made['client_secret']}".encode()).decode()

    def do(self, code: Path, *words: str) -> str:
        """What a command said that ended well."""
        said = self.release(code).command(*words)
        assert said.returncode == 0, said.stderr
        return said.stdout

    def web(self, code: Path, name: str) -> Program:
        """A program that calls that code, which serves."""
        release, address = self.release(code), f"http://127.0.0.1:{(port := free_port())}"
        process = release.start(name, "web", "--port", str(port), "--workers", "1")
        self.running.append(process)
        wait_until(lambda: process.poll() is not None or _is_ready(address), what=name)
        assert process.poll() is None, release.log(name).read_text()
        return Program(address=address, token=self._token(address))

    def _token(self, address: str) -> str:
        headers = {"Authorization": f"Basic {self._secret}", "Content-Type": "application/x-www-form-urlencoded"}
        body = b"grant_type=client_credentials"
        given = urllib3.request("POST", f"{address}/oauth/token", body=body, headers=headers)
        token: str = given.json()["access_token"]
        return token

    def worker(self, code: Path) -> None:
        """That code does what is to be done."""
        self.running.append(self.release(code).start("worker", "worker", "--printers", "1"))

    def submit(self, old: Program) -> str:
        """The id of an application that was sent by that program."""
        answer = old.post("/applications", application(ICBC))
        assert answer.status == 201, answer.body
        made: str = answer.json["id"]
        return made

    def breaches(self) -> list[object]:
        """What this tree's checks find in what both wrote."""
        hub = Hub(parse_settings(self.settings))
        try:
            with hub.reading(HUB) as tx:
                return list(breaches(tx, hub.store))
        finally:
            hub.close()


@pytest.fixture
def hub(tmp_path: Path, safe_server: PostgresServer) -> Iterator[Installation]:
    """A hub of which nothing is made yet; whatever runs at the end is killed."""
    made = Installation(tmp_path, safe_server.create_database("production"))
    try:
        yield made
    finally:
        for each in made.running:
            each.kill()
            each.wait(PATIENTLY_S)


def _is_ready(address: str) -> bool:
    try:
        return urllib3.request("GET", f"{address}/readyz", retries=False).status == 200
    except urllib3.exceptions.HTTPError:
        return False


def _is_in_queue(program: Program, application_id: str) -> bool:
    answer = program.get(f"/api/v1/applications/{application_id}")
    assert answer.status == 200, answer.body
    return [each["status"] for each in answer.json["negotiations"]] == ["awaiting_bank"]


def _works_beside(hub: Installation, old: Program, new: Program) -> None:
    """What comes in by the one is in the bank's queue by the worker that runs, and both say so."""
    for program in (old, new):
        made = hub.submit(program)
        for reader in (old, new):
            in_queue = partial(_is_in_queue, reader, made)
            wait_until(in_queue, what="the worker to take it to the bank's queue")
    assert hub.breaches() == []


def _check(hub: Installation, code: Path) -> tuple[int, str]:
    said = hub.release(code).command("db", "upgrade", "--check")
    return said.returncode, said.stdout.splitlines()[-1]


def test_the_release_before_goes_on_beside_a_database_that_the_next_made_wider(
    hub: Installation, tmp_path: Path
) -> None:
    later = later_release(tmp_path / "later", expands=True)
    hub.install(ROOT)
    old = hub.web(ROOT, "old")
    status, said = _check(hub, later)
    assert (status, said.endswith("The release before may go on meanwhile and afterwards.")) == (3, True), said

    hub.do(later, "db", "upgrade")
    assert _check(hub, later)[0] == 0
    new = hub.web(later, "new")
    hub.worker(later)
    _works_beside(hub, old, new)

    # Whatever of it starts afterwards does as well: on the way back, or because its host was started anew.
    status, said = _check(hub, ROOT)
    assert (status, said.endswith("This one runs on it.")) == (5, True), said
    assert hub.do(ROOT, "db", "upgrade") == "The database is up to date.\n"
    assert _check(hub, later)[0] == 0
    _works_beside(hub, hub.web(ROOT, "back"), new)


def test_the_release_before_does_not_start_on_a_database_that_the_next_contracted(
    hub: Installation, tmp_path: Path
) -> None:
    later = later_release(tmp_path / "later", expands=False)
    hub.install(ROOT)
    status, said = _check(hub, later)
    assert (status, "Stop every web and worker of the release before first." in said) == (4, True), said
    hub.do(later, "db", "upgrade")
    status, said = _check(hub, ROOT)
    assert (status, said.endswith("This one does not run on it.")) == (6, True), said
    for words in (("web", "--port", "0"), ("worker",), ("db", "upgrade"), ("bank", "list")):
        refused = hub.release(ROOT).command(*words)
        assert (refused.returncode, refused.stdout) == (1, "")
        assert "the database is of a newer version of the hub" in refused.stderr
        assert "run that version, or restore a backup of this one" in refused.stderr


def test_what_runs_of_the_release_before_goes_on_while_its_database_is_upgraded(
    hub: Installation, tmp_path: Path
) -> None:
    before, newest = release_before(tmp_path / "before")
    hub.install(before)
    old = hub.web(before, "old")
    steps = schema.steps(after=newest)
    contracts = {each.revision for each in steps if not each.expands}
    status, said = _check(hub, ROOT)
    assert (status, said.startswith(f"Ahead: {len(steps)}, ")) == (4 if contracts else 3, True), said
    hub.do(ROOT, "db", "upgrade")
    hub.worker(ROOT)
    if contracts <= {STOPS_AT_STARTS_ALONE}:
        _works_beside(hub, old, hub.web(ROOT, "new"))
    # What starts of it asks the database first, and one that knows no mark knows no newer database.
    started = hub.release(before).command("bank", "list")
    assert started.returncode == (1 if contracts else 0)
