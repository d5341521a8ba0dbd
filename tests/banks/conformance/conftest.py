"""Sound banks, and a way to examine them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from hub.banks.conformance.examining import examined
from hub.banks.conformance.listening import Door
from hub.banks.conformance.report import Check
from hub.banks.conformance.sftp_answers import Answers
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
def examine(
    sqlite_database: str, tmp_path: Path, port: int, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., list[Check]]]:
    """A way to examine a bank; what is said is waited for unless `listens` is False.

    The wait ends when the bank has said all it has to say, and what `says` says; no time passes for its own sake.
    """
    with ExitStack() as stack:

        def run(
            far: FarBank,
            *,
            listens: bool = True,
            says: Callable[[], object] = lambda: None,
            **settings: str,
        ) -> list[Check]:
            def all_is_said(*_: object) -> None:
                far.desk.events.join()

            def said_and_all_is_said(*_: object) -> None:
                says()
                all_is_said()

            def then_looks(awaited: Callable[[], None]) -> Callable[[Answers], None]:
                def run(answers: Answers) -> None:
                    awaited()
                    answers._look()

                return run

            monkeypatch.setattr(Door, "wait", said_and_all_is_said)
            monkeypatch.setattr(Door, "settle", all_is_said)
            monkeypatch.setattr(Answers, "_wait", then_looks(said_and_all_is_said))
            monkeypatch.setattr(Answers, "settle", then_looks(all_is_said))
            hub, bank = stack.enter_context(hub_of(far, tmp_path, sqlite_database, **settings))
            trial = trial_of(hub, bank, hub_url=f"http://127.0.0.1:{port}", wait_s=20.0 if listens else None)
            where = port if listens else None
            return list(examined(trial, port=where, host="127.0.0.1", opened=lambda door: None))

        yield run


@pytest.fixture
def webhook(port: int, tmp_path: Path) -> Iterator[FarBank]:
    with started("webhook", port, tmp_path) as made:
        yield made
