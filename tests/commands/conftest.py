"""The `hub` command, called in a home of the test's own that is up to date already."""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from hub.__main__ import main
from hub.domain.client import Client
from hub.settings import Settings
from hub.wiring import Hub, hub_from_environment
from tests import applications
from tests.commands.processes import Process, StartHub
from tests.conftest import Submit, Submitted

SECRET = "a-secret-of-the-commands-that-is-long-enough-to-be-one"


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandResult:
    """What a command said, and the status it ended with."""

    status: int
    out: str
    error: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


RunHub = Callable[..., CommandResult]


@pytest.fixture
def home(tmp_path: Path, migrated_file: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home with an empty database; the environment names it, and no other HUB_ variable."""
    for name in [name for name in os.environ if name.startswith("HUB_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    made = tmp_path / "home"
    made.mkdir(mode=0o700)
    shutil.copy(migrated_file, made / "hub.db")
    monkeypatch.setenv("HUB_HOME", str(made))
    monkeypatch.setenv("HUB_SECRET_KEYS", SECRET)
    return made


@pytest.fixture
def run_hub(home: Path) -> RunHub:
    """A way to call a command: `run_hub("bank", "list", "--json")`; anything but a clean end comes out of it."""

    def run(*words: str) -> CommandResult:
        result = CliRunner().invoke(main, list(words))
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return CommandResult(status=result.exit_code, out=result.stdout, error=result.stderr)

    return run


@pytest.fixture
def settings(home: Path) -> Settings:
    """The settings that the commands read, so that fixtures fill the same hub."""
    return hub_from_environment().settings


@pytest.fixture
def hub(home: Path) -> Iterator[Hub]:
    """The hub that the commands open, as they open it."""
    made = hub_from_environment()
    made.require_up_to_date()
    yield made
    made.close()


@pytest.fixture
def submitted(hub: Hub, submitted: Submit) -> Submit:
    """The same of an application as it is sent now, since the hub of commands goes by the machine's clock."""

    def submit(*bank_codes: str, client: Client | None = None, files: int = 1, **changes: Any) -> Submitted:
        today = applications.of_today(applications.application(*bank_codes), hub.clock.now())
        own = {"proposal": today["proposal"], "consents": today["consents"], **changes}
        return submitted(*bank_codes, client=client, files=files, **own)

    return submit


@pytest.fixture
def start_hub(home: Path, tmp_path: Path) -> Iterator[StartHub]:
    """A way to start a command that goes on; whatever still runs is killed at the end."""
    started: list[Process] = []

    def start(*words: str) -> Process:
        started.append(Process(tmp_path, words))
        return started[-1]

    yield start
    for each in started:
        if each.runs:
            each.kill()
