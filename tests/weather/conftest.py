"""Hubs that serve from a process of their own, and the fixtures of other rooms that these tests stand on."""

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import pytest

from tests.services.conftest import made_ready, open_case, set_rules
from tests.storage.s3_server import s3_server
from tests.weather.serving import ServedHub

__all__ = ["made_ready", "open_case", "s3_server", "set_rules"]


class Serve(Protocol):
    """Starts a hub: `serve(HUB_...=...)`."""

    def __call__(self, **variables: str) -> ServedHub: ...


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    """A way to have a hub that serves; whatever still runs is killed at the end."""
    started: list[ServedHub] = []

    def start(**variables: str) -> ServedHub:
        folder = tmp_path / f"served-{len(started)}"
        folder.mkdir(exist_ok=True)
        started.append(ServedHub(folder, variables))
        started[-1].require_address()
        return started[-1]

    yield start
    for each in started:
        each.kill()
