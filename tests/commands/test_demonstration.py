"""Demo data by the command line."""

import subprocess
import sys

import pytest

from tests.commands.conftest import RunHub

_WORKING = "import logging, hub.__main__; logging.getLogger('hub.services.delivery').error('delivery given up')"


def test_what_is_noted_at_work_is_not_said_by_a_command() -> None:
    command = subprocess.run([sys.executable, "-c", _WORKING], capture_output=True, text=True, check=True, timeout=60)
    assert (command.stdout, command.stderr) == ("", "")


@pytest.mark.slow
def test_demo_data_fill_an_empty_hub_once_and_are_sound(run_hub: RunHub) -> None:
    first = run_hub("demo")
    assert (first.status, first.error) == (0, "")
    banks = run_hub("bank", "list", "--json").json
    assert len(banks) == 4
    clocks = run_hub("sla", "report", "--json").json
    assert clocks
    assert run_hub("check", "--all").status == 0
    assert run_hub("log", "verify").status == 0

    again = run_hub("demo")
    assert (again.status, again.error) == (0, "")
    assert run_hub("bank", "list", "--json").json == banks
    assert run_hub("sla", "report", "--json").json == clocks
