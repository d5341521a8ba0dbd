"""One empty, migrated hub a test, on SQLite and on PostgreSQL alike, with banks, clients and a way to work jobs off.

Migrations run once a process and kind of database; each test gets a cheap copy of the result.
"""

import gc
import shutil
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

import hypothesis
import pytest
from flask import Flask, request
from flask.testing import FlaskClient
from hypothesis.internal.conjecture import providers

from hub.demo import people as demo_people
from hub.documents.file_inspection import FileInspection
from hub.documents.inspection import Inspector
from hub.domain.actor import HUB, Actor, Channel, Party
from hub.domain.bank import Bank
from hub.domain.client import Client
from hub.domain.clock import FixedClock
from hub.domain.evidence import EvidenceKind
from hub.services.accounts import clients as client_deeds
from hub.services.applications import intake
from hub.services.evidence import evidence_files
from hub.settings import Settings
from hub.wiring import Hub
from schemas.application import load_application
from storage import banks as bank_rows
from storage import clients as client_rows
from storage import negotiations
from tests import applications
from tests.jobs.working_off import taken_for_clean, working_off
from tests.loopback import shut_sockets
from tests.made_once import made_once
from tests.storage.kept_database import kept_database
from tests.storage.postgres_server import PostgresServer, start_postgres
from tests.web.caller import Caller

__all__ = ["kept_database"]

shut_sockets()

# How long an example takes, or its drawing, says nothing on a machine that is shared. A run tries the same examples
# each time, so that a red one names a change; `--hypothesis-profile explore` draws others, `quick` takes fewer.
# Else what is drawn would hang on the constants of whichever modules this process has loaded by then.
providers._get_local_constants = lambda: providers._local_constants
_ALIKE = hypothesis.settings(deadline=None, derandomize=True, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.register_profile("hub", _ALIKE)
hypothesis.settings.register_profile("quick", _ALIKE, max_examples=20)
hypothesis.settings.register_profile("explore", _ALIKE, derandomize=False)
hypothesis.settings.load_profile("hub")

SECRET = "a-secret-of-the-tests-that-is-long-enough-to-be-one"
# A Saturday in China, ten in the morning.
START = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes minutes comes first."""
    items.sort(key=lambda item: item.get_closest_marker("minutes") is None)


def pytest_collection_finish() -> None:
    """What was imported stays: to look through it for garbage again and again took a tenth of the time."""
    gc.collect()
    gc.freeze()
    # Once more: what is looked through from time to time is a share of what the last look found.
    gc.collect()
    # Engines and applications of tests that are over are cycles; a hundred of them hold a quarter of a gigabyte.
    gc.set_threshold(25_000, 4, 2)


def _migrate(url: str, home: Path) -> None:
    hub = Hub(_settings(home, url))
    hub.migrate()
    hub.close()


def _settings(home: Path, database_url: str, **changes: Any) -> Settings:
    return Settings(
        home=home,
        database_url=database_url,
        evidence_url=f"file://{home / 'evidence'}",
        secret_keys=SECRET,
        **changes,
    )


def is_as_made(settings: Settings) -> bool:
    """Whether no test changed the settings."""
    return settings == _settings(settings.home, settings.database_url)


@pytest.fixture(scope="session", autouse=True)
def compiled_once() -> Iterator[None]:
    """All hubs of this process share what they compile, and nothing waits for the disk."""
    with made_once():
        yield


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with every table, to be copied."""
    home = tmp_path_factory.mktemp("migrated")
    _migrate(f"sqlite:///{home / 'hub.db'}", home)
    return home / "hub.db"


@pytest.fixture(scope="session")
def migrated_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgresServer]:
    """A PostgreSQL whose database `migrated` has every table and is nobody's but a template."""
    server = start_postgres()
    try:
        _migrate(server.create_database("migrated"), tmp_path_factory.mktemp("server"))
        yield server
    finally:
        server.stop()


@pytest.fixture
def sqlite_database(migrated_file: Path, tmp_path: Path) -> str:
    """The address of an empty SQLite database, up to date."""
    return f"sqlite:///{shutil.copy(migrated_file, tmp_path / 'hub.db')}"


@pytest.fixture
def postgresql_database(migrated_server: PostgresServer) -> Iterator[str]:
    """The address of an empty PostgreSQL database, up to date."""
    name = f"hub_{uuid.uuid4().hex}"
    yield migrated_server.create_database(name, template="migrated")
    migrated_server.drop_database(name)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> str:
    """The address of an empty database, up to date; once of each kind."""
    address: str = request.getfixturevalue(f"{request.param}_database")
    return address


@pytest.fixture
def clock() -> FixedClock:
    """The hub's clock, which stands until a test moves its `at`."""
    return FixedClock(START)


@dataclass(slots=True)
class SentMessages:
    """A sender of text messages that keeps them: (number, text) each."""

    sent: list[tuple[str, str]]

    def send(self, *, to: str, text: str) -> None:
        self.sent.append((to, text))


@pytest.fixture
def sms() -> SentMessages:
    """The text messages that were sent."""
    return SentMessages([])


@pytest.fixture
def settings(tmp_path: Path, database: str) -> Settings:
    """Settings of the embedded default in a folder of the test's own."""
    return _settings(tmp_path, database)


def print_blank_pages(request: pytest.FixtureRequest, hub: Hub) -> None:
    """What a request of the hub asks to have printed is a blank page, unless the test is marked `slow`."""
    if not request.node.get_closest_marker("slow"):
        hub.print_pdf = lambda html: _PAGE


@pytest.fixture
def hub(request: pytest.FixtureRequest, settings: Settings, clock: FixedClock, sms: SentMessages) -> Iterator[Hub]:
    """An empty hub whose clock stands."""
    made = Hub(settings, clock=clock, sms=sms)
    print_blank_pages(request, made)
    yield made
    made.close()


@pytest.fixture
def banks(hub: Hub) -> dict[str, Bank]:
    """Three banks that work in the portal, by code."""
    with hub.writing(HUB) as tx:
        return {
            code: bank_rows.add_bank(
                tx, code=code, name_zh=zh, name_en=en, adapter="portal", settings={"hotline": "95588"}
            )
            for code, (zh, en) in applications.BANK_NAMES.items()
        }


class AddClient(Protocol):
    """Adds an API client and gives it with its secret."""

    def __call__(self, name: str, *scopes: str, bank_code: str | None = None) -> tuple[Client, str]: ...


@pytest.fixture
def add_client(hub: Hub) -> AddClient:
    """A way to add API clients."""

    def add(name: str, *scopes: str, bank_code: str | None = None) -> tuple[Client, str]:
        with hub.writing(HUB) as tx:
            return client_rows.add_client(tx, name=name, scopes=scopes, bank_code=bank_code)

    return add


@pytest.fixture
def app(hub: Hub) -> Flask:
    """The web application over the hub; unknown errors come out of it."""
    # Every face and all it needs: most tests of rules and services load none of it.
    from hub.app import create_app  # noqa: PLC0415

    made = create_app(hub, demo_is_open=True)
    made.testing = True

    @made.before_request
    def accounts_of_the_demo() -> None:
        # As the commands that add banks and serve make them.
        if request.path == "/demo/sign-in":
            with hub.writing(HUB) as tx:
                demo_people.add_accounts(tx)

    return made


@pytest.fixture
def web(app: Flask) -> FlaskClient:
    """A browser or program that has no token."""
    return app.test_client()


AddCaller = Callable[..., Caller]


@pytest.fixture
def caller(app: Flask, hub: Hub, add_client: AddClient) -> AddCaller:
    """A way to make a caller with a token: `caller(name, *scopes, bank_code=None)`."""

    def make(name: str, *scopes: str, bank_code: str | None = None) -> Caller:
        client, _ = add_client(name, *scopes, bank_code=bank_code)
        with hub.writing(HUB) as tx:
            token = client_deeds.grant_token(tx, client, sorted(client.scopes), at=hub.real_clock.now())
        return Caller(app.test_client(), token, client)

    return make


@pytest.fixture
def host_app(caller: AddCaller, banks: dict[str, Bank]) -> Caller:
    """A host app that may write and read; the banks are there."""
    return caller("host app", "applications:write", "applications:read")


@pytest.fixture
def bank_app(caller: AddCaller, banks: dict[str, Bank]) -> Callable[[str], Caller]:
    """The program of a bank, by the bank's code."""
    return lambda code: caller(f"bank {code}", "negotiations:review", bank_code=code)


@pytest.fixture
def work_off(request: pytest.FixtureRequest, hub: Hub) -> Iterator[Callable[[], int]]:
    """Judges every waiting file and runs every waiting job, here and now; says how many ran.

    Files are taken for clean and documents are blank pages, unless the test is marked `slow`.
    """
    if request.node.get_closest_marker("slow"):
        with Inspector() as inspector:
            yield working_off(hub, inspect=FileInspection(inspector, hub.settings.scanner_url))
    else:
        yield working_off(hub, inspect=taken_for_clean, printer=lambda html: _PAGE)


_PAGE = applications.pdf()


@dataclass(frozen=True, slots=True, kw_only=True)
class Submitted:
    """An application that is in the hub: ids alone. `negotiations`: bank code to id."""

    id: str
    client: Client
    negotiations: dict[str, str]
    evidence: list[str]

    @property
    def negotiation(self) -> str:
        """The id of the only negotiation."""
        [only] = self.negotiations.values()
        return only


class Submit(Protocol):
    """Submits an application of a person nobody has met, with `files` clean or not yet judged files."""

    def __call__(self, *bank_codes: str, client: Client | None = None, files: int = 1, **changes: Any) -> Submitted: ...


@pytest.fixture
def submitting_clients() -> list[Client]:
    """The client of all that is `submitted` by nobody in particular, once there is one."""
    return []


@pytest.fixture
def submitted(hub: Hub, banks: dict[str, Bank], add_client: AddClient, submitting_clients: list[Client]) -> Submit:
    """A way to have an application in the hub, past every face: `submitted(*bank_codes, **changes of its JSON)`."""
    known = submitting_clients

    def submit(*bank_codes: str, client: Client | None = None, files: int = 1, **changes: Any) -> Submitted:
        if client is None:
            if not known:
                known.append(add_client("a host app", "applications:write", "applications:read")[0])
            client = known[0]
        actor = Actor(party=Party.CARDHOLDER, id=f"client/{client.id}", channel=Channel.API)
        evidence = [_keep_file(hub, actor, client) for _ in range(files)]
        body = applications.application(
            *bank_codes, **{"evidence": [{"id": each, "kind": "payslip"} for each in evidence], **changes}
        )
        loaded = load_application(body, now=hub.clock.now())
        assert loaded.value is not None, loaded.faults
        with hub.writing(actor) as tx:
            faults = intake.reference_faults(tx, loaded.references, client_id=client.id)
            assert not faults
            application_id = intake.submit(tx, loaded.value, client_id=client.id)
            rows = negotiations.list_of_application(tx, application_id)
            ids = {row.bank_code: row.id for row in rows}
        return Submitted(id=application_id, client=client, negotiations=ids, evidence=evidence)

    return submit


def _keep_file(hub: Hub, actor: Actor, client: Client) -> str:
    content = applications.pdf()
    upload = evidence_files.Upload(
        client_id=client.id,
        subject=None,
        kind=EvidenceKind.PAYSLIP,
        file_name="工资单.pdf",
        declared_type="application/pdf",
        length=len(content),
    )
    left = [content]

    def read(wanted: int) -> bytes:
        piece, left[0] = left[0][:wanted], left[0][wanted:]
        return piece

    stored = evidence_files.receive(hub.store, upload, read)
    with hub.writing(actor) as tx:
        evidence_id: str = evidence_files.keep(tx, stored)["id"]
    return evidence_id
