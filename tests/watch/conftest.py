"""A hub that is watched: its faces tell figures that are never old, and its worker beats."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from hub.app import create_app
from hub.domain.actor import HUB
from hub.domain.backup_note import BackupKind, BackupState
from hub.domain.bank import Bank
from hub.domain.clock import FixedClock
from hub.services.backups import noting
from hub.services.log_heads import signing
from hub.services.notifications import outgoing_mail
from hub.services.operating.heartbeats import Heartbeat
from hub.web import operating_metrics
from hub.wiring import Hub
from tests.mail.server import KeptMail
from tests.services.conftest import banks, hub, made_ready, open_case, simulated
from tests.watch.prometheus import Scrape, fires_exactly, scrape_of

__all__ = ["banks", "hub", "made_ready", "open_case", "simulated"]

ROOMY = 10**12


@dataclass
class Watched:
    """A hub that Prometheus asks: first while all is well, then after the fault."""

    hub: Hub
    clock: FixedClock
    app: Flask
    folder: Path
    # The machine's clock, by which workers and those who hold mails go.
    machine: FixedClock
    mail: KeptMail = field(default_factory=KeptMail)
    _before: Scrape = field(init=False)

    def __post_init__(self) -> None:
        self.worker = Heartbeat(self.hub, self.machine, lambda: "slot-1")
        self.worker.beat()
        self.look()

    def look(self) -> None:
        """How it is now is how it was before the fault that is still to come, or goes on."""
        self._before = scrape_of(self.app)

    def work(self) -> None:
        """What a worker and a night do is done, but for jobs: mails are out, heads signed, a backup is tried."""
        outgoing_mail.send_due(self.hub, self.mail, self.machine)
        signing.sign_due(self.hub)
        self.worker.beat()
        self.back_up(BackupState.DRILLED)

    def back_up(self, state: BackupState, kind: BackupKind = BackupKind.WHOLE) -> None:
        """A backup of now is on record."""
        with self.hub.writing(HUB) as tx:
            noting.note_made(tx, kind, state, at=self.machine.at, size=None)

    def later(self, by: timedelta) -> None:
        """By the hub's clock and the machine's."""
        self.clock.at += by
        self.machine.at += by

    def raises(self, *alarms: str) -> None:
        """These alarms fire for what is just now, and no other."""
        assert fires_exactly(alarms, self._before, scrape_of(self.app), self.folder) == ""

    def raises_when(self, after: Scrape, *alarms: str) -> None:
        """The same for what was scraped elsewhere."""
        assert fires_exactly(alarms, self._before, after, self.folder) == ""


@pytest.fixture
def watched(hub: Hub, banks: dict[str, Bank], clock: FixedClock, tmp_path: Path) -> Iterator[Watched]:
    """A hub that is well, on a disk with room."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(operating_metrics, "KEPT_S", 0.0)
        patched.setattr(operating_metrics, "_LOG_KEPT_S", 0.0)
        patched.setattr(hub.store, "free_bytes", lambda: ROOMY)
        # How long a request takes on a machine that is shared is no fault of the hub's.
        patched.setattr(time, "perf_counter", lambda: 0.0)
        hub.real_clock = machine = FixedClock(hub.real_clock.now())
        yield Watched(hub=hub, clock=clock, app=create_app(hub), folder=tmp_path, machine=machine)
