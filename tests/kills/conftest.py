"""Snapshots of one story before each of its phases, on both databases, and hubs that begin from them."""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from hub.app import create_app
from hub.domain.actor import HUB
from hub.services.accounts import clients as client_deeds
from hub.settings import parse_settings
from hub.wiring import Hub
from storage import banks as bank_rows
from storage.clients import add_client
from tests import applications
from tests.applications import CMB
from tests.jobs.working_off import taken_for_clean, working_off
from tests.kills import far_bank as far
from tests.kills.far_bank import FarBank
from tests.kills.house import SECRET, House
from tests.kills.story import APP, BANKS, Story, newest_code
from tests.kills.stubborn import Journal, Send, Stubborn, over_http
from tests.storage.postgres_server import PostgresServer, free_port

# `TEST_KILLS=all` dies at every step there is instead of chosen ones, and under load with more seeds.
EVERY_STEP = os.environ.get("TEST_KILLS") == "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """A story up to one phase, with everything that was stored. `template` is None on SQLite."""

    story: Story
    home: Path
    template: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One hub that began from a snapshot, and the story that goes on in it."""

    house: House
    story: Story

    def read_code(self) -> str:
        """The newest code that came to the mobile since this visit began."""
        folder = self.house.home / "sms"
        self.house.wait_until(lambda: newest_code(folder), what="the code")
        code = newest_code(folder)
        assert code is not None
        return code


Snapshots = dict[str, Snapshot]


def _environment(home: Path, database_url: str | None) -> dict[str, str]:
    own = {} if database_url is None else {"HUB_DATABASE_URL": database_url}
    return {"HUB_HOME": str(home), "HUB_SECRET_KEYS": SECRET, **own}


def _in_process(web: FlaskClient) -> Send:
    def send(method: str, path: str, headers: dict[str, str], body: bytes) -> tuple[int, bytes]:
        answer = web.open(path, method=method, headers=headers, data=body, buffered=True)
        return answer.status_code, answer.data

    return send


def _people(hub: Hub, send: Send, bank: FarBank) -> Story:
    """Two banks, the app and the banks' programs, each with its token, in a hub that is empty."""
    scopes = {APP: ("applications:write", "applications:read"), **dict.fromkeys(BANKS, ("negotiations:review",))}
    journal = Journal()
    clients: dict[str, Stubborn] = {}
    with hub.writing(HUB) as tx:
        for code in BANKS:
            zh, en = applications.BANK_NAMES[code]
            settings = {"hotline": "95588", "desk_email": f"desk@{code}.example"}
            adapter = "webhook" if code == CMB else "portal"
            if adapter == "webhook":
                settings |= {"url": bank.url, "secret": far.SECRET}
            bank_rows.add_bank(tx, code=code, name_zh=zh, name_en=en, adapter=adapter, settings=settings)
        for name, wanted in scopes.items():
            bank_code = name if name in BANKS else None
            client, _secret = add_client(tx, name=name, scopes=wanted, bank_code=bank_code)
            token = client_deeds.grant_token(tx, client, wanted, at=hub.real_clock.now())
            clients[name] = Stubborn(name=name, token=token, send=send, journal=journal)
    return Story(clients=clients, journal=journal)


class _Telling:
    """Tells the story in this process, and keeps a snapshot before each phase."""

    def __init__(self, folder: Path, server: PostgresServer | None, bank: FarBank) -> None:
        self._folder = folder
        self._server = server
        self._home = folder / "home"
        self._home.mkdir(mode=0o700)
        self._name = f"kills_{uuid.uuid4().hex}"
        self._url = None if server is None else server.create_database(self._name)
        self._hub = self._opened()
        self._hub.upgrade()
        self.story = _people(self._hub, self._send(), bank)
        self.snapshots: Snapshots = {}

    def _opened(self) -> Hub:
        return Hub(parse_settings(_environment(self._home, self._url)))

    def _send(self) -> Send:
        return _in_process(create_app(self._hub).test_client())

    def keep(self, phase: str) -> None:
        """What is stored now can be begun from again under that name."""
        self._hub.close()
        home = self._folder / phase
        shutil.copytree(self._home, home)
        template = None
        if self._server is not None:
            template = f"{self._name}_{phase}"
            self._server.create_database(template, template=self._name)
        self.snapshots[phase] = Snapshot(
            story=self.story.carried_on(self._send(), lambda: None), home=home, template=template
        )
        self._hub = self._opened()
        send = self._send()
        for client in self.story.clients.values():
            client.send = send

    def work_off(self) -> None:
        """No file and no job waits."""
        page = applications.pdf()
        working_off(self._hub, inspect=taken_for_clean, printer=lambda _: page)()

    def read_code(self) -> str:
        """The code that came."""
        return newest_code(self._home / "sms") or ""

    def close(self) -> None:
        """Nothing is open any more."""
        self._hub.close()


def told(folder: Path, server: PostgresServer | None, bank: FarBank) -> Snapshots:
    telling = _Telling(folder, server, bank)
    story = telling.story
    telling.keep("upload")
    story.upload()
    telling.work_off()
    telling.keep("submit")
    story.submit()
    telling.keep("screen")
    telling.work_off()
    telling.keep("decide")
    story.decide()
    telling.keep("agree")
    story.agree(telling.read_code)
    telling.keep("print")
    telling.close()
    return telling.snapshots


@pytest.fixture(scope="session")
def bank_of_all() -> Iterator[FarBank]:
    """The one bank that has a system of its own."""
    bank = FarBank()
    yield bank
    bank.close()


@pytest.fixture
def far_bank(bank_of_all: FarBank) -> FarBank:
    """The same bank, to which nothing came yet."""
    bank_of_all.forget()
    return bank_of_all


@pytest.fixture(scope="session")
def sqlite_snapshots(tmp_path_factory: pytest.TempPathFactory, bank_of_all: FarBank) -> Snapshots:
    """The story on the embedded default."""
    return told(tmp_path_factory.mktemp("story"), None, bank_of_all)


@pytest.fixture(scope="session")
def postgresql_snapshots(
    tmp_path_factory: pytest.TempPathFactory, migrated_server: PostgresServer, bank_of_all: FarBank
) -> Snapshots:
    """The story on PostgreSQL."""
    return told(tmp_path_factory.mktemp("story"), migrated_server, bank_of_all)


@pytest.fixture(params=["sqlite", "postgresql"])
def snapshots(request: pytest.FixtureRequest) -> Snapshots:
    """The story, once on each database."""
    told: Snapshots = request.getfixturevalue(f"{request.param}_snapshots")
    return told


Begin = Callable[[Snapshot], Visit]


@pytest.fixture
def begin(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Begin]:
    """A way to begin from a snapshot, again and again; at the end no process and no database is left."""
    houses: list[House] = []
    databases: list[str] = []

    def make(snapshot: Snapshot) -> Visit:
        home = tmp_path / f"home-{len(houses)}"
        shutil.copytree(snapshot.home, home)
        # A code that came before is none that this visit waits for.
        shutil.rmtree(home / "sms", ignore_errors=True)
        url = None
        if snapshot.template is not None:
            name = f"{snapshot.template}_{len(houses)}"
            url = server().create_database(name, template=snapshot.template)
            databases.append(name)
        house = House(home, url, free_port())
        houses.append(house)
        return Visit(house=house, story=snapshot.story.carried_on(over_http(house.port), house.revive))

    def server() -> PostgresServer:
        found: PostgresServer = request.getfixturevalue("migrated_server")
        return found

    yield make
    for house in houses:
        house.destroy()
    for name in databases:
        server().drop_database(name)
