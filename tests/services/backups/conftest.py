"""A hub with something in it, its backup, and empty hubs of either kind to put it back into."""

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from hub.banks.adapters.portal import Portal
from hub.banks.port import Adapter
from hub.domain.actor import HUB
from hub.domain.backup import BackupFault, Manifest
from hub.domain.clock import FixedClock
from hub.domain.log_heads import Head
from hub.domain.plain import Plain
from hub.services.backups import checking, comparing, kept_heads, making, restoring
from hub.services.backups.restoring import Restored
from hub.services.log_heads import signing
from hub.services.operating import invariants
from hub.wiring import Hub
from storage.backup_folder import OBJECTS, BackupFolder
from tests.banks.simulated import SimulatedBank
from tests.conftest import SentMessages
from tests.services.case import OFFER, Case
from tests.services.conftest import OpenCase
from tests.storage.postgres_server import PostgresServer

VERSION = "9.9.9"


@dataclass(frozen=True, kw_only=True)
class Filled:
    """A hub that holds a signed agreement, what its papers and files are, and a head over its log."""

    hub: Hub
    case: Case
    clock: FixedClock

    def back_up(self, path: Path) -> Manifest:
        return making.back_up(self.hub, self.hub.store, BackupFolder(path), self.hub.real_clock, hub_version=VERSION)

    def sign(self) -> Head:
        signing.sign_all(self.hub)
        with self.hub.reading(self.case.cardholder) as tx:
            head = signing.newest(tx)
        assert head is not None
        return head


@pytest.fixture
def filled(open_case: OpenCase, hub: Hub, clock: FixedClock, work_off: Callable[[], int]) -> Filled:
    """Such a hub."""
    hub.require_up_to_date()
    case = open_case()
    case.accept(case.offer(OFFER))
    work_off()
    made = Filled(hub=hub, case=case, clock=clock)
    made.sign()
    return made


MakeHub = Callable[..., Hub]


@pytest.fixture
def empty_hub(
    request: pytest.FixtureRequest,
    hub: Hub,
    tmp_path: Path,
    clock: FixedClock,
    sms: SentMessages,
    simulated: SimulatedBank,
) -> Iterator[MakeHub]:
    """A way to have an empty hub with the same keys: `empty_hub("sqlite")`, without tables, or with `template`."""
    made: list[Hub] = []

    def make(kind: str, *, template: str = "template1", secret: str | None = None, **changes: Any) -> Hub:
        home = tmp_path / f"empty{len(made)}"
        home.mkdir(mode=0o700)
        address = f"sqlite:///{home / 'hub.db'}"
        if kind == "postgresql":
            server: PostgresServer = request.getfixturevalue("migrated_server")
            name = f"empty_{uuid.uuid4().hex}"
            address = server.create_database(name, template=template)
            request.addfinalizer(lambda: server.drop_database(name))
        settings = replace(
            hub.settings,
            home=home,
            database_url=address,
            evidence_url=(home / "evidence").as_uri(),
            secret_keys=secret or hub.settings.secret_keys,
        )
        settings = replace(settings, **changes)
        adapters: list[Adapter] = [Portal(), simulated]
        made.append(Hub(settings, clock=clock, adapters=adapters, sms=sms))
        return made[-1]

    yield make
    for each in made:
        each.close()


def put_back(path: Path, target: Hub, *, reason: str = "") -> Restored:
    """As the command does it."""
    folder = BackupFolder(path)
    manifest = checking.open_backup(folder, target.keyring)
    restoring.require_fits(manifest)
    restoring.require_whole(folder, manifest)
    return restoring.restore(
        target.filling, target.store, folder, manifest, real_now=target.real_clock.now(), reason=reason
    )


def breaches_of(hub: Hub) -> list[Plain]:
    with hub.reading(HUB) as tx:
        return [each.plain() for each in invariants.breaches(tx, hub.store)]


def drilled(hub: Hub, path: Path, home: Path, *, evidence: Path | None = None, kept: list[Head]) -> list[BackupFault]:
    """What a drill finds, in the folder `home`."""
    home.mkdir()
    source, beside = BackupFolder(path), BackupFolder(evidence or path)
    manifest, theirs = (checking.open_backup(each, hub.keyring) for each in (source, beside))
    objects = {each.name: each for each in checking.objects_of(beside, theirs)}
    aside = hub.aside(home, evidence=beside.path / OBJECTS)
    try:
        with aside.filling() as tx:
            restoring.fill_rows(tx, source, manifest)
        with aside.reading(HUB) as tx:
            found = list(comparing.differences(tx, aside.store, manifest, objects))
    finally:
        aside.close()
    compared = kept_heads.compare(source, manifest, hub.keyring, kept)
    return [*checking.faults_of(source, manifest), *compared.faults, *found]
