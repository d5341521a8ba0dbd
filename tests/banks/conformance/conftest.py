"""Sound banks, and a way to examine them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from hub.banks.conformance.examining import examined
from hub.banks.conformance.report import Check
from tests.banks.conformance.trials import hub_of, started, trial_of
from tests.banks.joined import FAR, FarBank
from tests.storage.postgres_server import free_port


@pytest.fixture
def port() -> int:
    """Where the temporary door is."""
    return free_port()


@pytest.fixture(params=FAR)
def far(request: pytest.FixtureRequest, port: int, tmp_path: Path) -> Iterator[FarBank]:
    """A sound bank, once of each kind; it acknowledges and offers."""
    with started(request.param, port, tmp_path) as made:
        yield made


@pytest.fixture
def examine(sqlite_database: str, tmp_path: Path, port: int) -> Iterator[Callable[..., list[Check]]]:
    """A way to examine a bank; what is said is waited for unless `listens` is False."""
    with ExitStack() as stack:

        def run(far: FarBank, *, listens: bool = True, wait_s: float = 20.0, **settings: str) -> list[Check]:
            hub, bank = stack.enter_context(hub_of(far, tmp_path, sqlite_database, **settings))
            trial = trial_of(hub, bank, hub_url=f"http://127.0.0.1:{port}", wait_s=wait_s if listens else None)
            where = port if listens else None
            return list(examined(trial, port=where, host="127.0.0.1", opened=lambda door: None))

        yield run


@pytest.fixture
def webhook(port: int, tmp_path: Path) -> Iterator[FarBank]:
    with started("webhook", port, tmp_path) as made:
        yield made
