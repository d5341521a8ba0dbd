"""Chance does what people, banks, workers and clocks can do; after each deed the hub stands where the contract says.

`TEST_MACHINE=long` goes on for ten minutes with seeds of its own, `TEST_MACHINE=<seed>` repeats one of them.
"""

import functools
import os
import secrets
import sys
import time
from collections.abc import Callable
from pathlib import Path

import hypothesis
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

from tests.services.machine.machine import NegotiationMachine

WANTED = os.environ.get("TEST_MACHINE", "")
LONG_S = 600
_SHORT = settings(
    max_examples=settings().max_examples // 4,
    stateful_step_count=30,
    deadline=None,
    # What fails is named by its draws; to make it smaller takes an hour and gigabytes.
    phases=[Phase.generate],
    derandomize=not WANTED,
    database=None,
    print_blob=False,
    suppress_health_check=list(HealthCheck),
)
# Files that are synced to nothing but memory make each deed many times quicker.
_MEMORY = Path("/dev/shm")


def _run(template: Path, chosen: settings, seed: int | None = None) -> None:
    folder = _MEMORY if os.access(_MEMORY, os.W_OK) else None
    make: Callable[[], RuleBasedStateMachine] = functools.partial(NegotiationMachine, template, folder)
    if seed is not None:
        make = hypothesis.seed(seed)(make)
    # A function that makes machines does as well as their class.
    run_state_machine_as_test(make, settings=chosen)  # type: ignore[arg-type]


@pytest.mark.long
@pytest.mark.skipif(bool(WANTED), reason="TEST_MACHINE asks for another run")
def test_whatever_happens_the_hub_stands_where_the_contract_says(migrated_file: Path) -> None:
    _run(migrated_file, _SHORT)


@pytest.mark.slow
@pytest.mark.skipif(not WANTED, reason="asked for by TEST_MACHINE=long or a seed")
def test_whatever_happens_for_long_the_hub_stands_where_the_contract_says(migrated_file: Path) -> None:
    chosen = settings(_SHORT, stateful_step_count=50)
    if WANTED != "long":
        _run(migrated_file, chosen, int(WANTED))
        return
    until = time.monotonic() + LONG_S
    while time.monotonic() < until:
        seed = secrets.randbelow(2**32)
        sys.stderr.write(f"TEST_MACHINE={seed}\n")
        _run(migrated_file, chosen, seed)
