"""Clocks of hosts that share a database, two minutes apart."""

import time

import pytest

from hub import health
from hub.findings import Part, State
from hub.wiring import Hub
from storage import clock_skew


@pytest.mark.parametrize("off_s", [-120.0, 0.0, 120.0])
def test_a_machine_learns_how_far_its_clock_is_from_the_databases(hub: Hub, off_s: float) -> None:
    with hub.database.reading() as session:
        ahead_s = clock_skew.database_ahead_s(session, lambda: time.time() + off_s)
    # A file has no clock of its own. The question itself takes a while on a busy machine.
    assert abs(ahead_s + (0.0 if hub.database.on_sqlite else off_s)) < 5.0


@pytest.mark.parametrize(("ahead_s", "way"), [(120.0, "ahead of"), (-120.0, "behind")])
def test_the_doctor_says_how_far_and_what_to_do(
    hub: Hub, monkeypatch: pytest.MonkeyPatch, ahead_s: float, way: str
) -> None:
    assert health.look(hub, Part.DATABASE).state == State.FINE
    monkeypatch.setattr(clock_skew, "database_ahead_s", lambda _session: ahead_s)
    found = health.look(hub, Part.DATABASE)
    assert (found.state, found.code) == (State.WARNING, "clocks_apart")
    assert f"its clock is 120 s {way} this machine's" in found.detail
