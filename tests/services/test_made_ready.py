"""What tests begin with is made once a process: a hub with the same banks is given a copy of it."""

import shutil
from contextlib import closing
from pathlib import Path

import pytest

from hub.domain.actor import HUB
from hub.domain.client import Client
from hub.domain.clock import FixedClock
from hub.settings import Settings
from hub.wiring import Hub
from storage import banks as bank_rows
from tests.applications import ICBC
from tests.conftest import SECRET, START, Submitted
from tests.services.made_ready import MadeReady

PLAIN = {"hotline": "95588"}
CLIENT = Client(id="1", name="app", scopes=frozenset(), bank_code=None)


@pytest.mark.parametrize(
    ("second", "times"), [(PLAIN, 1), ({"hotline": "95599"}, 2), ({**PLAIN, "secret": "of-this-bank-alone"}, 2)]
)
def test_only_a_hub_that_differs_is_made_anew(
    migrated_file: Path, tmp_path: Path, second: dict[str, str], times: int
) -> None:
    ready = MadeReady(tmp_path)
    made: list[Path] = []

    def begin(home: Path, settings: dict[str, str]) -> None:
        (home / "evidence").mkdir(parents=True)
        given = Settings(
            home=home,
            database_url=f"sqlite:///{shutil.copy(migrated_file, home / 'hub.db')}",
            evidence_url=f"file://{home / 'evidence'}",
            secret_keys=SECRET,
        )
        with closing(Hub(given, clock=FixedClock(START))) as hub:
            with hub.writing(HUB) as tx:
                bank_rows.add_bank(
                    tx,
                    code=ICBC,
                    name_zh="工行",
                    name_en="ICBC",
                    adapter="portal",
                    settings=settings,
                    secret={"secret"},
                )
            ready.copied_or_made(home, lambda: make(home), ICBC)

    def make(home: Path) -> Submitted:
        made.append(home)
        return Submitted(id="1", client=CLIENT, negotiations={}, evidence=[])

    begin(tmp_path / "first", PLAIN)
    begin(tmp_path / "second", second)
    assert len(made) == times
