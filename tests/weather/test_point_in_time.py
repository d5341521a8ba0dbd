"""PostgreSQL put back to a moment by its own means, with an evidence store of another moment."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from tests.applications import ICBC, application, pdf
from tests.deploy import DEPLOY
from tests.jobs.waiting import wait_until
from tests.storage.owner import as_owner
from tests.storage.postgres_server import (
    PostgresServer,
    new_place,
    run_as_server,
    server_binaries,
    start_on,
    start_postgres,
)
from tests.weather.conftest import Serve
from tests.weather.releases import ROOT, Release
from tests.weather.serving import SECRET, ServedHub

pytestmark = pytest.mark.slow


@dataclass(kw_only=True)
class Machine:
    """A server that keeps its log of writes where the machine is not."""

    archive: Path = field(default_factory=new_place)
    recovered: Path = field(default_factory=new_place)
    servers: list[PostgresServer] = field(default_factory=list)

    def start(self) -> PostgresServer:
        """As docs/deploy sets it."""
        whole = f"cp %p {self.archive}/%f.part && mv {self.archive}/%f.part {self.archive}/%f"
        kept = f"test ! -f {self.archive}/%f && {whole}"
        own = {"archive_mode": "on", "archive_command": kept, "full_page_writes": "on", "synchronous_commit": "on"}
        self.servers.append(start_postgres(own))
        return self.servers[-1]

    def base_backup(self, server: PostgresServer) -> None:
        """What is there now, as files, by the command of the timer that docs/deploy has for it."""
        unit = (DEPLOY / "postgresql" / "base-backup.service").read_text(encoding="utf-8")
        command = unit.partition("ExecStart=/bin/sh -euc '")[2].partition("'\n")[0]
        for written, ours in (
            ("\\\n", ""),
            ("%%", "%"),
            ("/var/backups/hub-base", f"{self.recovered}/bases"),
            ("/var/backups/hub-wal", str(self.archive)),
            ("/usr/lib/postgresql/*/bin", str(server_binaries())),
            ("pg_basebackup ", f"{server_binaries()}/pg_basebackup -h 127.0.0.1 -p {server.port} -U postgres "),
        ):
            assert written in command, written
            command = command.replace(written, ours)
        run_as_server("/bin/sh", "-euc", f"mkdir {self.recovered}/bases; {command}")
        [made] = (self.recovered / "bases").iterdir()
        made.rename(self.recovered / "data")

    def lose(self, server: PostgresServer) -> None:
        """The machine is gone, after the last of its writes was archived."""
        last = asked(server.url(), "SELECT pg_walfile_name(pg_switch_wal())")
        wait_until((self.archive / last).exists, what="the last writes to be archived")
        server.stop()
        self.servers.remove(server)

    def recover(self, moment: str) -> PostgresServer:
        """The base backup with what was written after it, up to that moment."""
        (self.recovered / "data" / "recovery.signal").touch()
        wanted = {"recovery_target_time": moment, "recovery_target_action": "promote"}
        made = start_on(self.recovered, {"restore_command": f"cp {self.archive}/%f %p", **wanted})
        self.servers.append(made)
        is_over = "SELECT NOT pg_is_in_recovery()"
        wait_until(lambda: asked(made.url(), is_over), what="the recovery to end")
        return made


@pytest.fixture
def machine() -> Iterator[Machine]:
    """What of it runs at the end is ended, and its files are gone."""
    made = Machine()
    try:
        yield made
    finally:
        for each in made.servers:
            each.stop()
        for folder in (made.archive, made.recovered):
            shutil.rmtree(folder, ignore_errors=True)


def asked(url: str, question: str) -> Any:
    """The database's one answer."""
    with as_owner(url) as connection:
        return connection.scalar(sa.text(question))


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """An application in its bank's queue; the file that came with it, and where that lies in the store."""

    application: str
    file: str
    place: str


def _sent(hub: ServedHub) -> Sent:
    file = hub.program.upload(pdf()).json["id"]

    def is_judged() -> bool:
        return bool(hub.program.get(f"/api/v1/evidence/{file}").json["status"] == "clean")

    wait_until(is_judged, what="a verdict")
    made = hub.program.post("/applications", application(ICBC, evidence=[{"id": file, "kind": "payslip"}]))
    assert made.status == 201, made.body
    at = f"/api/v1/applications/{made.json['id']}"

    def is_in_queue() -> bool:
        return bool(hub.program.get(at).json["negotiations"][0]["status"] == "awaiting_bank")

    wait_until(is_in_queue, what="the bank's queue")
    named = asked(hub.database_url, f"SELECT store_name FROM evidence WHERE id = '{file}'")
    return Sent(application=made.json["id"], file=file, place=f"{named[-2:]}/{named}")


def test_a_database_of_a_moment_between_two_applications_is_made_a_hub_with_the_store_of_another_moment(
    serve: Serve, machine: Machine, tmp_path: Path
) -> None:
    server = machine.start()
    hub = serve(HUB_DATABASE_URL=server.create_database("hub"))
    first = _sent(hub)
    night = tmp_path / "night"
    assert hub.command("backup", str(night)).returncode == 0
    machine.base_backup(server)
    second = _sent(hub)
    moment = str(asked(server.url(), "SELECT clock_timestamp()"))
    third = _sent(hub)
    heads = tmp_path / "heads.jsonl"
    heads.write_text(hub.command("log", "head", "--sign").stdout)
    assert hub.end() == 0
    machine.lose(server)

    back = machine.recover(moment)
    there = "SELECT string_agg(id, ' ' ORDER BY id) FROM application"
    assert asked(back.url("hub"), there) == f"{first.application} {second.application}"
    evidence = hub.home / "evidence"
    found = {"HUB_HOME": str(hub.home), "HUB_DATABASE_URL": back.url("hub"), "HUB_SECRET_KEYS": SECRET}
    of_then = Release(ROOT, tmp_path, found)

    # The store is ahead: the file of the third lies there, and no row names it.
    assert (evidence / third.place).exists()
    assert of_then.command("check", "--all").returncode == 0
    # And behind: what one of the first's rows names was lost with the machine.
    kept = (evidence / first.place).read_bytes()
    (evidence / first.place).unlink()
    said = of_then.command("check", "--all")
    assert (said.returncode, said.stderr.count("\n"), first.file in said.stderr) == (1, 1, True), said.stderr
    between = tmp_path / "between"
    partly = of_then.command("backup", str(between))
    assert (partly.returncode, first.file in partly.stderr) == (1, True), partly.stderr

    # It comes from the last night's backup, as the same bytes.
    copy = night / "objects" / first.place
    assert copy.read_bytes() == kept
    shutil.copy(copy, evidence / first.place)
    assert of_then.command("check", "--all").returncode == 0
    assert of_then.command("backup", str(between)).returncode == 0

    # Nothing of it runs: what is run is a restore of its backup, with all that belongs to one.
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    shutil.copy(hub.home / "clock.json", home)
    anew = {"HUB_HOME": str(home), "HUB_DATABASE_URL": back.create_database("anew"), "HUB_SECRET_KEYS": SECRET}
    restored = Release(ROOT, tmp_path, anew)
    refused = restored.command("restore", str(between), "--head", str(heads))
    assert (refused.returncode, "what was written since is not in this backup" in refused.stderr) == (1, True)
    words = ("restore", str(between), "--head", str(heads), "--reason", "put back to a moment")
    done = restored.command(*words)
    assert done.returncode == 0, done.stderr
    assert asked(anew["HUB_DATABASE_URL"], there) == f"{first.application} {second.application}"
    assert ((home / "evidence" / first.place).exists(), (home / "evidence" / third.place).exists()) == (True, False)
    assert asked(anew["HUB_DATABASE_URL"], "SELECT count(*) FROM access_token") == 0
    assert restored.command("check", "--all").returncode == 0
